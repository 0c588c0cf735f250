"""A recording holds what it was given, in order, whatever the batches were."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.recording.recording import Recording
from spacebeam.wire.batch import Batch, Direction, Kind, Origin


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
