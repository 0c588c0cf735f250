"""Selected entries are read in chunks, of any view."""

from __future__ import annotations

import pytest

from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.matching.remaining import RemainingMatcher
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.parser import parse
from spacebeam.search.selected import chunks
from spacebeam.search.view import FilteredView
from tests.support.batches import packed


def recorded(*payloads: bytes) -> Recording:
    made = Recording()
    made.append(packed(list(payloads), 1.0))
    return made


def viewed(recording: Recording, text: str) -> FilteredView:
    view = FilteredView(recording, Matcher(parse(text)) if text else None)
    view.advance()
    return view


def ranges(*bounds: tuple[int, int]) -> NumberRanges:
    made = NumberRanges()
    for start, end in bounds:
        made.add(start, end)
    return made


def read(recording: Recording, view: FilteredView, numbers: NumberRanges) -> list[int]:
    found = chunks(recording, view, numbers)
    return [chunk.block.first + place for chunk in found for place in chunk.places]


@pytest.mark.parametrize("text", ["", "1"])
def test_the_shown_entries_of_the_ranges_are_read_across_blocks(text: str) -> None:
    recording = recorded(*(b"%d" % number for number in range(700)))
    recording.append(packed([b"%d" % number for number in range(700, 2000)], 2.0))
    view = viewed(recording, text)
    wanted = [one for one in (*range(3, 15), *range(600, 1800)) if text in str(one)]
    assert read(recording, view, ranges((3, 15), (600, 1800))) == wanted


def test_a_chunk_is_bounded_by_size_but_for_one_long_payload() -> None:
    recording = recorded(b"x" * 200_000, b"x" * 200_000, b"x" * 900_000, b"x")
    found = list(chunks(recording, viewed(recording, ""), ranges((0, 4))))
    assert [(len(one.places), one.size) for one in found] == [
        (1, 200_000),
        (1, 200_000),
        (1, 900_000),
        (1, 1),
    ]


def test_entries_that_are_dropped_in_between_are_left_out() -> None:
    recording = recorded(*(b"%d" % number for number in range(1000)))
    view = viewed(recording, "")
    reading = chunks(recording, view, ranges((0, 1000)))
    assert next(reading).places[0] == 0
    view.drop(500)
    assert next(reading).places[0] == 500


@pytest.mark.parametrize("text", ["", "1"])
def test_removed_entries_are_not_in_the_view(text: str) -> None:
    recording = recorded(*(b"%d" % number for number in range(300)))
    removed = ranges((0, 5), (100, 250), (299, 300))
    view = FilteredView(recording, RemainingMatcher(removed, parse(text)))
    view.advance()
    left = [one for one in range(300) if one not in removed and text in str(one)]
    assert [view.number(position) for position in range(len(view))] == left
