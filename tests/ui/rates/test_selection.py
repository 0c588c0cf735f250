"""Selects a time span in whole steps, by pointer and by keys."""

from __future__ import annotations

import pytest

from spacebeam.ui.rates.bars import TimeWindow
from spacebeam.ui.rates.selection import RateSelection, TimeSpan


@pytest.fixture
def choice() -> RateSelection:
    """Of ten steps of four seconds."""
    made = RateSelection()
    made.show(TimeWindow(100, 140), 4)
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
def test_a_drag_selects_the_steps_it_touches(
    choice: RateSelection, origin: float, to: float, span: tuple[float, float]
) -> None:
    choice.drag(origin, to)
    assert choice.shown == span
    assert choice.chosen is None
    assert choice.choose() == span
    assert choice.chosen == choice.shown == span


def test_the_cursor_starts_at_the_newest_and_stays_in_sight(choice: RateSelection) -> None:
    assert choice.cursor is None
    choice.move(-1, extend=False)
    assert choice.cursor == TimeSpan(136, 140)
    choice.move(1, extend=False)
    assert choice.cursor == TimeSpan(136, 140)
    choice.move(-2, extend=False)
    assert choice.cursor == TimeSpan(128, 132)
    choice.move(-100, extend=False)
    assert choice.cursor == TimeSpan(100, 104)


def test_enter_selects_the_steps_the_cursor_passed(choice: RateSelection) -> None:
    choice.move(-1, extend=False)
    choice.move(-1, extend=True)
    choice.move(-1, extend=True)
    assert choice.shown == TimeSpan(128, 140)
    choice.move(1, extend=True)
    assert choice.choose() == TimeSpan(132, 140)


def test_moving_on_without_enter_restores_the_selection(choice: RateSelection) -> None:
    choice.drag(100, 104)
    choice.choose()
    choice.move(-1, extend=False)
    choice.move(-1, extend=True)
    assert choice.shown == TimeSpan(132, 140)
    choice.move(-1, extend=False)
    assert choice.shown == TimeSpan(100, 104)


def test_enter_alone_selects_the_step_at_the_cursor(choice: RateSelection) -> None:
    assert choice.choose() is None
    choice.move(-1, extend=False)
    assert choice.choose() == TimeSpan(136, 140)


def test_a_cursor_outside_the_view_moves_back_into_it(choice: RateSelection) -> None:
    choice.move(-100, extend=False)
    choice.show(TimeWindow(200, 240), 4)
    choice.move(1, extend=True)
    assert choice.shown == TimeSpan(200, 204)


def test_longer_steps_clear_the_cursor_and_keep_the_selection(choice: RateSelection) -> None:
    choice.drag(104, 108)
    choice.choose()
    choice.move(-1, extend=True)
    choice.show(TimeWindow(100, 140), 8)
    assert choice.cursor is None
    assert choice.shown == TimeSpan(104, 108)


def test_clearing_reports_only_the_first_time(choice: RateSelection) -> None:
    choice.drag(104, 108)
    choice.choose()
    assert choice.clear()
    assert choice.shown is None
    assert not choice.clear()
