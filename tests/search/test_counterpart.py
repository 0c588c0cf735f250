"""A question and its answer are found from either of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.search.counterpart import REACH, Counterpart, counterpart


def call(number: int, method: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method}


def recorded(*entries: tuple[float, Direction, Any]) -> Recording:
    recording = Recording()
    for time, direction, value in entries:
        payload = value if isinstance(value, bytes) else json.dumps(value).encode()
        recording.append(single(time, direction, Kind.TEXT, payload))
    return recording


def found(recording: Recording, number: int) -> Counterpart | None:
    steps = counterpart(recording, number)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: Counterpart | None = end.value
            return value


SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
CALLS = recorded(
    (1.0, SENT, call(1, "getBook")),
    (1.1, SENT, call(2, "ping")),
    (1.25, RECEIVED, {"jsonrpc": "2.0", "id": 2, "error": {"code": 1, "message": "no"}}),
    (1.5, RECEIVED, {"jsonrpc": "2.0", "id": 1, "result": []}),
    (1.6, RECEIVED, {"jsonrpc": "2.0", "method": "tick"}),
    (1.7, SENT, call(3, "slow")),
    (1.8, RECEIVED, b"no JSON"),
)


@pytest.mark.parametrize(
    ("number", "other", "is_answer", "latency", "name", "is_error"),
    [
        (0, 3, True, 0.5, "getBook", False),
        (3, 0, False, 0.5, "getBook", False),
        (1, 2, True, 0.15, "ping", True),
        (5, -1, True, 0.0, "slow", False),
    ],
)
def test_the_other_one_is_found(
    number: int, other: int, is_answer: bool, latency: float, name: str, is_error: bool
) -> None:
    one = found(CALLS, number)
    assert one is not None
    assert (one.number, one.is_answer, one.name, one.is_error) == (other, is_answer, name, is_error)
    assert one.latency == pytest.approx(latency)


@pytest.mark.parametrize("number", [4, 6])
def test_what_asks_and_answers_nothing_has_none(number: int) -> None:
    assert found(CALLS, number) is None


def test_entries_far_away_are_not_read() -> None:
    tick = {"jsonrpc": "2.0", "method": "tick"}
    between = [(2.0, RECEIVED, tick)] * (REACH + 1)
    answer = {"jsonrpc": "2.0", "id": 1, "result": 1}
    recording = recorded((1.0, SENT, call(1, "slow")), *between, (3.0, RECEIVED, answer))
    question = found(recording, 0)
    assert question is not None
    assert question.number == -1
    assert found(recording, len(recording) - 1) is None
