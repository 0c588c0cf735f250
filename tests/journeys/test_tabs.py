"""Two conversations in two tabs, by keyboard."""

from __future__ import annotations

import pytest

from tests.journeys.keyboard import press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, until
from tests.journeys.test_windows import confirm
from tests.support.listener import listener


def test_two_tabs_hold_two_conversations_and_closing_both_ends_the_program() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        say(window, "in the first")
        until(lambda: window.says("in the first") == 2, "the echo")
        press("Control_L", "t")
        connect(window, f"{url}/room/lobby")
        window.reads("/room/lobby")
        window.reads("Connected")
        assert not window.says("in the first")
        press("Control_L", "w")
        until(lambda: window.says("in the first") == 2, "the first tab")
        press("Control_L", "w")
        assert program.waits() == 0


def test_the_last_address_is_offered_when_the_program_is_started_again() -> None:
    with serving() as (url, _server):
        with started() as program:
            connect(program.window(), f"{url}/echo")
            program.window().reads("Connected")
            press("Control_L", "w")
            assert program.waits() == 0
        with started() as program:
            program.window().reads(f"{url}/echo")
            program.window().find(BUTTON, f"Forget {url}/echo")


@pytest.mark.parametrize("key", ["w", "q"])
def test_whoever_was_talked_to_is_told_goodbye_at_the_end(key: str) -> None:
    with listener() as peer, started() as program:
        window = program.window()
        connect(window, peer.url)
        window.reads("Connected")
        press("Control_L", key)
        if key == "q":
            until(lambda: len(program.windows()) == 2, "the question")
            confirm(program.windows(), window, "Close")
        assert program.waits() == 0
        until(lambda: peer.close_codes, "the goodbye")
        assert peer.close_codes == [1000]
