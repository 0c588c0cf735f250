"""Payloads are copied whole, or the copy says what it is."""

from __future__ import annotations

import os

import pytest

from spacebeam.decode.json_tree import JsonTree
from spacebeam.net.events import Connected, to_payload
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.ui.inspector.copying import AS_HEX, copied, copied_value

MIB = 1024 * 1024


def entry(payload: bytes, kind: Kind) -> Entry:
    return Entry(0, 0.0, kind, Direction.RECEIVED, len(payload), payload)


@pytest.mark.parametrize(
    ("payload", "kind", "text"),
    [
        ("é\n<b>\x1b\r\n".encode(), Kind.TEXT, "é\n<b>\x1b\r\n"),
        (b'{"a": 1}', Kind.BINARY, '{"a": 1}'),
        (b"", Kind.TEXT, ""),
        (b"\x03\xe8bye", Kind.CLOSE, "1000 normal closure: bye"),
        (b"\x03\xe8a\0b", Kind.CLOSE, "1000 normal closure: a␀b"),
        (to_payload(Connected("ws://h/")), Kind.EVENT, "Connected to ws://h/"),
        ("é".encode() * MIB, Kind.TEXT, "é" * MIB),
    ],
)
def test_text_is_copied_as_it_is(payload: bytes, kind: Kind, text: str) -> None:
    copy = copied(entry(payload, kind))
    assert copy.text == text
    assert copy.notice == ""


@pytest.mark.parametrize(
    ("payload", "kind", "reason"),
    [
        (b"\xde\xad", Kind.BINARY, ""),
        (os.urandom(16 * MIB), Kind.BINARY, ""),
        (b"CONNECTED\n\n\0", Kind.TEXT, "NUL"),
        (b"\xff", Kind.TEXT, "UTF-8"),
        (b"\xed\xa0\x80", Kind.TEXT, "UTF-8"),  # half of a surrogate pair
        (b"x" * MIB + b"\xff", Kind.TEXT, "UTF-8"),
        (b"x" * MIB + b"\xc3", Kind.TEXT, "UTF-8"),
    ],
    ids=["binary", "long", "STOMP", "byte", "surrogate", "late byte", "cut character"],
)
def test_what_a_clipboard_cannot_hold_is_copied_whole_as_hexadecimal_with_a_word(
    payload: bytes, kind: Kind, reason: str
) -> None:
    copy = copied(entry(payload, kind))
    assert bytes.fromhex(copy.text) == payload
    assert copy.notice.startswith(AS_HEX)
    assert reason in copy.notice


@pytest.mark.parametrize(
    ("document", "text", "notice"),
    [
        (rb'["a\"\n"]', 'a"\n', ""),
        (rb'["a\u0000b"]', r'"a\u0000b"', "its escapes"),
        (rb'["\ud83d x"]', r'"\ud83d x"', "its escapes"),
        (b'["a\0b"]', "22 61 00 62 22", "NUL"),
        (rb'[{"a":"\u0000"}]', r'{"a":"\u0000"}', ""),
    ],
)
def test_a_json_value_is_copied_whole_or_the_notice_says_how(
    document: bytes, text: str, notice: str
) -> None:
    tree = JsonTree(document)
    list(tree.read())
    copy = copied_value(tree, 1)
    assert copy.text == text
    assert notice in copy.notice
    assert bool(notice) == bool(copy.notice)
