"""A time is chosen in whole steps, by pointer and by keys, and let go of."""

from __future__ import annotations

import pytest

from spacebeam.ui.timeline.rate_bars import View
from spacebeam.ui.timeline.rate_choice import Choice, Span


@pytest.fixture
def choice() -> Choice:
    """Of ten steps of four seconds."""
    made = Choice()
    made.show(View(100, 140), 4)
    return made


@pytest.mark.parametrize(
    ("origin", "to", "span"),
    [
        (105, 111, (104, 112)),
        (111, 105, (104, 112)),
        (104, 112, (104, 112)),
        (105, 106, (104, 108)),
        (104, 104, (104, 108)),
    ],
)
def test_a_drag_chooses_the_steps_it_touches(
    choice: Choice, origin: float, to: float, span: tuple[float, float]
) -> None:
    choice.drag(origin, to)
    assert choice.shown == span
    assert choice.chosen is None
    assert choice.choose() == span
    assert choice.chosen == choice.shown == span


def test_the_cursor_starts_at_the_newest_and_stays_in_sight(choice: Choice) -> None:
    assert choice.cursor is None
    choice.move(-1, extend=False)
    assert choice.cursor == Span(136, 140)
    choice.move(1, extend=False)
    assert choice.cursor == Span(136, 140)
    choice.move(-2, extend=False)
    assert choice.cursor == Span(128, 132)
    choice.move(-100, extend=False)
    assert choice.cursor == Span(100, 104)


def test_what_the_cursor_passes_is_chosen_with_enter(choice: Choice) -> None:
    choice.move(-1, extend=False)
    choice.move(-1, extend=True)
    choice.move(-1, extend=True)
    assert choice.shown == Span(128, 140)
    choice.move(1, extend=True)
    assert choice.choose() == Span(132, 140)


def test_moving_on_without_choosing_goes_back_to_what_was_chosen(choice: Choice) -> None:
    choice.drag(100, 104)
    choice.choose()
    choice.move(-1, extend=False)
    choice.move(-1, extend=True)
    assert choice.shown == Span(132, 140)
    choice.move(-1, extend=False)
    assert choice.shown == Span(100, 104)


def test_enter_alone_chooses_the_step_at_the_cursor(choice: Choice) -> None:
    assert choice.choose() is None
    choice.move(-1, extend=False)
    assert choice.choose() == Span(136, 140)


def test_a_cursor_that_time_left_behind_comes_back_into_sight(choice: Choice) -> None:
    choice.move(-100, extend=False)
    choice.show(View(200, 240), 4)
    choice.move(1, extend=True)
    assert choice.shown == Span(200, 204)


def test_longer_steps_let_go_of_the_cursor_and_keep_what_is_chosen(choice: Choice) -> None:
    choice.drag(104, 108)
    choice.choose()
    choice.move(-1, extend=True)
    choice.show(View(100, 140), 8)
    assert choice.cursor is None
    assert choice.shown == Span(104, 108)


def test_all_is_let_go_of_once(choice: Choice) -> None:
    choice.drag(104, 108)
    choice.choose()
    assert choice.clear()
    assert choice.shown is None
    assert not choice.clear()
