"""Recordings of calls: questions and answers in JSON."""

from __future__ import annotations

import json
from typing import Any

from spacebeam.protocol.batch import Batch, Direction, Kind, single
from spacebeam.recording.recording import Recording

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
Line = tuple[float, Direction, Any]


def call(number: int, method: str) -> dict[str, Any]:
    """A request of JSON-RPC."""
    return {"jsonrpc": "2.0", "id": number, "method": method}


def result(number: int) -> dict[str, Any]:
    """An answer of JSON-RPC."""
    return {"jsonrpc": "2.0", "id": number, "result": []}


def error(number: int) -> dict[str, Any]:
    """An answer of JSON-RPC that is an error."""
    return {"jsonrpc": "2.0", "id": number, "error": {"code": -1, "message": "no"}}


TICK = {"jsonrpc": "2.0", "method": "tick"}
CALLS: tuple[Line, ...] = (
    (1.0, SENT, call(1, "getBook")),
    (1.25, SENT, call(2, "ping")),
    (1.5, RECEIVED, error(2)),
    (2.0, RECEIVED, result(1)),
    (2.5, RECEIVED, TICK),
    (3.0, SENT, call(3, "getBook")),
    (3.125, RECEIVED, result(3)),
    (3.5, SENT, call(4, "slow")),
)
"""Numbers from 0: getBook 0→3 in 1 s, ping 1→2 in 250 ms with an error, getBook 5→6 in 125 ms, and
slow, which is not answered."""


def text(time: float, direction: Direction, value: Any) -> Batch:
    """A text message; what is no bytes is written as JSON."""
    payload = value if isinstance(value, bytes) else json.dumps(value).encode()
    return single(time, direction, Kind.TEXT, payload)


def recorded(*lines: Line) -> Recording:
    """A recording of messages in memory."""
    recording = Recording()
    for time, direction, value in lines:
        recording.append(text(time, direction, value))
    return recording
