"""Matching by kind, direction, time, size and star, from the columns of a block."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Direction, Kind, event_batch, single
from spacebeam.recording.block import Block
from spacebeam.search.filter import Comparison, Quality
from spacebeam.search.matching.columns import quality_test, size_test, time_test
from spacebeam.search.matching.masks import all_pass


def gathered() -> Block:
    """Return a block with entries 100 to 103: an event, a sent text, a received binary and ping."""
    block = Block(100, event_batch(10.0, b"open"))
    block.gather(single(11.0, Direction.SENT, Kind.TEXT, b"text"))
    block.gather(single(12.0, Direction.RECEIVED, Kind.BINARY, b"12345678"))
    block.gather(single(13.0, Direction.RECEIVED, Kind.PING, b""))
    return block


@pytest.mark.parametrize(
    ("quality", "passing"),
    [
        (Quality.EVENT, [1, 0, 0, 0]),
        (Quality.SENT, [0, 1, 0, 0]),
        (Quality.RECEIVED, [0, 0, 1, 1]),
        (Quality.TEXT, [0, 1, 0, 0]),
        (Quality.BINARY, [0, 0, 1, 0]),
        (Quality.PING, [0, 0, 0, 1]),
        (Quality.PONG, [0, 0, 0, 0]),
        (Quality.CLOSE, [0, 0, 0, 0]),
        (Quality.STARRED, [0, 0, 1, 0]),
    ],
)
def test_entries_match_by_kind_direction_and_star(quality: Quality, passing: list[int]) -> None:
    test = quality_test(quality, {2, 102, 999})
    assert list(test(gathered(), 0, 4, all_pass(4))) == passing
    assert list(test(gathered(), 1, 3, all_pass(2))) == passing[1:3]


@pytest.mark.parametrize(
    ("comparison", "limit", "passing"),
    [
        (Comparison.MORE, 4.0, [0, 0, 1, 0]),
        (Comparison.AT_LEAST, 4.0, [1, 1, 1, 0]),
        (Comparison.LESS, 4.0, [0, 0, 0, 1]),
        (Comparison.AT_MOST, 4.5, [1, 1, 0, 1]),
        (Comparison.EQUAL, 8.0, [0, 0, 1, 0]),
    ],
)
def test_entries_match_by_size(comparison: Comparison, limit: float, passing: list[int]) -> None:
    test = size_test(comparison, limit)
    assert list(test(gathered(), 0, 4, all_pass(4))) == passing
    assert list(test(gathered(), 2, 4, all_pass(2))) == passing[2:]


@pytest.mark.parametrize(
    ("is_after", "moment", "passing"),
    [
        (True, 12.0, [0, 0, 1, 1]),
        (False, 12.0, [1, 1, 0, 0]),
        (True, 0.0, [1, 1, 1, 1]),
        (False, 0.0, [0, 0, 0, 0]),
    ],
)
def test_entries_match_by_time(is_after: bool, moment: float, passing: list[int]) -> None:
    test = time_test(is_after, moment)
    assert list(test(gathered(), 0, 4, all_pass(4))) == passing
    assert list(test(gathered(), 1, 4, all_pass(3))) == passing[1:]
