"""The running program as an assistive technology sees it: widgets with roles and names."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 15.0  # seconds; a journey that needs them all has failed

T = TypeVar("T")

_IN_WINDOW = Atspi.CoordType.WINDOW
_WITHOUT_PARTS = frozenset(("label", "scroll bar", "image", "separator"))

# Newer versions of AT-SPI say “button”.
BUTTON = frozenset(("push button", "button", "toggle button"))
TEXT = frozenset(("text", "entry", "text box"))
LABEL = frozenset(("label", "status bar", "status", "statusbar", "alert", "notification", "timer"))
ITEM = frozenset(("menu item", "check menu item", "radio menu item"))
TOGGLE = frozenset(("toggle button", "check box", "radio button", "switch"))
COMBO = frozenset(("combo box",))
ROW = frozenset(("list item", "table row"))
LIST = frozenset(("list", "list box", "tree", "table"))


def until(condition: Callable[[], T | None], what: str = "", within: float = PATIENCE) -> T:
    """Look again and again until `condition` gives something; fails the test if it never does."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, f"never seen: {what or condition}"
        time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Widget:
    """One widget of a running program."""

    accessible: Atspi.Accessible
    window: Atspi.Accessible

    @property
    def role(self) -> str:
        return str(self.accessible.get_role_name())

    @property
    def name(self) -> str:
        return str(self.accessible.get_name())

    @property
    def description(self) -> str:
        return str(self.accessible.get_description())

    @property
    def said(self) -> str:
        """What a label says; newer versions of GTK name those by it that have no special role."""
        name = self.name
        return name if name or self.accessible.get_text_iface() is None else self.text

    @property
    def text(self) -> str:
        """What stands in a text field."""
        length = Atspi.Text.get_character_count(self.accessible)
        return str(Atspi.Text.get_text(self.accessible, 0, length))

    @property
    def top(self) -> int:
        """Where its upper edge is, in pixels from the window's."""
        return int(Atspi.Component.get_extents(self.accessible, _IN_WINDOW).y)

    @property
    def is_placed(self) -> bool:
        """Whether it has had a place on the screen, be it before its page was hidden."""
        try:
            place = Atspi.Component.get_extents(self.accessible, _IN_WINDOW)
        except GLib.Error:
            return True  # a page of a stack is no widget
        return bool(place.width > 0 and place.height > 0)

    @property
    def is_shown(self) -> bool:
        """Whether it is seen: a click at its middle would reach it, or what it lies in or holds.

        GTK 4.8 calls everything visible, hidden pages too, so the place is asked; newer versions
        tell, but find less at a place.
        """
        if _tells_what_is_shown(self.accessible):
            return self.has(Atspi.StateType.SHOWING)
        place = Atspi.Component.get_extents(self.accessible, _IN_WINDOW)
        if place.width <= 0 or place.height <= 0:
            return False
        x, y = place.x + place.width // 2, place.y + place.height // 2
        hit = Atspi.Component.get_accessible_at_point(self.window, x, y, _IN_WINDOW)
        # None is a part without a role, as the picture in a button.
        return hit is None or self.accessible in _line(hit) or hit in _line(self.accessible)

    def has(self, state: Atspi.StateType) -> bool:
        return bool(self.accessible.get_state_set().contains(state))

    @property
    def has_cursor(self) -> bool:
        """Whether keys go there."""
        return self.has(Atspi.StateType.FOCUSED)

    @property
    def is_on(self) -> bool:
        """Whether a switch is on."""
        return self.has(Atspi.StateType.CHECKED)

    def press(self) -> None:
        """Do what a click, or Enter in a field, does."""
        until(lambda: self.has(Atspi.StateType.SENSITIVE), f"{self.name} that can be pressed")
        assert Atspi.Action.do_action(self.accessible, 0), f"{self.name} does nothing"

    def write(self, text: str) -> None:
        """Put text into a field, in place of what stands there."""
        assert Atspi.EditableText.set_text_contents(self.accessible, text)

    def children(self) -> list[Widget]:
        count = self.accessible.get_child_count()
        found = (self.accessible.get_child_at_index(place) for place in range(count))
        return [Widget(child, self.window) for child in found if child is not None]

    def everything(self) -> Iterator[Widget]:
        """All widgets below this one, those of hidden pages too; what is in lists comes last."""
        seen = {self.accessible}  # GTK 4.8 lists the pages of a stack twice
        waiting, lists = [self], list[Widget]()
        while waiting or lists:
            # A list has a thousand widgets, and to look at them takes seconds.
            for child in (waiting or lists).pop().children():
                if child.accessible not in seen and child.is_placed:
                    seen.add(child.accessible)
                    yield child
                    if child.role in LIST:
                        lists.append(child)
                    elif child.role not in _WITHOUT_PARTS:
                        waiting.append(child)

    def look(self, roles: frozenset[str], name: str) -> Widget | None:
        """The widget with this role and name, if it is on the screen now."""
        try:
            for one in self.everything():
                if one.role in roles and one.name == name and one.is_shown:
                    return one
        except GLib.Error:
            pass  # it went away while it was looked at
        return None

    def find(self, roles: frozenset[str], name: str) -> Widget:
        """The widget with this role and name, when it is on the screen."""
        return until(lambda: self.look(roles, name), f"{min(roles)} “{name}”")

    def says(self, words: str) -> int:
        """How many labels on the screen say just this."""
        try:
            return sum(1 for _label in self._labels(lambda said: said == words))
        except GLib.Error:
            return 0  # it went away while it was looked at

    def reads(self, words: str) -> str:
        """Wait for a label that says `words`, or more; returns what it says."""
        return until(lambda: self._first(lambda said: words in said), f"“{words}”")

    def _first(self, fits: Callable[[str], bool]) -> str:
        try:
            return next((one.said for one in self._labels(fits)), "")
        except GLib.Error:
            return ""  # it went away while it was looked at

    def _labels(self, fits: Callable[[str], bool]) -> Iterator[Widget]:
        for one in self.everything():
            if one.role in LABEL and fits(one.said) and one.is_shown:
                yield one


def menu_item(window: Widget, name: str, names: Sequence[str]) -> Widget | None:
    """The item of the open menu with this name, if it is on the screen now.

    Newer versions of GTK keep the names of items to themselves: there it is known by its place
    among `names`, those of all items from the top.
    """
    try:
        found = [one for one in window.everything() if one.role in ITEM and one.is_shown]
        named = {one.name: one for one in found if one.name}
        if named or len(found) != len(names):
            return named.get(name)
        return sorted(found, key=lambda one: one.top)[names.index(name)]
    except GLib.Error:
        return None  # it went away while it was looked at


def windows(process: int) -> list[Widget]:
    """The open windows of a process."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    found: list[Widget] = []
    with contextlib.suppress(GLib.Error):  # of a program that has just ended
        for application in _children(desktop):
            if application.get_process_id() == process:
                application.set_cache_mask(Atspi.Cache.NONE)
                found += [Widget(window, window) for window in _children(application)]
    return found


def _children(of: Atspi.Accessible) -> list[Atspi.Accessible]:
    found = (of.get_child_at_index(place) for place in range(of.get_child_count()))
    return [child for child in found if child is not None]


def _tells_what_is_shown(one: Atspi.Accessible) -> bool:
    application = one.get_application()
    version = str(application.get_toolkit_version() or "4.8").split(".")
    return [int(part) for part in version[:2]] >= [4, 14]


def _line(of: Atspi.Accessible) -> list[Atspi.Accessible]:
    """A widget and all that it lies in."""
    line: list[Atspi.Accessible] = []
    one: Atspi.Accessible | None = of
    while one is not None and len(line) < 50:
        line.append(one)
        one = one.get_parent()
    return line
