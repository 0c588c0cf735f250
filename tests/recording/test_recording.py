"""Recordings in memory: all entries in order, for any batches."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, event_batch, single
from spacebeam.recording.block import MAX_ENTRIES
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.support.batches import (
    Expected,
    Part,
    batches,
    check,
    check_numbers,
    numbered,
    numbered_batch,
    packed,
    size_of,
)
from tests.support.memory import traced


@given(st.lists(batches(), max_size=12))
def test_a_recording_is_the_list_of_its_entries(parts: list[Part]) -> None:
    recording = Recording()
    model: list[Expected] = []
    for batch, expected in parts:
        recording.append(batch)
        model += expected
    check(recording, model)
    assert recording.size == size_of(model)


def test_an_entry_or_block_beyond_the_ends_is_an_index_error() -> None:
    recording = Recording()
    recording.append(numbered_batch(0, 3))
    for number in (-1, 3):
        with pytest.raises(IndexError):
            recording.entry(number)
    for index in (-1, 1):
        with pytest.raises(IndexError):
            recording.block(index)


def test_a_batch_of_more_entries_than_a_block_holds_is_divided() -> None:
    recording = Recording()
    recording.append(packed([b"first"]))
    recording.append(packed([b"%07d" % number for number in range(2 * MAX_ENTRIES + 10)]))
    assert len(recording) == 2 * MAX_ENTRIES + 11
    assert max(len(recording.block(index)) for index in range(recording.block_count)) <= MAX_ENTRIES
    recording.append(packed([b""] * MAX_ENTRIES))  # few enough bytes to be gathered
    assert len(recording.block(recording.block_count - 1)) == MAX_ENTRIES
    for number in (0, 1, MAX_ENTRIES - 1, MAX_ENTRIES, 2 * MAX_ENTRIES + 9):
        assert recording.entry(number + 1).payload == b"%07d" % number


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30), st.integers(0, 200_000))
def test_memory_is_limited(sizes: list[int], at_most: int) -> None:
    recording = Recording(memory_limit=at_most)
    for size in sizes:
        recording.append(numbered_batch(len(recording), size, 1000))
    held = range(recording.first_number, len(recording))
    newest = recording.block(recording.block_count - 1)
    assert len(held) * 1000 <= max(at_most, len(newest) * 1000)
    assert [recording.entry(number).payload for number in held] == [
        numbered(number, 1000) for number in held
    ]
    assert recording.size == len(recording) * 1000  # forgotten entries count
    if recording.first_number:
        assert (
            len(held) + 401 + 66
        ) * 1000 > at_most  # no more entries are forgotten than necessary
        with pytest.raises(IndexError):
            recording.entry(recording.first_number - 1)
        with pytest.raises(IndexError):
            recording.block(0)


@pytest.mark.parametrize("origin", [None, 300, Origin(500, (2,) * 200, False)])
def test_memory_of_tiny_messages_is_limited(origin: Origin | int | None) -> None:
    """The data beside a payload counts as memory, since a peer decides its size."""
    recording = Recording(memory_limit=2**20)
    origins = {} if origin is None else dict.fromkeys(range(1000), origin)

    with traced() as taken:
        for _time in range(1000):
            # Each has its own integer objects, as received ones do.
            kept = {
                place: one + place if isinstance(one, int) else one
                for place, one in origins.items()
            }
            recording.append(packed([b""] * 1000, origins=kept))
            recording.add_handshake("{}")
    assert taken.peak < 4 * 2**20
    assert recording.first_number > 800_000
    assert len(recording.handshakes) < 200
    assert recording.handshakes[0][0] <= recording.first_number


def test_unused_data_of_a_batch_is_not_retained() -> None:
    """Each part of a divided batch refers to all of its data."""
    recording, block = Recording(), bytes(2**20)
    starts, ends = array("I", (0,)), array("I", (100_000,))
    for _time in range(10):
        kinds = bytes((Kind.BINARY,))
        recording.append(Batch(1.0, Direction.RECEIVED, block, kinds, starts, ends))
    held = (recording.block(index).data for index in range(recording.block_count))
    assert sum(map(len, held)) == 10 * 100_000


times = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=40)


@given(times, st.sampled_from((10, 70_000)), st.integers(0, 10).map(float))
def test_an_entry_is_found_by_its_time_although_the_clock_is_set(
    clock: list[float], size: int, when: float
) -> None:
    recording = Recording()
    for time in clock:
        recording.append(packed([bytes(size), b"?"], time))
    later = [2 * place for place, time in enumerate(clock) if time >= when]
    assert recording.number_at(when) == (later[0] if later else len(recording))


def test_a_forgotten_entry_is_not_found_by_its_time() -> None:
    recording = Recording(memory_limit=200_000)
    for time in (9.0, 1.0, 2.0, 3.0, 4.0):
        recording.append(packed([bytes(70_000)], time))
    assert recording.first_number == 3
    assert recording.number_at(0.0) == 3
    assert recording.number_at(3.5) == 4
    assert recording.number_at(9.0) == 5


def test_a_recording_begins_at_the_time_of_its_first_entry() -> None:
    recording = Recording()
    assert recording.began == 0.0
    recording.append(event_batch(5.0, b"Connected"))
    recording.append(event_batch(7.0, b"Closed"))
    assert recording.began == 5.0
    assert recording.number_at(6.0) == 1


def test_an_empty_mark_is_removed() -> None:
    recording = Recording()
    recording.append(numbered_batch(0, 3))
    recording.star(1, is_starred=True)
    recording.set_mark(2, Mark(note="look"))
    recording.set_mark(1, Mark(is_starred=True, note="here"))
    assert (recording.marks, recording.stars) == (
        {1: Mark(True, "here"), 2: Mark(False, "look")},
        {1},
    )
    recording.star(1, is_starred=False)
    assert (recording.marks[1], recording.stars) == (Mark(note="here"), set())
    recording.set_mark(1, Mark())
    recording.star(2, is_starred=False)
    assert recording.marks == {2: Mark(note="look")}


def test_an_added_entry_makes_a_recording_incomplete() -> None:
    recording = Recording()
    recording.mark_complete(9.0)
    assert recording.facts == {"ended": 9.0}
    recording.append(numbered_batch(0, 0))
    assert recording.facts == {"ended": 9.0}
    recording.append(numbered_batch(0, 1))
    assert recording.facts == {}


def test_a_handshake_has_the_number_of_the_next_entry() -> None:
    recording = Recording()
    recording.add_handshake("{}")
    recording.append(single(1.0, Direction.SENT, Kind.TEXT, b"hello"))
    recording.add_handshake("[]")
    assert recording.handshakes == [(0, "{}"), (1, "[]")]


def test_a_recording_in_memory_can_be_closed() -> None:
    recording = Recording()
    recording.append(numbered_batch(0, 3))
    assert check_numbers(recording) == 3
    assert recording.close() is True
