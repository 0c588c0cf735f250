"""Tabs and windows over a restart, a crash and a move, by keyboard."""

from __future__ import annotations

import signal

from spacebeam.library.window_state import default_folder
from tests.journeys.keyboard import CONTROL, SHIFT, press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, Widget, until


def confirm(program_windows: list[Widget], window: Widget, label: str) -> None:
    """Press a button of the question in front of a window."""
    question = next(one for one in program_windows if one != window)

    def buttons() -> list[Widget]:
        return [one for one in question.everything() if one.role in BUTTON and label in one.name]

    until(buttons, f"the button {label}")[0].press()


def test_after_a_kill_drafts_and_entries_are_there_and_reconnect_goes_on() -> None:
    with serving() as (url, _server):
        with started() as program:
            window = program.window()
            connect(window, f"{url}/echo")
            window.reads("Connected")
            say(window, "before the crash")
            until(lambda: window.says("before the crash") == 2, "the echo")
            window.find(TEXT, "Message").write("not sent yet")
            state = default_folder() / "windows.json"
            until(
                lambda: state.exists() and "not sent yet" in state.read_text(), "the draft on disk"
            )
            program.process.send_signal(signal.SIGKILL)
            program.process.wait()
        with started() as program:
            window = program.window()
            until(lambda: window.says("before the crash") == 2, "the entries of before")
            window.reads("Not connected")
            assert window.find(TEXT, "Message").text == "not sent yet"
            window.find(BUTTON, "Reconnect").press()
            window.reads("Connected")
            window.find(BUTTON, "Send").press()
            until(lambda: window.says("not sent yet") == 2, "the echo of the draft")


def test_a_tab_is_renamed_closed_and_reopened() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        press(CONTROL, "t")
        connect(window, f"{url}/echo")
        window.reads("Connected")
        say(window, "remember me")
        until(lambda: window.says("remember me") == 2, "the echo")
        press("F2")
        dialog = until(lambda: [one for one in program.windows() if one != window], "dialog")[0]
        dialog.find(TEXT, "Name").write("Prices")
        press("Return")
        until(lambda: program.windows() == [window], "the window alone")
        window.reads("Prices")
        press(CONTROL, "w")
        until(lambda: not window.says("remember me"), "the other tab")
        press(CONTROL, SHIFT, "t")
        until(lambda: window.says("remember me") == 2, "the closed tab")
        window.reads("Prices")


def test_a_live_tab_moves_to_its_own_window_and_goes_on() -> None:
    with serving() as (url, _server), started() as program:
        first = program.window()
        press(CONTROL, "t")
        connect(first, f"{url}/echo")
        first.reads("Connected")
        say(first, "before")
        until(lambda: first.says("before") == 2, "the echo")
        press(CONTROL, SHIFT, "n")
        until(lambda: len(program.windows()) == 2, "two windows")
        moved = until(
            lambda: next((one for one in program.windows() if one.says("before") == 2), None),
            "the conversation in a window of its own",
        )
        say(moved, "after")
        until(lambda: moved.says("after") == 2, "the echo there")
        moved.reads("Connected")


def test_quitting_names_the_open_connection_and_can_be_cancelled() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        press(CONTROL, "q")
        until(lambda: len(program.windows()) == 2, "the question")
        question = next(one for one in program.windows() if one != window)
        question.reads("1 connection is open.")
        press("Escape")
        until(lambda: program.windows() == [window], "the window alone")
        window.reads("Connected")
        press(CONTROL, "q")
        until(lambda: len(program.windows()) == 2, "the question")
        confirm(program.windows(), window, "Close")
        assert program.waits() == 0
