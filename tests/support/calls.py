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

GRAPHQL = '{"subprotocol": "graphql-transport-ws"}'
"""The report of a handshake, as far as decoders use it."""


def operations(began: float) -> list[Line]:
    """Operations of GraphQL: six of five kinds, four times, the slowest of them `GetBook`."""
    names = ("GetBook", "PlaceOrder", "Balance", "GetBook", "CancelOrder", "GetBook")
    latencies = (0.012, 0.24, 0.003, 0.019, 0.0004, 1.84)
    lines: list[Line] = []
    for number, name in enumerate(names * 4):
        latency = latencies[number % len(latencies)] * (1 + number / 40)
        payload = {"operationName": name, "query": f"query {name} {{ a }}"}
        lines.append((began, SENT, {"id": str(number), "type": "subscribe", "payload": payload}))
        answer: dict[str, Any] = {"type": "next", "payload": {"data": {"ok": True}}}
        if name == "CancelOrder":
            answer = {"type": "error", "payload": [{"message": "no such order"}]}
        if number != 20:
            lines.append((began + latency, RECEIVED, {"id": str(number), **answer}))
        began += latency + 0.2
    return lines


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
