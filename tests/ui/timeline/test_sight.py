"""Which rows of a list are in sight, by its scroll position."""

from __future__ import annotations

import pytest
from gi.repository import Gtk

from spacebeam.ui.timeline.scroll_anchor import VisibleRows


def sight(value: float, *, rows: int = 100, page: float = 200.0) -> VisibleRows:
    """Of so many rows of 20 pixels each."""
    adjustment = Gtk.Adjustment(value=value, lower=0, upper=20.0 * rows, page_size=page)
    return VisibleRows(adjustment, Gtk.StringList.new(["row"] * rows))


@pytest.mark.parametrize(
    ("value", "first", "held"),
    [
        (0, 0, range(10)),
        (20, 1, range(1, 11)),
        (30, 1, range(1, 12)),  # two of them in part
        (1800, 90, range(90, 100)),
    ],
)
def test_partly_visible_rows_are_in_sight(value: float, first: int, held: range) -> None:
    seen = sight(value)
    assert seen.first == first
    assert [position for position in range(100) if seen.contains(position)] == list(held)


def test_rows_around_can_be_included() -> None:
    seen = sight(400)
    assert [position for position in range(99) if seen.contains(position, 3)] == list(range(17, 33))


def test_a_height_is_converted_to_rows() -> None:
    assert [sight(0).rows_in(pixels) for pixels in (-50, 0, 19, 20, 400)] == [1, 1, 1, 2, 21]


def test_the_end_is_in_sight_only_when_scrolled_there() -> None:
    assert sight(1800).is_at_end
    assert not sight(1798).is_at_end
    assert sight(0, rows=5).is_at_end


def test_nothing_is_in_sight_of_an_empty_list() -> None:
    empty = sight(0, rows=0, page=0)
    assert empty.first == 0
    assert empty.is_at_end
    assert not empty.contains(0)
