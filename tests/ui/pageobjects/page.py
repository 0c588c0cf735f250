"""The base of all page objects: finds widgets below a widget, and uses them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Generic, TypeVar

from gi.repository import Gio, Gtk

from tests.support.waiting import eventually
from tests.ui.doing import button, click, descendants, words

W_co = TypeVar("W_co", bound=Gtk.Widget, covariant=True)
C = TypeVar("C", bound=Gtk.Widget)
D = TypeVar("D", bound=Gtk.Window)


def children(widget: Gtk.Widget) -> Iterator[Gtk.Widget]:
    """Yield the widgets directly below a widget."""
    found = widget.get_first_child()
    while found is not None:
        yield found
        found = found.get_next_sibling()


def child(inside: Gtk.Widget, name: str, kind: type[C]) -> C:
    """Return the nearest widget below `inside` whose id in its template is `name`."""
    level = list(children(inside))
    while level:
        for widget in level:
            if isinstance(widget, kind) and Gtk.Buildable.get_buildable_id(widget) == name:
                return widget
        level = [below for widget in level for below in children(widget)]
    raise AssertionError(f"{inside} has no {kind.__name__} with the id {name}")


def focus_of(widget: Gtk.Widget) -> Gtk.Widget | None:
    """Return the widget with the keyboard focus in the window of `widget`."""
    root = widget.get_root()
    return root.get_focus() if isinstance(root, Gtk.Window) else None


def has_focus(widget: Gtk.Widget) -> bool:
    """Return whether the keyboard focus is on `widget` or below it."""
    focus = focus_of(widget)
    return focus is not None and (focus is widget or focus.is_ancestor(widget))


def find_dialog(parent: Gtk.Root | None, kind: type[D]) -> D | None:
    """Return the visible dialog of a class above a window."""
    every = Gtk.Window.list_toplevels()
    found = (one for one in every if isinstance(one, kind) and one.get_mapped())
    return next((one for one in found if one.get_transient_for() is parent), None)


async def dialog_of(parent: Gtk.Root | None, kind: type[D]) -> D:
    """Return the dialog of a class above a window; wait for it if there is none yet."""
    await eventually(lambda: find_dialog(parent, kind))
    dialog = find_dialog(parent, kind)
    assert dialog is not None
    return dialog


def menu_items(menu: Gio.MenuModel | None) -> dict[str, str]:
    """Return the action of each label in a menu, its sections and submenus."""
    assert menu is not None
    found: dict[str, str] = {}
    for place in range(menu.get_n_items()):
        links = (Gio.MENU_LINK_SECTION, Gio.MENU_LINK_SUBMENU)
        section = next(filter(None, (menu.get_item_link(place, one) for one in links)), None)
        if section is not None:
            found |= menu_items(section)
            continue
        label = menu.get_item_attribute_value(place, "label", None)
        action = menu.get_item_attribute_value(place, "action", None)
        assert label is not None
        assert action is not None
        found[label.get_string()] = action.get_string()
    return found


class Page(Generic[W_co]):
    """A widget as a person uses it."""

    def __init__(self, widget: W_co) -> None:
        self.widget = widget

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and other.widget is self.widget

    def __hash__(self) -> int:
        return hash(self.widget)

    def child(self, name: str, kind: type[C]) -> C:
        """Return the nearest widget below with this id in its template."""
        return child(self.widget, name, kind)

    # What is seen

    @property
    def is_shown(self) -> bool:
        """Whether it is on the screen."""
        return self.widget.get_mapped()

    @property
    def is_visible(self) -> bool:
        """Whether it is on the screen whenever what is around it is."""
        return self.widget.get_visible()

    @property
    def words(self) -> list[str]:
        """The texts of all visible labels."""
        return words(self.widget)

    @property
    def errors(self) -> list[str]:
        """The texts that are shown as errors."""
        labels = (one for one in descendants(self.widget, Gtk.Label) if one.get_mapped())
        return [one.get_text() for one in labels if one.has_css_class("error") and one.get_text()]

    def says(self, text: str) -> bool:
        """Return whether a visible label contains `text`."""
        return any(text in seen for seen in self.words)

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard focus is inside."""
        return has_focus(self.widget)

    @property
    def minimum_width(self) -> int:
        """The least width in pixels that it needs."""
        return self.widget.measure(Gtk.Orientation.HORIZONTAL, -1)[0]

    # What is done

    def button(self, label: str) -> Gtk.Button:
        """Return the visible button with this label or tooltip."""
        return button(self.widget, label)

    @property
    def buttons(self) -> list[str]:
        """The labels of the visible buttons that have one."""
        every = descendants(self.widget, Gtk.Button)
        return [label for one in every if one.get_mapped() and (label := one.get_label())]

    def shows_button(self, label: str) -> bool:
        """Return whether a button with this label or tooltip is visible."""
        every = (one for one in descendants(self.widget, Gtk.Button) if one.get_mapped())
        return any(label in (one.get_label(), one.get_tooltip_text()) for one in every)

    def offers(self, label: str) -> bool:
        """Return whether there is such a button and it can be pressed."""
        return self.shows_button(label) and self.button(label).is_sensitive()

    def press(self, label: str) -> None:
        """Click the visible button with this label or tooltip."""
        click(self.button(label))

    # Actions: a button or a menu's item with the action would look and do the same

    def do(self, action: str) -> None:
        """Activate an action, as its key or its item in a menu does."""
        self.widget.activate_action(action, None)

    def can(self, action: str) -> bool:
        """Return whether a button with this action could be pressed."""
        with self._added(Gtk.Button(action_name=action)) as probe:
            return probe.get_sensitive()

    def is_on(self, action: str) -> bool:
        """Return whether a toggle button with this action would be pressed."""
        with self._added(Gtk.ToggleButton(action_name=action)) as probe:
            return probe.get_active()

    @contextlib.contextmanager
    def _added(self, probe: C) -> Iterator[C]:
        """Add a widget inside for the length of a block."""
        window = self.widget.get_child() if isinstance(self.widget, Gtk.Window) else None
        probe.set_parent(window or self.widget)
        try:
            yield probe
        finally:
            probe.unparent()
