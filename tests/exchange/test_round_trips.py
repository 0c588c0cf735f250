"""What goes out and comes in again is the same, but for what the report names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.net.close_reason import CloseCause
from spacebeam.net.events import Closed, Connected, Event, Note, RoundTrip, to_payload
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, single
from spacebeam.protocol.close import is_legal
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.exchange.exporting import BEGAN, exported, text
from tests.exchange.importing import imported

_DIRECTIONS = some.sampled_from((Direction.SENT, Direction.RECEIVED))
_TEXTS = some.text(some.characters(codec="utf-8"), max_size=40).map(str.encode)
_BYTES = some.binary(max_size=40)
_CODES = some.integers(1000, 4999).filter(is_legal)
_CLOSES = some.tuples(_CODES, some.text(some.characters(codec="utf-8"), max_size=20))
_EVENTS: some.SearchStrategy[Event] = some.sampled_from(
    (
        Connected("ws://h.example/"),
        RoundTrip(1.5),
        Note("é\n"),
        Closed(CloseCause.STREAM_CLOSED, 1006),
    )
)
_ORIGINS = some.none() | some.just(Origin(20, (9, 3), True))


def _close(told: tuple[int, str]) -> bytes:
    code, reason = told
    return code.to_bytes(2, "big") + reason.encode()


_ENTRIES = some.one_of(
    some.tuples(_DIRECTIONS, some.just(Kind.TEXT), _TEXTS, _ORIGINS),
    some.tuples(_DIRECTIONS, some.just(Kind.BINARY), _BYTES, _ORIGINS),
    some.tuples(_DIRECTIONS, some.sampled_from((Kind.PING, Kind.PONG)), _BYTES, some.none()),
    some.tuples(_DIRECTIONS, some.just(Kind.CLOSE), _CLOSES.map(_close), some.none()),
    some.tuples(
        some.just(Direction.NONE), some.just(Kind.EVENT), _EVENTS.map(to_payload), some.none()
    ),
)
_MARKS = some.builds(Mark, some.booleans(), some.text(some.characters(codec="utf-8"), max_size=9))


def _batches(entries: list[tuple[Direction, Kind, bytes, Origin | None]]) -> list[Batch]:
    return [
        single(BEGAN + at / 8, direction, kind, payload, origin)
        for at, (direction, kind, payload, origin) in enumerate(entries)
    ]


def _marked(marks: list[Mark]) -> Callable[[Recording], None]:
    def mark(recording: Recording) -> None:
        for number, one in enumerate(marks[: len(recording)]):
            recording.set_mark(number, one)

    return mark


def _come_back(content: bytes) -> list[tuple[float, Direction, Kind, bytes]]:
    found = imported(content)
    assert found.error is None
    return [
        (one.time, one.direction, one.kind, bytes(one.payload))
        for talk in found.conversations
        for one in talk.entries
    ]


@settings(deadline=None, max_examples=150)
@given(some.lists(_ENTRIES, min_size=1, max_size=8), some.lists(_MARKS, max_size=4))
def test_json_lines_come_back_with_every_entry_and_mark(
    entries: list[tuple[Direction, Kind, bytes, Origin | None]], marks: list[Mark]
) -> None:
    batches = _batches(entries)
    pieces, losses = exported("jsonl", *batches, also=_marked(marks))
    content = text(pieces).encode()
    assert _come_back(content) == [
        (batch.time, batch.direction, Kind(batch.kinds[0]), batch.payload(0)) for batch in batches
    ]
    assert losses.get("wire-forms", 0) == sum(entry[3] is not None for entry in entries)
    found = imported(content).conversations[0].recording.marks
    wanted = {at: one for at, one in enumerate(marks[: len(entries)]) if one != Mark()}
    assert found == wanted


@settings(deadline=None, max_examples=150)
@given(
    some.lists(_ENTRIES, min_size=1, max_size=8),
    some.lists(_MARKS, max_size=4),
    some.booleans(),
)
def test_har_comes_back_with_every_message_and_counts_the_rest(
    entries: list[tuple[Direction, Kind, bytes, Origin | None]],
    marks: list[Mark],
    has_control_frames: bool,
) -> None:
    batches = _batches(entries)
    pieces, losses = exported(
        "har", *batches, also=_marked(marks), has_control_frames=has_control_frames
    )
    kinds = [Kind.TEXT, Kind.BINARY]
    kinds += [Kind.PING, Kind.PONG, Kind.CLOSE] if has_control_frames else []
    found = [one for one in _come_back(text(pieces).encode()) if one[2] in kinds]
    wanted = [
        (batch.time, batch.direction, Kind(batch.kinds[0]), batch.payload(0))
        for batch in batches
        if batch.kinds[0] in kinds
    ]
    assert [one[1:] for one in found] == [one[1:] for one in wanted]
    assert [one[0] for one in found] == pytest.approx([one[0] for one in wanted], abs=1e-6)
    pings = sum(entry[1] in (Kind.PING, Kind.PONG) for entry in entries)
    assert losses.get("control-frames", 0) == (0 if has_control_frames else pings)
    set_marks = [one for one in marks[: len(entries)] if one != Mark()]
    assert losses.get("marks", 0) == len(set_marks)


@settings(deadline=None, max_examples=60)
@given(
    some.lists(_ENTRIES, max_size=6),
    some.lists(_MARKS, max_size=3),
    some.sampled_from(sorted(FORMATS)),
)
def test_an_export_loses_nothing_but_what_is_said_before(
    entries: list[tuple[Direction, Kind, bytes, Origin | None]], marks: list[Mark], name: str
) -> None:
    _pieces, losses = exported(name, *_batches(entries), also=_marked(marks))
    assert set(losses) <= {loss.value for loss in FORMATS[name].losses}
