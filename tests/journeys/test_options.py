"""The options of a connection, by the keyboard and as an assistive technology sees them."""

from __future__ import annotations

from tests.journeys.keyboard import press
from tests.journeys.program import Program, connect, serving, started
from tests.journeys.screen import BUTTON, TEXT, TOGGLE, Widget, until
from tests.journeys.test_accessibility import OWN_LISTS, nameless, repeating


def options(program: Program, window: Widget) -> Widget:
    """The window of options, opened by its key."""
    window.find(BUTTON, "Options")
    press("Alt_L", "o")
    others = until(lambda: [one for one in program.windows() if one != window], "the options")
    return others[0]


def test_options_are_opened_filled_in_and_closed_by_the_keyboard_and_hold() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        window.find(TEXT, "Address").write(f"{url}/echo")
        dialog = options(program, window)
        dialog.find(BUTTON, "Add headers").press()
        name = dialog.find(TEXT, "Name")
        until(lambda: name.has_cursor, "the cursor in the name")
        for character in "xfoo":
            press(character)
        press("Tab")
        for character in "bar":
            press(character)
        until(lambda: dialog.find(TEXT, "Value").text == "bar", "the value")
        assert dialog.find(TEXT, "Name").text == "xfoo"
        press("Escape")
        until(lambda: program.windows() == [window], "the first screen")
        window.reads("1 header")
        connect(window, f"{url}/echo")
        window.reads("Connected")


def test_a_mistake_is_said_and_keeps_from_connecting() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        window.find(TEXT, "Address").write(f"{url}/echo")
        dialog = options(program, window)
        dialog.find(BUTTON, "Add headers").press()
        dialog.find(TEXT, "Name").write("two words")
        dialog.reads("“two words” is not a valid header name.")
        press("Escape")
        until(lambda: program.windows() == [window], "the first screen")
        window.find(BUTTON, "Connect").press()
        others = until(lambda: [one for one in program.windows() if one != window], "the options")
        others[0].reads("“two words” is not a valid header name.")


TAB = TOGGLE | frozenset(("tab", "page tab", "radio button"))
_SPIN = frozenset(("spin button",))


# Two of each kind of row; the window's own tests look at all pages.
_PAGES = {"Request": "Headers", "Connection": "Connect timeout"}


def test_the_rows_of_the_options_have_names() -> None:
    with started() as program:
        dialog = options(program, program.window())
        dialog.find(BUTTON, "Add headers").press()
        for page, shown in _PAGES.items():
            tabs = (one for one in dialog.everything() if one.role in TAB)
            next(one for one in tabs if one.name == page).press()
            dialog.reads(shown)
            assert [one for one in nameless(dialog) if one not in OWN_LISTS] == []
        # The hidden pages are there too by now.
        assert list(repeating(dialog)) == []
        spins = [one for one in dialog.everything() if one.role in _SPIN]
        assert all(one.name and not one.name.startswith("Gtk") for one in spins)
