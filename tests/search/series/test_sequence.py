"""A sequence's breaks: missing numbers, duplicates, and numbers out of order."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Direction
from spacebeam.search.series.sequence import Break, Sequence, Sequences, sequence_number

OK, GAP, DUPLICATE, ORDER = Break.NONE, Break.GAP, Break.DUPLICATE, Break.ORDER


@pytest.mark.parametrize(
    ("numbers", "breaks"),
    [
        ([5, 6, 7], [OK, OK, OK]),
        ([5, 6, 9, 10], [OK, OK, GAP, OK]),
        ([5, 6, 6, 7], [OK, OK, DUPLICATE, OK]),
        ([5, 8, 6, 9], [OK, GAP, ORDER, OK]),  # 6 is late
        ([5, 8, 6, 6, 9], [OK, GAP, ORDER, DUPLICATE, OK]),
        ([5, 9, 7, 6, 8, 10], [OK, GAP, ORDER, ORDER, ORDER, OK]),
        ([5, 4, 6], [OK, ORDER, OK]),
        ([5, 6, 7, 1, 2], [OK, OK, OK, ORDER, OK]),  # it starts over
        ([1, 2, 1, 3], [OK, OK, ORDER, GAP]),
        ([1, 1, 2], [OK, DUPLICATE, OK]),
    ],
)
def test_breaks(numbers: list[int], breaks: list[Break]) -> None:
    sequence = Sequence()
    assert [sequence.take(number) for number in numbers] == breaks


def test_with_a_connection_a_sequence_starts_over_or_goes_on() -> None:
    sequences = Sequences()

    def taken(*numbers: int) -> list[Break]:
        return [sequences.take(Direction.RECEIVED, number)[0] for number in numbers]

    taken(7, 8)
    sequences.connect()
    assert taken(3, 4) == [OK, OK]
    sequences.connect()
    assert taken(9, 10) == [GAP, OK]  # 5 to 8 were lost while there was no connection


def test_directions_have_sequences_of_their_own() -> None:
    sequences = Sequences()
    assert sequences.take(Direction.RECEIVED, 7) == (OK, 7)
    assert sequences.take(Direction.SENT, 1) == (OK, 1)
    assert sequences.take(Direction.RECEIVED, 10) == (GAP, 8)
    assert (sequences.steps, sequences.followed) == (1, 0)


def test_a_copy_goes_on_by_itself() -> None:
    one = Sequences()
    one.take(Direction.SENT, 1)
    other = one.copy()
    assert one.take(Direction.SENT, 2) == (OK, 2)
    assert other.take(Direction.SENT, 2) == (OK, 2)


def test_remembered_gaps_are_bounded() -> None:
    sequence = Sequence()
    sequence.take(0)
    sequence.take(10**6)
    for number in range(10, 50_000, 3):  # each divides the range of missing numbers
        assert sequence.take(number) in (ORDER, DUPLICATE)
    assert len(sequence._starts) <= 1001


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        ("0012", 12),
        (True, None),
        (7.0, None),
        (-1, None),
        ("7a", None),
        ("²", None),
        (2**64, None),
        ("9" * 5000, None),
        (None, None),
        ([1], None),
    ],
)
def test_sequence_numbers(value: object, number: int | None) -> None:
    assert sequence_number(value) == number
