"""What a person does with the rows of the timeline, by the keyboard and a screen reader."""

from __future__ import annotations

from tests.journeys.keyboard import CONTROL, SHIFT, press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, Widget, until


def row(window: Widget, begin: str, end: str) -> Widget:
    """The row whose name begins and ends so."""

    def look() -> Widget | None:
        for one in window.everything():
            if one.role == "list item" and one.name.startswith(begin) and one.name.endswith(end):
                return one
        return None

    return until(look, f"a row “{begin} … {end}”")


def select_last(window: Widget, begin: str, end: str) -> None:
    """Go from the composer to the rows, and to the last of them, by the keyboard."""
    row(window, begin, end)
    for _step in range(20):
        press(SHIFT, "Tab")
        if any(one.role == "list item" and one.has_cursor for one in window.everything()):
            press("End")
            until(lambda: row(window, begin, end).has_cursor, "the last row with the focus")
            return
    raise AssertionError("the focus never came to the rows")


def test_a_message_is_edited_and_sent_again_in_two_actions() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        say(window, "hello")
        select_last(window, "Received text, ", ", 5 bytes, hello")
        press("Menu")
        press("Return")  # Edit and Resend
        press("x")
        press("Return")
        row(window, "Received text, ", ", 6 bytes, hellox")


def test_several_rows_are_selected_and_copied() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        say(window, "hello")
        select_last(window, "Received text, ", ", 5 bytes, hello")
        press(SHIFT, "Up")
        window.reads("2 entries selected")
        press(CONTROL, "c")
        window.reads("Copied 2 entries")
        press("Delete")
        window.reads("2 entries removed from this view")


def test_recordings_and_their_buttons_have_names() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        say(window, "hello")
        press(CONTROL, SHIFT, "r")
        recordings = program.window(1)
        found = until(lambda: named(recordings), "a row with a name")
        name = found.name.partition(", ")[0]
        assert "entr" in found.name  # an entry, or entries
        recordings.find(BUTTON, f"Star {name}")
        recordings.find(BUTTON, f"Actions for {name}")


def named(window: Widget) -> Widget | None:
    """The first row of a list."""
    rows = (one for one in window.everything() if one.role == "list item")
    return next((one for one in rows if one.name), None)
