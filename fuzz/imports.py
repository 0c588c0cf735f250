"""Fuzzing of files that are imported: any file is read or refused with an ImportFileError."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from fuzz.target import Target, pieces, split
from spacebeam.exchange.importers.importer import (
    Begin,
    End,
    Import,
    ImportFileError,
    Part,
    valid_time,
)
from spacebeam.exchange.importers.registry import (
    CAPTURE,
    CDP,
    CDP_LINES,
    HAR,
    JSON_LINES,
    ZIP,
    recognised,
)
from spacebeam.exchange.losses import Losses
from spacebeam.net.report_json import to_json
from spacebeam.net.report_reading import from_json
from spacebeam.net.report_secrets import without_its_secrets
from spacebeam.recording.codec import decode, encode
from spacebeam.recording.recording import Recording
from tests.exchange.capturing import Conversation, Form, received, sent


def check_import(data: bytes) -> None:
    """Import a file by its content, and as each format."""
    with suppress(ImportFileError):
        format_, file = recognised(io.BytesIO(data))
        _read(format_.read, file)
    for one in (HAR, ZIP, JSON_LINES, CDP, CDP_LINES):
        with suppress(ImportFileError):
            _read(one.read, io.BytesIO(data))


def _read(read: Import, file: BinaryIO) -> None:
    """Read a file, and check what an importer promises."""
    opened: dict[str, Recording] = {}
    for item in read(file, Losses()):
        match item:
            case Begin():
                assert item.key not in opened
                opened[item.key] = Recording()
                if item.report is not None:
                    from_json(to_json(without_its_secrets(item.report)))
            case Part():
                recording = opened[item.key]
                recording.append(item.batch)
                assert all(0 <= place < len(item.batch) for place in item.marks)
            case End():
                recording = opened.pop(item.key)
                assert valid_time(item.ended) is not None
                for block in recording.blocks():
                    decode(block.first, encode(block), bytes(block.data))


def _seeds() -> Iterator[bytes]:
    message = {"type": "send", "time": 1.5, "opcode": 2, "data": "AP8="}
    close = {"type": "receive", "time": 2, "opcode": 8, "data": "", "code": 1000}
    headers = [
        {"name": "Upgrade", "value": "websocket"},
        ["Sec-WebSocket-Extensions", "permessage-deflate; x=1"],
        {"name": "Cookie", "value": "a=b"},
    ]
    entry = {
        "startedDateTime": "2026-11-29T01:34:23.540Z",
        "request": {"method": "GET", "url": "http://h/?token=abc", "headers": headers},
        "response": {"status": 101, "headers": headers},
        "_webSocketMessages": [message, close, {"type": "error", "data": "no"}],
        "_webSocketClose": {"code": 1000, "reason": "", "timestamp": 1.0},
    }
    har = json.dumps({"log": {"creator": {"name": "x"}, "entries": [entry]}}).encode()
    yield har
    yield zlib.compress(har)
    yield _zip({"har.har": _attached(entry), "a.jsonl": json.dumps(message).encode() + b"\n"})
    yield b'{"number": 1, "starred": true, "time": 1.5, "direction": "sent", "text": "a"}\n' * 2
    yield b'{"time": 1, "kind": "event", "event": {"type":"note","text":"a"}}\n{"base64": "AP8="}'
    yield b'{"kind": "close", "code": 1000, "reason": "bye"}\n{"data": "a", "type": "send"}\n'
    about = {"requestId": "1", "timestamp": 1.0, "wallTime": 9.5, "url": "ws://h/"}
    sent = {"response": {"opcode": 1, "payloadData": "a"}, "request": {"headers": {"a": "b"}}}
    names = ("Created", "WillSendHandshakeRequest", "HandshakeResponseReceived", "FrameSent")
    methods = [f"Network.webSocket{name}" for name in (*names, "FrameError", "Closed")]
    events = [{"method": method, "params": {**about, **sent}} for method in methods]
    yield json.dumps(events).encode()
    yield "\n".join(map(json.dumps, events)).encode()


def _attached(entry: dict[str, Any]) -> bytes:
    """Return a HAR whose messages are in another file of its archive."""
    response = {**entry["response"], "content": {"_file": "a.jsonl"}}
    other = {**entry, "response": response, "_webSocketMessages": []}
    return json.dumps({"log": {"entries": [other]}}).encode()


def _zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def check_capture(data: bytes) -> None:
    """Import packets: the file as it is, and its bytes as the segments of a connection."""
    with suppress(ImportFileError):
        _read(CAPTURE.read, io.BytesIO(data))
    form, rest = split(data, 2)
    order = "<" if form[0] & 1 else ">"
    head = struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    packets = []
    for number, piece in enumerate(pieces(rest, form[1])):
        ends = b"\x0a\0\0\x01\x0a\0\0\x02"
        ends = ends if piece[0] & 1 else ends[4:] + ends[:4]
        ports = (1000, 80) if piece[0] & 1 else (80, 1000)
        tcp = struct.pack(">HHIIBBHHH", *ports, piece[0] // 2, number, 0x50, piece[0] >> 3, 0, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(piece), 0, 0, 64, 6, 0) + ends
        packet = ip + tcp + piece[1:]
        packets.append(struct.pack(f"{order}IIII", number, 0, len(packet), len(packet)) + packet)
    with suppress(ImportFileError):
        _read(CAPTURE.read, io.BytesIO(head + b"".join(packets)))


def _capture_seeds() -> Iterator[bytes]:
    for form in (Form(), Form(order=">", link="cooked", is_ipv6=True), Form("pcap", is_nano=True)):
        for extensions in ("", "permessage-deflate"):
            talk = Conversation()
            talk.open(extensions, after_answer=received(b"hi"))
            talk.client(sent(b"a") + sent(b"b", 9))
            talk.server(received(b"\x03\xe8", 8))
            talk.end()
            yield form.write(talk.segments)


IMPORTS = {
    "import": Target(check_import, tuple(_seeds())),
    "capture": Target(check_capture, tuple(_capture_seeds())),
}
