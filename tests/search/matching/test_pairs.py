"""Filters about questions and answers."""

from __future__ import annotations

import pytest

from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from tests.support.calls import CALLS, RECEIVED, recorded, result, text


def view_of(recording: Recording, text: str) -> FilteredView:
    return FilteredView(recording, Matcher(parse(text), pairs=PairIndex(recording)))


def shown(view: FilteredView) -> list[int]:
    while view.advance(0.0):
        pass
    return [view.number(position) for position in range(len(view))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("is:unanswered", [7]),
        ("-is:unanswered is:sent", [0, 1, 5]),
        ("latency>200ms", [2, 3]),
        ("latency>=250000us", [2, 3]),
        ("latency>250ms", [3]),
        ("latency<0.2s", [6]),
        ("latency=1000ms", [3]),
        ("latency<=125000000ns", [6]),
        ("latency>1m", []),
        ("-latency>200ms is:received", [4, 6]),
        ("pair:getBook", [0, 3, 5, 6]),
        ("pair:GETBOOK", [0, 3, 5, 6]),
        ("case:yes pair:GETBOOK", []),
        ('pair:"getBook" latency>200ms', [3]),
        ("pair:#1", [0, 3]),
        ("pair:#2", [1, 2]),
        ("pair:#3", []),
        ("pair:nothing", []),
        ("pair:getBook is:unanswered", []),
    ],
)
def test_a_filter_finds_questions_and_answers(text: str, numbers: list[int]) -> None:
    assert shown(view_of(recorded(*CALLS), text)) == numbers


def test_a_view_waits_for_what_was_not_read_and_goes_on_with_the_recording() -> None:
    recording = recorded(*CALLS)
    view = view_of(recording, "latency>200ms")
    assert shown(view) == [2, 3]
    recording.append(text(9.0, RECEIVED, result(4)))
    assert not view.is_current
    assert shown(view) == [2, 3, 8]


def test_hidden_filters_may_be_about_pairs() -> None:
    recording = recorded(*CALLS)
    hidden = [parse("pair:getBook")]
    matcher = Matcher(parse("is:sent"), hidden=hidden, pairs=PairIndex(recording))
    assert shown(FilteredView(recording, matcher)) == [1, 7]
