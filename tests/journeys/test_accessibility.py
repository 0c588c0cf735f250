"""Everything that can be used has a name to be called by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, repeat

import pytest

from spacebeam import __version__
from tests.journeys.keyboard import press
from tests.journeys.program import connect, serving, started
from tests.journeys.screen import BUTTON, COMBO, ITEM, LIST, ROW, TEXT, TOGGLE, Widget, until

_USED = BUTTON | COMBO | LIST | TEXT | TOGGLE

# Parts of GTK's and libadwaita's own: what opens a drop-down, and what closes a tab.
_TOOLKITS = {"GtkToggleButton", "GtkImage"}
# Lists of libadwaita's own: a group's rows, and what a choice opens.
OWN_LISTS = {"list “GtkListBox”", "list “GtkListView”", "list “”"}


def nameless(window: Widget) -> Iterator[str]:
    """What can be used and has no name; GTK gives those the name of their class."""
    for one in window.everything():
        if one.role in _USED and one.name not in _TOOLKITS and one.is_shown:
            is_class = one.name.startswith(("Gtk", "Adw", "Spacebeam"))
            if not one.name.strip() or is_class:
                yield f"{one.role} “{one.name}”"


def repeating(window: Widget) -> Iterator[str]:
    """What is read out twice."""
    for one in window.everything():
        half = len(one.name) // 2
        if one.role in _USED and half and one.name[:half] == one.name[half + 1 :]:
            yield one.name


def test_everything_that_can_be_used_has_a_name() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        window.find(BUTTON, "Connect")
        assert list(nameless(window)) == []
        assert list(repeating(window)) == []
        connect(window, f"{url}/nowhere")
        window.reads("404")
        assert list(nameless(window)) == []
        connect(window, f"{url}/echo")
        window.reads("Connected")
        assert list(nameless(window)) == []
        assert list(repeating(window)) == []
        # Which of them comes first differs between versions of GTK.
        passed = list(walk(window, BUTTON, "Message tools", "Tab"))
        passed += walk(window, ROW, ", Connected to ", "Shift_L", "Tab")
        assert any(one.name in ("Text", *_TOOLKITS) for one in passed)  # the message's format
        press("space")
        window.find(TEXT, "Payload")
        assert list(nameless(window)) == []


def walk(window: Widget, roles: frozenset[str], words: str, *keys: str) -> Iterator[Widget]:
    """Press the keys until the cursor is on a widget with this role and these words in its name.

    Yields the widgets on the way.
    """
    at = until(partial(focused, window), "the cursor")
    for _step in range(40):
        press(*keys)
        at = until(partial(focused, window, at), f"the cursor behind “{at.name}”")
        yield at
        if at.role in roles and words in at.name:
            return
    raise AssertionError(f"“{words}” is not reached with the keyboard")


def focused(window: Widget, but: Widget | None = None) -> Widget | None:
    """The widget that keys go to, if it is another one than before."""
    found = next((one for one in window.everything() if one.has_cursor), None)
    is_same = found is not None and but is not None and found.accessible == but.accessible
    return None if is_same else found


# From the top.
MENU = (
    "New Tab",
    "New Window",
    "Tab",
    "Restore Tabs at Start",
    "Connect Again at Start",
    "Open…",
    "New Scenario",
    "Import…",
    "Recordings…",
    "Environments…",
    "Help",
    "Keyboard Shortcuts",
    "Log",
    "About Spacebeam",
)


@pytest.mark.parametrize(
    ("item", "shown"),
    [("About Spacebeam", __version__), ("Keyboard Shortcuts", "Write a message")],
)
def test_the_menu_leads_to_what_it_says(item: str, shown: str) -> None:
    with started() as program:
        window = program.window()
        window.find(BUTTON, "Connect")
        press("F10")
        until(lambda: items(window).get(item), item).press()
        other = until(lambda: [one for one in program.windows() if one != window], item)[0]
        until(lambda: any(shown in one.name for one in other.everything()), shown)


def items(window: Widget) -> dict[str, Widget]:
    """The items of the menu that is open. GTK 4.18 keeps their names to itself: there they are
    known by their place."""
    found = [one for one in window.everything() if one.role in ITEM]
    ordered = sorted(found, key=lambda one: one.top)
    names = chain(MENU, repeat(""))  # those of submenus have none there
    return {one.name or name: one for one, name in zip(ordered, names, strict=False)}
