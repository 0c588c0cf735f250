"""JSON Lines and events of Chrome become conversations."""

from __future__ import annotations

import json

import pytest

from spacebeam.exchange.importers.importer import ImportFault
from spacebeam.net.close_reason import closed
from spacebeam.net.events import Closed, Connected, event
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.entry import Mark
from tests.exchange.exporting import BEGAN, exported, text
from tests.exchange.importing import imported

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED


def test_our_own_lines_come_back_as_they_were() -> None:
    batches = (
        event(BEGAN, Connected("ws://h/")),
        single(BEGAN + 1, _SENT, Kind.TEXT, 'Grüße "🚀"\n\x00\x7f'.encode()),
        single(BEGAN + 1, _SENT, Kind.TEXT, b"\xff"),
        single(BEGAN + 2, _RECEIVED, Kind.BINARY, bytes(range(256))),
        single(BEGAN + 3, _RECEIVED, Kind.PING, b""),
        single(BEGAN + 3, _SENT, Kind.PONG, b"hi"),
        single(BEGAN + 4, _RECEIVED, Kind.CLOSE, b"\x03\xe8bye"),
        single(BEGAN + 4, _SENT, Kind.CLOSE, b""),
        single(BEGAN + 4, _SENT, Kind.CLOSE, b"\x03\xe8\xff"),
        event(BEGAN + 4, Closed.of(closed(1000, "bye", _RECEIVED))),
    )
    pieces, _losses = exported(
        "jsonl", *batches, also=lambda recording: recording.set_mark(2, Mark(True, 'a "note"'))
    )
    found = imported(text(pieces).encode())
    (one,) = found.conversations
    assert found.format == "jsonl"
    assert [
        (each.time, each.direction, each.kind, bytes(each.payload)) for each in one.entries
    ] == [
        (batch.time, batch.direction, Kind(batch.kinds[0]), batch.payload(0)) for batch in batches
    ]
    assert one.recording.marks == {2: Mark(True, 'a "note"')}
    assert found.losses == {}


def test_a_line_needs_a_payload_alone() -> None:
    found = imported(b'\xef\xbb\xbf{"text": "a"}\r\n\n{"base64": "AP8="}\n{"unsearched": 3}\n')
    assert found.conversations[0].messages == [
        (_RECEIVED, Kind.TEXT, b"a"),
        (_RECEIVED, Kind.BINARY, b"\x00\xff"),
    ]
    assert found.losses == {"wrong-times": 2}


def test_half_a_surrogate_pair_does_not_end_the_import() -> None:
    lines = (
        rb'{"text":"a"}'
        + b"\n"
        + rb'{"text":"\ud800 \ud83d\ude00 \\ud800"}'
        + b"\n"
        + rb'{"text":"b"}'
    )
    found = imported(lines)
    assert found.error is None
    assert [payload.decode() for *_about, payload in found.conversations[0].messages] == [
        "a",
        "\ufffd 😀 \\ud800",
        "b",
    ]


def test_messages_of_playwright_are_read() -> None:
    lines = b"".join(
        json.dumps({"type": type_, "time": BEGAN * 1000, "opcode": opcode, "data": data}).encode()
        + b"\n"
        for type_, opcode, data in (("send", 1, "a"), ("receive", 2, "AP8="))
    )
    (one,) = imported(lines).conversations
    assert one.messages == [(_SENT, Kind.TEXT, b"a"), (_RECEIVED, Kind.BINARY, b"\x00\xff")]
    assert one.entries[0].time == BEGAN


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (b"{no}\n", ImportFault.NOT_JSON),
        (b'{"text": "c', ImportFault.CUT_OFF),
        (b'["c"]\n', ImportFault.OTHER_SHAPE),
        (b'{"text": 1}', ImportFault.OTHER_SHAPE),
        (b'"c"\n', ImportFault.OTHER_SHAPE),
    ],
)
def test_a_broken_line_is_told_and_the_lines_before_are_imported(
    broken: bytes, fault: ImportFault
) -> None:
    found = imported(b'{"text": "a"}\n{"text": "b"}\n' + broken)
    assert [payload for *_about, payload in found.conversations[0].messages] == [b"a", b"b"]
    assert found.error is not None
    assert (found.error.fault, found.error.line) == (fault, 3)


def _events() -> list[dict[str, object]]:
    def about(method: str, number: str, **params: object) -> dict[str, object]:
        return {"method": f"Network.webSocket{method}", "params": {"requestId": number, **params}}

    def frame(method: str, number: str, at: float, opcode: int, data: str) -> dict[str, object]:
        response = {"opcode": opcode, "payloadData": data}
        return about(method, number, timestamp=at, response=response)

    request = {"headers": {"Upgrade": "websocket"}}
    answer = {"status": 101, "headers": {"Upgrade": "websocket"}}
    return [
        {"method": "Page.loadEventFired", "params": {}},
        about("Created", "1", url="wss://a.example/"),
        about("Created", "2", url="wss://b.example/"),
        about("WillSendHandshakeRequest", "1", wallTime=BEGAN, timestamp=100.0, request=request),
        about("HandshakeResponseReceived", "1", timestamp=100.5, response=answer),
        frame("FrameSent", "1", 101.0, 1, "a"),
        frame("FrameReceived", "2", 101.0, 2, "AP8="),
        frame("FrameReceived", "1", 102.0, 1, "b"),
        about("FrameError", "1", timestamp=103.0, errorMessage="Broken"),
        about("Closed", "1", timestamp=104.0),
    ]


@pytest.mark.parametrize("form", ["list", "lines"])
def test_events_of_chrome_become_a_conversation_for_each_socket(form: str) -> None:
    lines = "\n".join(map(json.dumps, _events()))
    content = json.dumps(_events(), indent=1) if form == "list" else lines
    found = imported(content.encode())
    assert found.format == "cdp"
    first, second = found.conversations
    assert first.messages == [(_SENT, Kind.TEXT, b"a"), (_RECEIVED, Kind.TEXT, b"b")]
    assert first.begin.address == "wss://a.example/"
    assert [one.time - BEGAN for one in first.entries] == [0.5, 1.0, 2.0, 3.0]
    assert b"Broken" in first.events[-1]
    assert second.messages == [(_RECEIVED, Kind.BINARY, b"\x00\xff")]
    assert found.losses["wrong-times"] >= 1  # without a handshake, the day is not known
    assert all(one.end is not None for one in found.conversations)


@pytest.mark.parametrize("content", [b"", b"\x00", b"[]", b"{}", b"hello", b"[1, 2]", b"x" * 99])
def test_other_files_are_refused(content: bytes) -> None:
    found = imported(content)
    assert found.error is not None
    assert found.error.fault is ImportFault.UNKNOWN_FORMAT


@pytest.mark.parametrize("form", ["list", "lines"])
def test_broken_events_of_chrome_give_what_came_before_and_the_place(form: str) -> None:
    lines = "\n".join(map(json.dumps, _events()))
    whole = (json.dumps(_events()) if form == "list" else lines).encode()
    place = whole.index(b"FrameError")
    found = imported(whole[:place] + b'"' + whole[place:])
    assert found.error is not None
    assert found.error.fault is ImportFault.NOT_JSON
    assert found.error.line == (9 if form == "lines" else 0)
    assert [payload for *_about, payload in found.conversations[0].messages] == [b"a", b"b"]
    assert found.conversations[0].end is None
    cut = imported(whole[:place])
    assert cut.error is not None
    assert [payload for *_about, payload in cut.conversations[0].messages] == [b"a", b"b"]


def test_long_lines_and_blocks_of_lines_are_read_with_their_numbers() -> None:
    long = "é" * 400_000
    lines = [
        json.dumps({"time": BEGAN, "kind": "text", "direction": "sent", "text": one})
        for one in ("a", long, "b") * 3
    ]
    content = "\n".join([*lines, "{no}", lines[0]]).encode()
    found = imported(content)
    assert [payload.decode() for *_about, payload in found.conversations[0].messages] == [
        "a",
        long,
        "b",
    ] * 3
    assert found.error is not None
    assert (found.error.fault, found.error.line) == (ImportFault.NOT_JSON, 10)
