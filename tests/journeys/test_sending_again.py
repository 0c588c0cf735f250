"""What was sent before is found by its words and sent again, with the keyboard alone."""

from __future__ import annotations

from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, until


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


def test_escape_leads_from_the_search_back_to_the_message() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        say(window, "a")
        until(lambda: window.says("a") == 2, "the echo")
        press(CONTROL, "r")
        until(lambda: window.find(TEXT, "Search sent messages").has_cursor, "the search")
        press("Escape")
        until(lambda: window.find(TEXT, "Message").has_cursor, "the message")
        press("b")
        until(lambda: window.find(TEXT, "Message").text == "b", "what was typed")


def test_a_message_is_repeated_with_a_running_number_until_it_is_stopped() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        window.find(TEXT, "Message").write("beat {{$seq}}")
        press("Alt_L", "r")
        until(lambda: window.look(BUTTON, "Start"), "the form")
        for key in ("Tab", "9", "9", "9", "Return"):
            press(key)
        window.reads(" of 999 sent")
        until(lambda: window.says("beat 2") == 2, "the second echo")
        window.find(BUTTON, "Stop").press()
        until(lambda: window.look(BUTTON, "Stop") is None, "the end")
        assert window.find(TEXT, "Message").text == "beat {{$seq}}"
