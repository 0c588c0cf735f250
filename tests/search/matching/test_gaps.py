"""`gap:` finds breaks of a sequence number across blocks, however the blocks are divided."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from spacebeam.protocol.batch import Batch, Direction, Kind, event_batch, single
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Gap
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from tests.support.filtering import batch


def message(value: Any, direction: Direction = Direction.RECEIVED) -> Batch:
    return single(1.0, direction, Kind.TEXT, json.dumps(value).encode())


def recorded(*batches: Batch) -> Recording:
    recording = Recording()
    for one in batches:
        recording.append(one)
    return recording


def found(recording: Recording, text: str, *hidden: str, seconds: float | None = None) -> list[int]:
    """Return the numbers of the matching entries."""
    filter = parse(text)
    assert not filter.errors
    matcher = Matcher(filter, hidden=[parse(one) for one in hidden])
    view = FilteredView(recording, matcher)
    while view.advance(seconds):
        if view.pending is not None:
            view.accept(view.pending())
    return [view.number(position) for position in range(len(view))]


def feed(*numbers: int) -> Recording:
    return recorded(*(message({"seq": number}) for number in numbers))


def test_the_entry_after_a_gap_is_found() -> None:
    assert found(feed(1, 2, 5, 6), "gap:json:seq") == [2]


def test_duplicates_and_late_numbers_are_found() -> None:
    assert found(feed(1, 2, 2, 5, 3, 6), "gap:json:seq") == [2, 3, 4]


def test_negated_it_finds_the_others() -> None:
    assert found(feed(1, 2, 5, 6), "-gap:json:seq") == [0, 1, 3]


def test_each_direction_has_its_own_numbers() -> None:
    sent, received = Direction.SENT, Direction.RECEIVED
    batches = [message({"id": 1}, sent), message({"id": 40}, received)]
    batches += [message({"id": 2}, sent), message({"id": 42}, received)]
    assert found(recorded(*batches), "gap:json:id") == [3]


def test_other_terms_choose_the_messages_that_have_the_sequence() -> None:
    rows = [("a", 1), ("b", 9), ("a", 2), ("b", 10), ("a", 4), ("b", 11)]
    recording = recorded(*(message({"channel": name, "seq": seq}) for name, seq in rows))
    assert found(recording, "json:channel=a gap:json:seq") == [4]
    assert found(recording, "gap:json:seq json:channel=b") == []


def test_numbers_of_hidden_messages_are_not_missing() -> None:
    rows = [("data", 1), ("heartbeat", 2), ("data", 3), ("data", 5), ("heartbeat", 9)]
    recording = recorded(*(message({"type": kind, "seq": seq}) for kind, seq in rows))
    assert found(recording, "gap:json:seq", "json:type=heartbeat") == [3]


def test_a_connection_may_start_the_numbers_over() -> None:
    connected = event_batch(2.0, b'{"type":"connected","url":"ws://a/"}')
    batches = [message({"seq": 8}), connected, message({"seq": 3}), message({"seq": 4})]
    assert found(recorded(*batches), "gap:json:seq") == []


def test_messages_without_the_number_are_passed_over() -> None:
    batches = [message({"seq": 1}), message("seq"), message({"seq": None}), message({"seq": 2})]
    assert found(recorded(*batches), "gap:json:seq") == []


@pytest.mark.parametrize("seconds", [None, 0.0])
def test_breaks_are_found_across_blocks_and_steps(seconds: float | None) -> None:
    chance = random.Random(3)
    numbers, expected = [0], []
    for entry in range(1, 30_000):
        is_gap = chance.random() < 0.001
        numbers.append(numbers[-1] + 1 + is_gap)
        if is_gap:
            expected.append(entry)
    recording = Recording()
    for first in range(0, len(numbers), 7000):  # blocks of their own
        rows = [(Kind.TEXT, b'{"seq": %d}' % one) for one in numbers[first : first + 7000]]
        recording.append(batch(rows))
    assert recording.block_count > 2
    assert found(recording, "gap:json:seq", seconds=seconds) == expected


def test_a_deep_payload_in_between_is_read_once() -> None:
    deep = b"[" * 50_000 + b"]" * 50_000
    payloads = [b'{"seq":1}', b'{"seq":2}', b'{"seq":3,"x":' + deep + b"}", b'{"seq":4}']
    recording = recorded(batch([(Kind.TEXT, one) for one in (*payloads, b'{"seq":6}')]))
    assert found(recording, "gap:json:seq", seconds=0.0) == [4]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("gap:seq", "After gap:, write json: and a path, such as gap:json:seq"),
        ("gap:", "After gap:, write json: and a path, such as gap:json:seq"),
        ("gap:json:", "Enter the path of a sequence number, such as gap:json:seq"),
        ("gap:json:seq>3", "Write gap:json:seq alone; it compares with the number before"),
        ("gap:json:a.", "The path is incomplete"),
    ],
)
def test_errors_say_what_to_write(text: str, advice: str) -> None:
    (error,) = parse(text).errors
    assert error.message == advice


def test_a_term_has_a_path() -> None:
    (term,) = parse('gap:json:data."the seq"').terms
    assert term.condition == Gap('data."the seq"')
