"""The entry that another is compared with: the previous of its kind, or its echo."""

from __future__ import annotations

import json
from typing import Any

from spacebeam.compare.partner import Partner, PartnerSearch
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED


def recorded(*entries: tuple[Direction, Any]) -> Recording:
    recording = Recording()
    for number, (direction, value) in enumerate(entries):
        is_bytes = isinstance(value, bytes)
        payload = value if is_bytes else json.dumps(value).encode()
        kind = Kind.BINARY if is_bytes and payload[:1] < b" " else Kind.TEXT
        recording.append(single(float(number), direction, kind, payload))
    return recording


def found(recording: Recording, number: int, partner: Partner) -> int:
    search = PartnerSearch(recording, number, partner)
    for entry in search.entries():
        search.read(entry)
    return search.found


def test_the_previous_of_its_kind_has_its_type_and_direction() -> None:
    recording = recorded(
        (RECEIVED, {"type": "order", "price": 1}),
        (SENT, {"type": "order", "price": 2}),
        (RECEIVED, {"type": "trade", "price": 3}),
        (RECEIVED, {"price": 4}),
        (RECEIVED, {"type": "order", "price": 5}),
        (RECEIVED, b"hello"),
    )
    places = [found(recording, number, Partner.PREVIOUS) for number in range(len(recording))]
    assert places == [-1, -1, -1, -1, 0, -1]


def test_it_is_rather_about_the_same() -> None:
    recording = recorded(
        (RECEIVED, {"type": "order", "data": {"id": 7, "state": "new"}}),
        (RECEIVED, {"type": "order", "data": {"id": 8, "state": "new"}}),
        (RECEIVED, {"type": "order", "data": {"id": 9, "state": "new"}}),
        (RECEIVED, {"type": "order", "data": {"id": 7, "state": "done"}}),
        (RECEIVED, {"type": "order", "data": {"id": 5, "state": "new"}}),
    )
    assert found(recording, 3, Partner.PREVIOUS) == 0
    assert found(recording, 4, Partner.PREVIOUS) == 3


def test_answers_are_of_the_kind_of_their_questions() -> None:
    def call(number: int, method: str) -> tuple[Direction, Any]:
        return SENT, {"jsonrpc": "2.0", "id": number, "method": method}

    def answer(number: int) -> tuple[Direction, Any]:
        return RECEIVED, {"jsonrpc": "2.0", "id": number, "result": [number]}

    recording = recorded(
        *(call(1, "book"), answer(1), call(2, "ping"), answer(2), call(3, "book"), answer(3))
    )
    assert found(recording, 5, Partner.PREVIOUS) == 1
    assert found(recording, 4, Partner.PREVIOUS) == 0


def test_an_echo_repeats_what_was_sent() -> None:
    recording = recorded(
        (RECEIVED, {"type": "tick"}),
        (SENT, {"type": "order", "id": 7}),
        (RECEIVED, {"type": "order", "id": 5}),
        (RECEIVED, {"type": "order", "id": 7, "time": 12}),
        (SENT, b"hello"),
        (RECEIVED, b"Anna: Hello"),
        (SENT, b"\x01\x02"),
        (RECEIVED, b"\x01\x02"),
    )
    places = [found(recording, number, Partner.ECHO) for number in range(len(recording))]
    assert places == [-1, 3, -1, 1, 5, 4, 7, 6]
