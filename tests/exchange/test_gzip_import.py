"""Files compressed with gzip are imported as what is in them."""

from __future__ import annotations

import gzip
import json

import pytest

from spacebeam.exchange.importers.importer import ImportFault
from tests.exchange.capturing import BEGAN, Conversation, Form, received
from tests.exchange.importing import imported


def _capture(count: int = 1) -> bytes:
    """Return the capture of conversations of a few messages each."""
    parts = []
    for at in range(count):
        made = Conversation()
        made.open(after_answer=received(b"welcome"))
        for number in range(20):
            made.server(received(f"message {number}".encode()))
        made.end()
        parts.append(Form().write(made.segments, (50000 + at, 80)))
    return b"".join(parts)


_HAR = json.dumps(
    {
        "log": {
            "entries": [
                {
                    "_resourceType": "websocket",
                    "request": {"url": "ws://h/", "method": "GET", "headers": []},
                    "response": {"status": 101, "headers": []},
                    "_webSocketMessages": [
                        {"type": "send", "time": BEGAN, "opcode": 1, "data": "hi"}
                    ],
                }
            ]
        }
    }
).encode()
_LINE = b'{"number":1,"time":1700000000.0,"direction":"sent","kind":"text","text":"hi"}\n'


@pytest.mark.parametrize(
    ("content", "format_"),
    [(_capture(), "capture"), (_HAR, "har"), (_LINE * 5000, "jsonl")],
)
def test_it_is_the_same_as_the_file_that_is_not_compressed(content: bytes, format_: str) -> None:
    plain = imported(content)
    half = len(content) // 2
    in_two = gzip.compress(content[:half]) + gzip.compress(content[half:]) + bytes(100)
    for packed in (gzip.compress(content), in_two):
        found = imported(packed)
        assert found.error is None
        assert found.format == format_
        assert found.conversations[0].messages
        assert [one.messages for one in found.conversations] == [
            one.messages for one in plain.conversations
        ]


def test_a_file_that_is_cut_off_or_damaged_is_read_up_to_there() -> None:
    packed = bytearray(gzip.compress(_capture(500)))
    cut = imported(bytes(packed[: len(packed) // 2]))
    packed[-6] ^= 0xFF  # of its checksum
    damaged = imported(bytes(packed))
    for found, fault in ((cut, ImportFault.CUT_OFF), (damaged, ImportFault.NOT_ZLIB)):
        assert found.conversations
        assert found.error is not None
        assert found.error.fault is fault


def test_what_is_compressed_must_be_of_a_known_format() -> None:
    found = imported(gzip.compress(b"hello"))
    assert found.error is not None
    assert found.error.fault is ImportFault.UNKNOWN_FORMAT
