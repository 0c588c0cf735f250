"""What was sent before is found by its words and sent again, with the keyboard alone."""

from __future__ import annotations

from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import TEXT, until


def test_a_message_is_found_among_those_sent_and_sent_again() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        for words in ("subscribe btc", "ping"):
            say(window, words)
            until(lambda words=words: window.says(words) == 2, "the echo")  # type: ignore[misc]
        press(CONTROL, "r")
        until(lambda: window.find(TEXT, "Search sent messages").has_cursor, "the search")
        for letter in "btc":
            press(letter)
        press("Return")
        until(lambda: window.find(TEXT, "Message").text == "subscribe btc", "the message")
        press("Return")
        until(lambda: window.says("subscribe btc") == 4, "the second echo")
