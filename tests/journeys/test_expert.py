"""Whatever goes over the wire, on purpose, from the keyboard and by name."""

from __future__ import annotations

from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import Program, connect, serving, started
from tests.journeys.screen import BUTTON, Widget, menu_item, until
from tests.journeys.test_accessibility import OWN_LISTS, nameless, repeating

# From the top.
MENU = (
    "Ping…",
    "Answer Pings",
    "Reconnect Automatically",
    "Send in Fragments…",
    "Raw Frame…",
    "Close with Code…",
    "Handshake…",
    "Go To…",
    "Calls…",
    "Star Entry",
    "Add Note",
    "Hide Entries Like This",
    "Hide Pings and Pongs",
    "Columns",
    "Pin to the Chart",
    "Decoding…",
    "Pause the Display",
    "Clear the Timeline",
    "Save Connection…",
    "Save Recording As…",
    "Export…",
    "Make a Scenario…",
    "Replay…",
    "Play as Server",
)


def choose(program: Program, window: Widget, item: str) -> Widget:
    """Choose an item of the menu; gives the dialog that it leads to."""
    press(CONTROL, "e")
    until(lambda: shown_item(window, item), item).press()
    return until(lambda: [one for one in program.windows() if one != window], item)[0]


def shown_item(window: Widget, name: str) -> Widget | None:
    """The item of the open menu."""
    return menu_item(window, name, MENU)


# Each dialog, and the button that it is for.
DIALOGS = {
    "Ping…": "Send",
    "Send in Fragments…": "Send",
    "Raw Frame…": "Send",
    "Close with Code…": "Disconnect",
    "Handshake…": "Copy report",
}


def test_each_dialog_can_be_used_by_name_and_left_with_escape() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        for item, button in DIALOGS.items():
            dialog = choose(program, window, item)
            dialog.find(BUTTON, button)
            assert [one for one in nameless(dialog) if one not in OWN_LISTS] == []
            assert list(repeating(dialog)) == []
            press("Escape")
            until(lambda: len(program.windows()) == 1, "the dialog closed")


def test_a_ping_is_sent_from_the_keyboard() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        dialog = choose(program, window, "Ping…")
        dialog.find(BUTTON, "Send")
        press("h")
        press("i")
        dialog.reads("2 of 125 bytes")
        press("Return")
        window.reads(" ms")


def test_raw_frames_are_sent_one_after_the_other() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        editor = choose(program, window, "Raw Frame…")
        for _ in range(2):
            editor.find(BUTTON, "Send").press()
            editor.reads("Sent: FIN opcode 1 (text), masked, 0 bytes.")
        until(lambda: window.says("Sent a raw frame: FIN opcode 1 (text), masked, 0 bytes") == 2)
