"""A newcomer opens two windows, presses one button in each, and they talk."""

from __future__ import annotations

from tests.journeys.program import another_bus, say, started
from tests.journeys.screen import BUTTON, Widget


def enter_the_room(window: Widget) -> None:
    window.find(BUTTON, "Chat on This Computer").press()
    window.reads("Connected")


def talk(one: Widget, other: Widget) -> None:
    say(one, "Is anybody there?")
    other.reads("Is anybody there?")
    say(other, "I am")
    one.reads("I am")


def test_starting_it_twice_opens_two_windows_that_talk() -> None:
    with started() as program:
        first = program.window()
        with started() as again:
            assert again.waits() == 0
            second = program.window(1)
            enter_the_room(first)
            enter_the_room(second)
            talk(first, second)


def test_two_programs_talk_and_the_room_outlives_the_one_that_opened_it() -> None:
    with another_bus() as bus, started(bus) as staying, started() as leaving:
        first, second = leaving.window(), staying.window()
        enter_the_room(first)
        enter_the_room(second)
        talk(first, second)
        first.find(BUTTON, "Close").press()
        assert leaving.waits() == 0
        second.reads("Closed by the server (1001, going away).")
        second.find(BUTTON, "Reconnect").press()
        second.reads("Connected")
