"""Long lines are cut for GTK, and nobody who reads the text sees the cuts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from gi.repository import Gtk, GtkSource
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.long_lines import (
    MAX_LINE,
    SOFT_BREAK,
    LongLines,
    broken,
    shown_offset,
    whole,
)
from tests.ui.doing import text

_TEXTS = st.lists(st.sampled_from(("a" * 1500, "b" * 700, "\n", "é")), max_size=12).map("".join)


def made(on_refused: Callable[[], object] = bool) -> tuple[GtkSource.Buffer, LongLines]:
    buffer = GtkSource.Buffer()
    return buffer, LongLines(buffer, on_refused)


def longest(buffer: Gtk.TextBuffer) -> int:
    """Return the length of the longest line that GTK has to lay out."""
    return max(map(len, text(buffer).replace(SOFT_BREAK, "\n").split("\n")))


@given(_TEXTS, st.integers(0, MAX_LINE))
def test_a_broken_text_is_whole_again_and_has_no_long_line(typed: str, before: int) -> None:
    shown = broken(typed, before)
    assert whole(shown) == typed
    assert all(len(line) <= MAX_LINE for line in shown.replace(SOFT_BREAK, "\n").split("\n"))


@given(_TEXTS, st.integers(0, 20_000))
def test_a_place_is_found_in_the_shown_text(typed: str, place: int) -> None:
    shown, place = broken(typed), min(place, len(typed))
    assert whole(shown[: shown_offset(shown, place)]) == typed[:place]
    assert whole(shown[shown_offset(shown, place) :]) == typed[place:]


@pytest.mark.parametrize("line", ["a" * 1_000_000, '{"a":[1,2]},' * 90_000])
def test_a_line_of_a_megabyte_is_shown_in_short_ones(line: str) -> None:
    buffer, _long_lines = made()
    buffer.set_text("x")
    buffer.insert(buffer.get_end_iter(), line)
    assert whole(text(buffer)) == "x" + line
    assert longest(buffer) <= MAX_LINE


def test_a_line_that_grows_piece_by_piece_is_broken_too() -> None:
    buffer, _long_lines = made()
    for _ in range(5000):
        buffer.insert_at_cursor("ab")
    assert whole(text(buffer)) == "ab" * 5000
    assert longest(buffer) <= MAX_LINE + 2


def test_undo_and_redo_keep_the_text() -> None:
    buffer, _long_lines = made()
    buffer.set_enable_undo(True)
    buffer.insert_at_cursor("a" * 10_000)
    buffer.delete(*buffer.get_bounds())
    buffer.undo()
    assert whole(text(buffer)) == "a" * 10_000
    buffer.redo()
    assert text(buffer) == ""


def test_a_paragraph_separator_is_refused_and_never_lost_in_silence() -> None:
    refused = list[bool]()
    buffer, _long_lines = made(partial(refused.append, True))
    buffer.insert_at_cursor(f"one{SOFT_BREAK}two")
    assert refused
    assert text(buffer) == ""
