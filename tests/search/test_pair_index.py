"""The index knows each question's answer, however the recording is read and grows."""

from __future__ import annotations

from itertools import count

import pytest

from spacebeam.protocol.batch import Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.search.counterpart import Counterpart
from spacebeam.search.pair_index import NONE, PairIndex
from spacebeam.search.pair_paths import read_paths
from tests.support.calls import (
    CALLS,
    RECEIVED,
    SENT,
    TICK,
    Line,
    call,
    error,
    recorded,
    result,
    text,
)


def read(recording: Recording) -> PairIndex:
    index = PairIndex(recording)
    assert not index.advance()
    return index


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (0, Counterpart(3, True, 1.0, "getBook", False)),
        (3, Counterpart(0, False, 1.0, "getBook", False)),
        (1, Counterpart(2, True, 0.25, "ping", True)),
        (2, Counterpart(1, False, 0.25, "ping", True)),
        (4, None),
        (7, Counterpart(-1, True, NONE, "slow", False)),
        (8, None),
    ],
)
def test_each_entry_has_its_counterpart(number: int, found: Counterpart | None) -> None:
    assert read(recorded(*CALLS)).counterpart(number) == found


def test_a_slice_reads_a_part_and_the_next_one_goes_on() -> None:
    ticks = count()
    index = PairIndex(recorded(*CALLS), clock=lambda: float(next(ticks)))
    assert index.advance(1)
    assert index.read_to == 1
    slices = 1
    while index.advance(1):
        slices += 1
    assert slices == len(CALLS) - 1
    assert index.was_current
    assert index.counterpart(3) == Counterpart(0, False, 1.0, "getBook", False)


def test_it_grows_with_the_recording() -> None:
    recording = recorded(*CALLS)
    index = read(recording)
    assert (index.unanswered, index.answered) == (1, 3)
    recording.append(text(4.0, RECEIVED, result(4)))
    index.advance()
    assert (index.unanswered, index.answered) == (0, 4)
    assert index.counterpart(7) == Counterpart(8, True, 0.5, "slow", False)


def test_the_calls_of_a_batch_are_answered_each() -> None:
    batch = [call(1, "a"), call(2, "b"), call(3, "a")]
    index = read(recorded((1.0, SENT, batch), (2.0, RECEIVED, [error(3), result(1)])))
    rows = index.rows(0, 1)
    assert [index.name(row) for row in rows] == ["a", "b", "a"]
    assert [index.others[row] for row in rows] == [2, 0, 2]
    groups = {one.name: one for one in index.statistics.groups}
    assert (groups["a"].questions, groups["a"].errors, groups["a"].latencies.count) == (2, 1, 2)
    assert (groups["b"].questions, groups["b"].latencies.count) == (1, 0)


def test_a_new_connection_does_not_answer_what_the_last_one_asked() -> None:
    recording = recorded((1.0, SENT, call(1, "lost")))
    recording.add_handshake("{}")
    recording.append(text(1.5, SENT, call(2, "before")))
    recording.add_handshake("{}")
    for line in (
        (2.0, RECEIVED, result(1)),
        (2.0, SENT, call(1, "new")),
        (3.0, RECEIVED, result(1)),
    ):
        recording.append(text(*line))
    index = read(recording)
    assert index.counterpart(2) is None
    assert index.counterpart(4) == Counterpart(3, False, 1.0, "new", False)
    assert index.unanswered == 2


def test_later_answers_of_a_stream_have_no_latency() -> None:
    lines = (
        (1.0, SENT, {"id": "1", "type": "subscribe", "payload": {"query": "subscription P { p }"}}),
        (1.5, RECEIVED, {"id": "1", "type": "next", "payload": {"data": 1}}),
        (9.0, RECEIVED, {"id": "1", "type": "next", "payload": {"data": 2}}),
        (9.5, RECEIVED, {"id": "1", "type": "complete"}),
    )
    recording = recorded(*lines)
    recording.add_handshake('{"subprotocol": "graphql-transport-ws"}')
    index = read(recording)
    found = [index.counterpart(number) for number in range(4)]
    assert [one and (one.number, one.name) for one in found] == [
        (1, "subscription P"),
        (0, "subscription P"),
        (0, "subscription P"),
        (0, "subscription P"),
    ]
    assert [one and one.latency for one in found] == [0.5, 0.5, NONE, NONE]
    assert index.names_like("p", ignores_case=True) == {0}
    assert not index.names_like("p", ignores_case=False)


def test_forgotten_entries_are_forgotten_here_too() -> None:
    recording = Recording(memory_limit=20_000)
    index = PairIndex(recording)
    for number in range(3000):
        recording.append(text(1.0, SENT, call(number, "a" * 100)))
        recording.append(text(1.0, RECEIVED, result(number)))
        index.advance()
    assert recording.first_number > 1000
    assert index.numbers[0] >= recording.first_number
    assert len(index.numbers) <= 6000 - recording.first_number
    assert index.counterpart(5999) == Counterpart(5998, False, 0.0, "a" * 100, False)


def test_a_recording_without_pairs_is_known_after_a_while() -> None:
    index = read(recorded(*[(1.0, RECEIVED, {"price": 1})] * 1001))
    assert index.seems_empty
    assert not read(recorded(*CALLS)).seems_empty
    assert not read(recorded((1.0, RECEIVED, TICK))).seems_empty


def test_payloads_that_take_long_are_passed_over_in_the_window() -> None:
    deep, wide = b"[" * 3000 + b"]" * 3000, b"[" + b"[]," * 20_000 + b"[]]"
    large = single(1.0, SENT, Kind.BINARY, b"\x92" * 40_000)
    lines = ((1.0, SENT, call(1, "a")), (1.0, SENT, deep), (1.0, SENT, wide))
    recording = recorded(*lines, (1.5, RECEIVED, result(1)))
    recording.append(large)
    index = PairIndex(recording, is_quick=True)
    index.advance()
    assert index.counterpart(3) == Counterpart(0, False, 0.5, "a", False)
    assert sum(one.count for one in index.statistics.groups) == 1


def test_messages_are_paired_by_two_paths() -> None:
    lines = (
        (1.0, SENT, {"id": 7, "cmd": "open"}),
        (2.0, RECEIVED, {"id": 90, "meta": {"reply_to": 7}}),
        (3.0, SENT, {"id": 91, "meta": {"reply_to": 90}, "error": "busy"}),
    )
    index = PairIndex(recorded(*lines), paths=read_paths("json:id=json:meta.reply_to"))
    index.advance()
    rows = range(len(index.numbers))
    assert [(index.numbers[row], index.others[row] - 1) for row in rows] == [
        (0, 1),
        (1, 2),
        (1, 0),
        (2, -1),
        (2, 1),
    ]
    assert index.name(0) == "open"


def test_one_path_pairs_both_sides() -> None:
    lines = (
        (1.0, SENT, {"id": 7, "type": "open"}),
        (2.0, RECEIVED, {"id": 7}),
        (3.0, RECEIVED, {"id": 7, "type": "theirs"}),
        (4.0, SENT, {"id": 7, "error": "busy"}),
    )
    index = PairIndex(recorded(*lines), paths=read_paths("json:id=json:id"))
    index.advance()
    assert index.counterpart(1) == Counterpart(0, False, 1.0, "open", False)
    assert index.counterpart(3) == Counterpart(2, False, 1.0, "theirs", True)
    assert index.unanswered == 0


def test_acknowledgements_of_socket_io_have_a_latency_with_attachments_too() -> None:
    lines = (
        (1.0, SENT, b'421["getBook"]'),
        (1.25, RECEIVED, b'431[{"bids": []}]'),
        (2.0, SENT, b'451-2["upload", {"_placeholder": true, "num": 0}]'),
    )
    recording = recorded(*lines)
    recording.set_fact("address", "wss://example.test/socket.io/?EIO=4&transport=websocket")
    recording.append(single(2.0, SENT, Kind.BINARY, b"\0\1"))
    recording.append(text(2.5, RECEIVED, b'432["stored"]'))
    index = read(recording)
    assert index.counterpart(1) == Counterpart(0, False, 0.25, "getBook", False)
    assert index.counterpart(4) == Counterpart(3, False, 0.5, "upload", False)


def test_the_newest_rows_are_known_where_they_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacebeam.search.pair_index.MAX_ROWS", 8)
    lines: list[Line] = [(1.0, SENT, call(0, "first"))]
    for number in range(1, 20):
        lines += [(2.0, SENT, call(number, "a")), (2.0, RECEIVED, result(number))]
    recording = recorded(*lines, (3.0, RECEIVED, result(0)))
    index = PairIndex(recording, is_quick=True)
    index.advance()
    assert len(index.numbers) <= 8
    assert index.counterpart(38) == Counterpart(37, False, 0.0, "a", False)
    assert index.counterpart(39) == Counterpart(0, False, 2.0, "first", False)
    assert index.counterpart(0) is None
    assert len(read(recording).numbers) == len(recording)
