"""A reader draws from a sample, then has every value, and follows a recording that grows."""

from __future__ import annotations

import json
from itertools import count, pairwise
from typing import Any

from spacebeam.decode.decoder import Context
from spacebeam.protocol.batch import Direction, Kind, event_batch, single
from spacebeam.recording.recording import Recording
from spacebeam.search.series.reader import SeriesReader
from spacebeam.search.series.sequence import Break
from tests.support.filtering import batch


def append(recording: Recording, *values: Any, time: float = 0.0) -> None:
    rows = [(Kind.TEXT, json.dumps(value).encode()) for value in values]
    recording.append(batch(rows, time))


def long_recording(blocks: int = 60, entries: int = 1500) -> Recording:
    """A recording of blocks with a price, a second each."""
    recording = Recording()
    for second in range(blocks):
        first = second * entries
        pad = "x" * 60
        append(
            recording,
            *({"seq": first + at, "price": (first + at) % 97, "pad": pad} for at in range(entries)),
            time=float(second),
        )
    assert recording.block_count == blocks
    return recording


def test_a_sample_covers_the_whole_time_and_reading_completes_it() -> None:
    recording = long_recording()
    reader = SeriesReader(recording, ["price"], Context(), clock=lambda: 0.0)
    (series,) = reader.series
    while reader.sample(0.0):
        pass
    drawn = list(series.buckets)
    assert series.count == 0
    assert (drawn[0].began, drawn[-1].ended) == (0.0, series.buckets.ended)
    assert len(drawn) == 60
    steps = 0
    while reader.advance(0.0):
        steps += 1
    assert steps > 100  # short ones
    assert (series.count, reader.is_current, reader.share) == (90_000, True, 1.0)
    whole = SeriesReader(recording, ["price"], Context())
    whole.advance()
    assert list(series.buckets) == list(whole.series[0].buckets)


def test_a_sample_ends_in_time_and_is_spread_over_all() -> None:
    ticks = count(0.0, 0.1)  # seconds: what a block takes
    reader = SeriesReader(long_recording(), ["price"], Context(), clock=lambda: next(ticks))
    while reader.sample(0.0):
        pass
    drawn = [one.began for one in reader.series[0].buckets]
    assert len(drawn) < 20
    assert max(later - earlier for earlier, later in pairwise([0.0, *drawn, 60.0])) < 15


def test_what_is_appended_is_read_once() -> None:
    recording = Recording()
    append(recording, {"seq": 1}, {"seq": 2})
    reader = SeriesReader(recording, ["seq"], Context())
    reader.advance()
    append(recording, {"seq": 3}, {"seq": 6}, time=1.0)
    assert not reader.is_current
    reader.advance()
    (series,) = reader.series
    assert (series.count, series.break_counts[Break.GAP], series.missing) == (4, 1, 2)


def test_the_newest_value_is_known_before_its_turn() -> None:
    recording = long_recording()
    reader = SeriesReader(recording, ["seq"], Context())
    reader.peek()
    newest = reader.series[0].newest
    assert newest is not None
    assert (newest.entry, newest.value) == (89_999, 89_999)
    assert reader.series[0].count == 0


def test_several_paths_and_formats_are_read_together() -> None:
    recording = Recording()
    append(recording, {"a": 1}, {"b": "up"}, {"a": 2, "b": "down"}, "text")
    packed = b"\x82\xa1a\x07\xa1b\xa2up"  # MessagePack
    recording.append(single(2.0, Direction.RECEIVED, Kind.BINARY, packed))
    reader = SeriesReader(recording, ["a", "b"], Context())
    reader.advance()
    numbers, states = reader.series
    assert (numbers.count, numbers.most) == (3, 7)
    assert states.state_counts == {"up": 2, "down": 1}


def test_connections_are_told_from_gaps_of_a_sequence() -> None:
    recording = Recording()
    append(recording, *({"seq": at} for at in range(100, 120)))
    recording.append(event_batch(1.0, b'{"type":"connected","url":"ws://a/"}'))
    append(recording, *({"seq": at} for at in range(3, 9)), time=2.0)
    reader = SeriesReader(recording, ["seq"], Context())
    reader.advance()
    assert reader.series[0].breaks == []


def test_forgotten_entries_are_passed_over() -> None:
    recording = Recording(memory_limit=400_000)
    append(recording, {"seq": 1})
    reader = SeriesReader(recording, ["seq"], Context())
    reader.advance()
    for second in range(20):
        append(recording, *({"seq": at, "pad": "x" * 60} for at in range(1000)), time=float(second))
    assert recording.first_number > 1
    reader.advance()
    assert reader.is_current
    assert reader.series[0].count == 1 + len(recording) - recording.first_number


def test_deep_and_long_payloads_hold_nothing_up() -> None:
    recording = Recording()
    deep = b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    long = b'{"a":1,"pad":"' + b"x" * 300_000 + b'"}'
    recording.append(batch([(Kind.TEXT, deep), (Kind.TEXT, long), (Kind.TEXT, b'{"a":2}')]))
    reader = SeriesReader(recording, ["a"], Context())
    while reader.advance(0.0):
        pass
    assert reader.series[0].count == 1
