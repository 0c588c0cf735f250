"""An entry in words: its name, its time, its size, and its payload on one line."""

from __future__ import annotations

import time

import pytest

from spacebeam.protocol.batch import Direction, Kind
from spacebeam.ui.timeline.entry_words import clock, preview, size_words, title
from tests.ui.recordings import NOON, entry


@pytest.mark.parametrize(
    ("kind", "direction", "words"),
    [
        (Kind.TEXT, Direction.RECEIVED, "Received text"),
        (Kind.BINARY, Direction.SENT, "Sent binary"),
        (Kind.CLOSE, Direction.RECEIVED, "Received close"),
        (Kind.EVENT, Direction.NONE, "Event"),
    ],
)
def test_an_entry_is_named_after_its_direction_and_kind(
    kind: Kind, direction: Direction, words: str
) -> None:
    assert title(entry(b"", kind, direction)) == words


def test_the_time_is_the_local_time_of_day_to_the_millisecond() -> None:
    assert clock(entry(b"")) == time.strftime("%H:%M:%S", time.localtime(NOON)) + ".250"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "no status code"),
        (b"\x03\xe8", "1000 normal closure"),
        (b"\x03\xe9see you", "1001 going away: see you"),
        (b"\x03\xe8one\ntwo", "1000 normal closure: one␊two"),
        (b"\x0f\xa0", "4000 a code of the application"),
    ],
)
def test_a_close_frame_reads_as_code_meaning_and_reason(payload: bytes, words: str) -> None:
    assert preview(entry(payload, Kind.CLOSE)) == words


@pytest.mark.parametrize("kind", [Kind.PING, Kind.PONG])
def test_a_ping_or_pong_is_shown_as_text_or_else_as_hex(kind: Kind) -> None:
    assert preview(entry(b"1700000000", kind)) == "1700000000"
    assert preview(entry(b"\x00\x01", kind)) == "00 01"
    assert preview(entry("é".encode(), kind)) == "c3 a9"
    assert preview(entry(b"", kind)) == ""


def test_binary_is_shown_as_hex() -> None:
    assert preview(entry(b"\xde\xad\xbe\xef", Kind.BINARY)) == "de ad be ef"


def test_control_characters_in_a_text_are_shown_as_symbols() -> None:
    shown = preview(entry("a\nb\x1b[31m\u202ec".encode()))
    assert shown == "a␊b␛[31m⟨202E⟩c"


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert preview(entry(b"x" * 5000)).endswith("x…")


def test_an_event_has_no_size() -> None:
    assert size_words(entry(b"Connected", Kind.EVENT, Direction.NONE)) == ""


def test_the_size_is_of_the_whole_payload() -> None:
    assert size_words(entry(b"beginning", size=2048)) == "2.0 KiB"
