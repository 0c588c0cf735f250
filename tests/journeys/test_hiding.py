"""The noise of a feed is hidden once, and is hidden on the next day."""

from __future__ import annotations

from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, until

BEAT = '{"type":"heartbeat"}'


def test_hidden_heartbeats_are_hidden_after_a_restart_and_the_line_says_how_many() -> None:
    with serving() as (url, _server):
        address = f"{url}/echo"
        with started() as program:
            window = program.window()
            connect(window, address)
            window.reads("Connected")
            say(window, BEAT)

            until(lambda: window.says(BEAT) == 2, "the echo")
            press(CONTROL, "f")
            window.find(TEXT, "Filter").write("HEART")
            press("Return")
            press(CONTROL, "h")
            window.reads("2 hidden")
            press("Escape")
            until(lambda: not window.says(BEAT), "no heartbeat")
            say(window, BEAT)
            window.reads("4 hidden")
            press(CONTROL, "d")
            window.find(BUTTON, "Reconnect")
            press(CONTROL, "q")
            assert program.waits() == 0
        with started() as program:
            window = program.window()  # with the conversation that was open
            window.reads("4 hidden")
            window.reads(f"Connected to {address}")
            assert not window.says(BEAT)
