"""An entry in words: its name, its time, its size, and its payload on one line."""

from __future__ import annotations

import time

import pytest

from spacebeam.decode.decoder import Context
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.search.decoding import context_of
from spacebeam.ui.timeline.entry_words import clock, has_payload_text, preview, size_words, title
from tests.decode.test_sounds import wav
from tests.ui.inspector.test_media import png
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


@pytest.mark.parametrize(
    ("payload", "size", "chosen", "words"),
    [
        (b"\xde\xad\xbe\xef", None, "", "de ad be ef"),
        (b"hello", None, "", "68 65 6c 6c 6f"),
        (b"hello", None, "Text", "hello"),
        (b'{"a":1}', None, "", '{"a":1}'),
        (b'{"a":1}', None, "Hex", "7b 22 61 22 3a 31 7d"),
        (b'{"a":"and so o', 5000, "", '{"a":"and so o'),
        (b'{"a":"and so o', None, "", "7b 22 61 22 3a 22 61 6e 64 20 73 6f 20 6f"),
    ],
)
def test_binary_reads_as_its_format(
    payload: bytes, size: int | None, chosen: str, words: str
) -> None:
    shown = entry(payload, Kind.BINARY, size=size)
    context = context_of(Kind.BINARY, is_cut=size is not None, chosen=chosen)
    assert preview(shown, context) == words
    assert has_payload_text(shown, context) is (words == payload.decode(errors="replace"))
    assert chosen or preview(shown) == words


def test_control_characters_in_a_text_are_shown_as_symbols() -> None:
    shown = preview(entry("a\nb\x1b[31m\u202ec".encode()))
    assert shown == "a␊b␛[31m⟨202E⟩c"


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert preview(entry(b"x" * 5000)).endswith("x…")


def test_an_event_has_no_size() -> None:
    assert size_words(entry(b"Connected", Kind.EVENT, Direction.NONE)) == ""


def test_the_size_is_of_the_whole_payload() -> None:
    assert size_words(entry(b"beginning", size=2048)) == "2.0 KiB"


def test_a_picture_or_a_sound_is_named_unless_a_format_is_chosen() -> None:
    sound = entry(wav(), Kind.BINARY)
    named = Context(endpoint="wss://a.test/msgpack")  # almost any bytes would be MessagePack there
    assert preview(sound, context_of(Kind.BINARY, connection=named)) == "WAV, stereo, 8 kHz, 2.0 s"
    assert preview(sound) == "WAV, stereo, 8 kHz, 2.0 s"
    assert preview(sound, context_of(Kind.BINARY, chosen="Hex")).startswith("52 49 46 46")
    assert preview(entry(png(), Kind.BINARY)) == "PNG, 40 × 30"
    assert preview(entry(b"RIFF", Kind.BINARY)) == "52 49 46 46"
