"""JSON Lines: for any payload, a line is the same JSON as that of json.dumps."""

from __future__ import annotations

import base64
import json
from array import array
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.exchange.json_lines import to_lines
from spacebeam.net.events import Connected, event
from spacebeam.protocol.batch import Batch, Direction, Kind, event_batch, single


def batch_of(entries: list[tuple[Kind, bytes]], gap: bytes = b"\x81\x05") -> Batch:
    """Return a batch with `gap` before each payload, as between frames."""
    data = b"".join(gap + payload for _kind, payload in entries)
    ends = list(accumulate(len(gap) + len(payload) for _kind, payload in entries))
    starts = [end - len(payload) for end, (_kind, payload) in zip(ends, entries, strict=True)]
    kinds = bytes(kind for kind, _payload in entries)
    return Batch(1.25, Direction.RECEIVED, data, kinds, array("I", starts), array("I", ends))


def read(lines: str) -> list[dict[str, Any]]:
    assert lines == "" or lines.endswith("\n")
    return [json.loads(line) for line in lines.split("\n")[:-1]]


def test_a_text_message_is_text() -> None:
    assert to_lines(single(1.5, Direction.SENT, Kind.TEXT, b"hello")) == (
        '{"time": 1.5, "direction": "sent", "kind": "text", "text": "hello"}\n'
    )


def test_a_binary_message_is_base64() -> None:
    assert read(to_lines(single(1.5, Direction.RECEIVED, Kind.BINARY, b"\x00\xff"))) == [
        {"time": 1.5, "direction": "received", "kind": "binary", "base64": "AP8="}
    ]


@pytest.mark.parametrize("kind", [Kind.PING, Kind.PONG])
def test_pings_and_pongs_are_base64(kind: Kind) -> None:
    [entry] = read(to_lines(single(0.0, Direction.SENT, kind, b"")))
    assert (entry["kind"], entry["base64"]) == (kind.name.lower(), "")


def test_a_close_has_its_code_and_reason() -> None:
    payload = (1001).to_bytes(2, "big") + "“bye”".encode()
    [entry] = read(to_lines(single(0.0, Direction.RECEIVED, Kind.CLOSE, payload)))
    assert (entry["code"], entry["reason"]) == (1001, "“bye”")


def test_an_empty_close_has_code_1005() -> None:
    [entry] = read(to_lines(single(0.0, Direction.RECEIVED, Kind.CLOSE, b"")))
    assert (entry["code"], entry["reason"]) == (1005, "")


def test_an_event_has_no_direction() -> None:
    [entry] = read(to_lines(event_batch(0.0, b"Connected")))
    assert (entry["direction"], entry["kind"]) == ("none", "event")
    assert entry["event"] == {"type": "note", "text": "Connected"}


def test_an_event_is_an_object() -> None:
    [entry] = read(to_lines(event(0.0, Connected("ws://h/\x7f"))))
    assert entry["event"] == {"type": "connected", "url": "ws://h/\x7f"}


def test_an_empty_batch_has_no_lines() -> None:
    assert to_lines(batch_of([])) == ""


def test_a_message_in_a_bytearray_is_text() -> None:
    [entry] = read(to_lines(single(0.0, Direction.RECEIVED, Kind.TEXT, bytearray(b"x" * 99))))
    assert entry["text"] == "x" * 99


def test_letters_of_all_scripts_are_not_escaped() -> None:
    assert "привет 🛰" in to_lines(single(0.0, Direction.SENT, Kind.TEXT, "привет 🛰".encode()))


@pytest.mark.parametrize(
    "texts",
    [
        ["plain", "texts"],
        ["", "", ""],
        [""],
        ['a "quote"', "plain"],
        ["back\\slash", "\\"],
        ["line\nfeed", "\x00", "\x1f"],
        ["\x7f", 'a "quote" and \x7f', ""],
        ["\x7f\x7f"],
        ["\\u007f", '"'],
    ],
)
def test_special_characters_are_escaped(texts: list[str]) -> None:
    lines = to_lines(batch_of([(Kind.TEXT, text.encode()) for text in texts]))
    assert [entry["text"] for entry in read(lines)] == texts


_texts = st.tuples(st.just(Kind.TEXT), st.text().map(str.encode))
_bytes = st.tuples(st.sampled_from([Kind.BINARY, Kind.PING, Kind.PONG]), st.binary())


@given(st.lists(st.one_of(_texts, _bytes)))
def test_any_entries_are_the_same_as_from_json_dumps(entries: list[tuple[Kind, bytes]]) -> None:
    wanted = ""
    for kind, payload in entries:
        entry = {"time": 1.25, "direction": "received", "kind": kind.name.lower()}
        if kind is Kind.TEXT:
            entry["text"] = payload.decode()
        else:
            entry["base64"] = base64.b64encode(payload).decode()
        wanted += json.dumps(entry, ensure_ascii=False) + "\n"
    assert to_lines(batch_of(entries)) == wanted


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CLOSE])
def test_payloads_that_are_not_utf8_are_whole_as_base64(kind: Kind) -> None:
    code = b"" if kind is Kind.TEXT else b"\x03\xe8"
    payloads = [b"fine", b"\xff", "grüße\x7f".encode(), b"\xc3", b"\xa9", b"\xed\xa0\x80"]
    found = read(to_lines(batch_of([(kind, code + one) for one in payloads], gap=b"")))
    for entry, payload in zip(found, payloads, strict=True):
        text = entry["text"] if kind is Kind.TEXT else entry["reason"]
        assert text == payload.decode(errors="replace")
        if "\ufffd" in text:
            assert base64.b64decode(entry["base64"]) == code + payload
        else:
            assert "base64" not in entry
