"""A recording holds what it was given, in order, whatever the batches were."""

from __future__ import annotations

import tracemalloc
from array import array
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.recording.recording import Recording
from spacebeam.wire.batch import Batch, Direction, Kind, Origin, event, single
from spacebeam.wire.frames import Role
from spacebeam.wire.receiver import Receiver


@dataclass(frozen=True)
class Expected:
    """One entry of the model: a plain list."""

    time: float
    kind: Kind
    direction: Direction
    payload: bytes
    origin: Origin | None


@st.composite
def batches(draw: st.DrawFn) -> tuple[Batch, list[Expected]]:
    """A batch as the wire makes them, payloads with gaps between, and what is in it."""
    time = draw(st.floats(0, 2e9))
    direction = draw(st.sampled_from(Direction))
    data, beside, kinds = bytearray(), bytearray(), bytearray()
    spans: list[tuple[bool, int, int]] = []
    origins: dict[int, Origin] = {}
    expected = []
    for place in range(draw(st.integers(0, 5))):
        payload = draw(st.binary(max_size=20))
        kind = draw(st.sampled_from(Kind))
        is_beside = draw(st.booleans())
        target = beside if is_beside else data
        target += b"\x81\x05"
        start = len(target)
        target += payload
        spans.append((is_beside, start, len(target)))
        kinds.append(kind)
        if draw(st.booleans()):
            origins[place] = Origin(len(payload) + 2, (len(payload),), True)
        expected.append(Expected(time, kind, direction, payload, origins.get(place)))
    # Now and then a batch too large to be gathered. What was joined lies behind the block.
    data += bytes(draw(st.sampled_from((0, 0, 0, 70_000))))
    starts = array("I", [start + is_beside * len(data) for is_beside, start, _end in spans])
    ends = array("I", [end + is_beside * len(data) for is_beside, _start, end in spans])
    data += beside
    return Batch(time, direction, bytes(data), bytes(kinds), starts, ends, origins), expected


def check(recording: Recording, model: list[Expected]) -> None:
    assert len(recording) == len(model)
    for number, expected in enumerate(model):
        entry = recording.entry(number)
        assert entry.number == number
        assert entry.size == len(expected.payload)
        found = Expected(
            entry.time, entry.kind, entry.direction, bytes(entry.payload), entry.origin
        )
        assert found == expected
        assert recording.entry(number, 3).payload == expected.payload[:3]
        assert recording.entry(number, 3).size == len(expected.payload)


@given(st.lists(batches(), max_size=12))
def test_a_recording_is_the_list_of_its_entries(
    parts: list[tuple[Batch, list[Expected]]],
) -> None:
    recording, model = Recording(), []
    for batch, expected in parts:
        recording.append(batch)
        model += expected
    check(recording, model)
    assert recording.size == sum(len(entry.payload) for entry in model)


@given(st.lists(batches(), max_size=6), st.lists(batches(), max_size=6))
def test_a_recording_may_go_on_with_another(
    first: list[tuple[Batch, list[Expected]]], second: list[tuple[Batch, list[Expected]]]
) -> None:
    recording, later = Recording(), Recording()
    for target, parts in ((recording, first), (later, second)):
        for batch, _expected in parts:
            target.append(batch)
    size = recording.size + later.size
    recording.extend(later)
    check(recording, [entry for _batch, expected in first + second for entry in expected])
    assert recording.size == size


@pytest.mark.parametrize("size", [10_000, 60_000])
@pytest.mark.parametrize("pings", [1, 50])
def test_small_messages_between_pings_take_little_memory(size: int, pings: int) -> None:
    # What was put together lies behind the block, far from what lies in it.
    frames = b"\x81\0" + b"\x89\0" * pings
    count = size // len(frames)
    batches = list(Receiver(Role.CLIENT).feed(frames * count, 0.0))
    steps = [step for batch in batches for step in batch.steps()]
    recording = Recording()
    tracemalloc.start()
    try:
        for step in steps:
            recording.append(step)
        del step
        steps.clear()
        batches.clear()
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(recording) == count * (1 + pings)
    assert held < 20 * size


def test_what_was_appended_is_not_changed_by_what_follows() -> None:
    batch = single(1.0, Direction.SENT, Kind.TEXT, b"first")
    recording = Recording()
    recording.append(batch)
    recording.append(event(2.0, "second"))
    assert (bytes(batch.data), batch.kinds, len(batch.starts)) == (b"first", b"\x01", 1)


@pytest.mark.parametrize("number", [-1, 1, 2**40])
def test_an_entry_that_is_not_there_is_an_index_error(number: int) -> None:
    recording = Recording()
    with pytest.raises(IndexError):
        recording.entry(number)
    recording.append(event(0.0, "the only one"))
    with pytest.raises(IndexError):
        recording.entry(number)
