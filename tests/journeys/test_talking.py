"""A person types an address, connects, talks, parts and meets again."""

from __future__ import annotations

from tests.journeys.keyboard import press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, until


def test_an_address_leads_to_a_conversation_that_can_be_left_and_taken_up_again() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        say(window, "Is anybody there?")
        until(lambda: window.says("Is anybody there?") == 2, "the echo")
        window.find(BUTTON, "Disconnect").press()
        window.reads("Disconnected (1000, normal closure).")
        window.find(BUTTON, "Reconnect").press()
        window.reads("Connected")
        say(window, "And again")
        until(lambda: window.says("And again") == 2, "the second echo")
        assert window.says("Is anybody there?") == 2


def test_the_keyboard_is_enough() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        window.find(TEXT, "Address").write(f"{url}/echo")
        press("Return")
        window.reads("Connected")
        for letter in "hi":
            press(letter)
        press("Return")
        until(lambda: window.says("hi") == 2, "the echo")
        press("Control_L", "d")
        window.reads("Disconnected (1000, normal closure).")
        press("Control_L", "q")
        assert program.waits() == 0
