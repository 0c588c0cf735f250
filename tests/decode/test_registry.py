"""The registry decides which format a payload has, and survives decoders that fail."""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Rendering, Value
from spacebeam.decode.hex import HexDecoder
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.json_values import TooDeepError
from spacebeam.decode.registry import REGISTRY, Registry
from spacebeam.decode.text import TextDecoder, TextRendering
from tests.decode.test_sounds import wav
from tests.decode.transcripts import WIRE, Transcript

TEXT, BINARY = Context(kind="text"), Context(kind="binary")
SECRET = "the-payload"


@dataclass(frozen=True)
class OddDecoder:
    """A format whose payloads begin with 0xff, with the length as their value."""

    name: str = "Odd"
    fails_in: str = ""  # name of a method
    is_text: bool = False
    has_fields: bool = True
    kinds: tuple[str, ...] = ()
    first_bytes: bytes = b""

    def _fail(self, method: str) -> None:
        if method == self.fails_in:
            raise RuntimeError(SECRET)

    def confidence(self, payload: Data, _context: Context) -> float:
        self._fail("confidence")
        return 0.95 if payload[:1] == b"\xff" else 0

    def summary(self, payload: Data, _context: Context) -> str:
        self._fail("summary")
        return f"odd, {len(payload)}"

    def render(self, payload: Data, context: Context) -> Rendering:
        return TextRendering(self.summary(payload, context).encode())

    def decode(self, payload: Data, _context: Context) -> Decoded:
        self._fail("decode")
        if len(payload) < 2:
            raise DecodeError("too short", len(payload))
        return Decoded({"length": len(payload)})

    def encode(self, _value: Value) -> bytes:
        raise ValueError("no way back")


def with_odd(fails_in: str = "") -> Registry:
    return Registry((OddDecoder(fails_in=fails_in), JsonDecoder(), TextDecoder(), HexDecoder()))


@pytest.mark.parametrize(
    ("payload", "context", "name"),
    [
        (b'{"a":1}', TEXT, "JSON"),
        (b'\xef\xbb\xbf [{"a":1}] ', BINARY, "JSON"),
        (b"[" * 10_000 + b"]" * 10_000, TEXT, "JSON"),
        (b"55.49", TEXT, "Text"),
        (b'{"a":1', TEXT, "Text"),
        (b"[info] started", TEXT, "Text"),
        (b"", TEXT, "Text"),
        (b"hello", BINARY, "Hex"),
        (b"\xff\x00", BINARY, "Hex"),
        (b"[\xff]", BINARY, "Hex"),
        (b"1700000000", Context(kind="ping"), "Text"),
        (b"\x00\x01", Context(kind="pong"), "Hex"),
    ],
)
def test_a_payload_has_a_format(payload: bytes, context: Context, name: str) -> None:
    assert REGISTRY.best(payload, context).name == name


@pytest.mark.parametrize(
    ("payload", "is_guess"),
    [
        (b'[{"a":1}]', False),
        (b"[" + b"1," * 40_000 + b"1]", True),  # only the beginning was read
        (b"[" * 10_000 + b"]" * 10_000, True),
    ],
)
def test_a_format_that_was_not_proved_is_a_guess(payload: bytes, is_guess: bool) -> None:
    json = REGISTRY.best(payload, TEXT)
    assert json.name == "JSON"
    assert REGISTRY.is_guess(json, payload, TEXT) is is_guess


def test_text_and_hex_are_not_guesses() -> None:
    for payload, context in ((b"hello", TEXT), (b"\xff", BINARY)):
        assert not REGISTRY.is_guess(REGISTRY.best(payload, context), payload, context)


def test_the_beginning_of_json_is_guessed_without_the_rest() -> None:
    payload = b'{"a":[1,2,"three'
    assert REGISTRY.best(payload, BINARY).name == "Hex"
    assert REGISTRY.best(payload, Context(kind="binary", is_cut=True)).name == "JSON"
    assert REGISTRY.best(b"{not json at all}", Context(kind="binary", is_cut=True)).name == "Hex"


@pytest.mark.parametrize(
    ("chosen", "payload", "name"),
    [
        ("Hex", b'{"a":1}', "Hex"),
        ("Text", b"hello", "Text"),
        ("JSON", b"hello", "Hex"),  # which JSON cannot show
        ("gone", b"hello", "Hex"),
    ],
)
def test_the_choice_for_the_connection_comes_first(chosen: str, payload: bytes, name: str) -> None:
    assert REGISTRY.best(payload, Context(chosen=chosen)).name == name


@given(st.binary(max_size=40), st.sampled_from(("text", "binary", "ping")), st.booleans())
def test_any_payload_can_be_shown(payload: bytes, kind: str, is_cut: bool) -> None:
    context = Context(kind=kind, is_cut=is_cut)
    assert REGISTRY.choices(payload, context)
    summary = REGISTRY.summary(payload, context)
    assert len(summary) <= 4000
    assert not any(unicodedata.category(one) == "Cc" for one in summary)


@pytest.mark.parametrize("method", ["confidence", "summary"])
def test_a_decoder_that_raises_is_skipped(method: str, caplog: pytest.LogCaptureFixture) -> None:
    registry = with_odd(fails_in=method)
    with caplog.at_level(logging.ERROR):
        for _time in range(3):
            assert registry.summary(b"\xff\x00", BINARY) == "ff 00"
            assert registry.value(b'{"a":1}', BINARY) == {"a": 1}
    (record,) = caplog.records
    assert "Odd" in record.getMessage()
    assert SECRET not in caplog.text


def test_a_decoder_that_raises_in_reading_a_value_is_skipped() -> None:
    with pytest.raises(DecodeError):
        with_odd(fails_in="decode").value(b"\xff\x00", BINARY)


def test_a_registered_format_has_values() -> None:
    registry = with_odd()
    assert registry.best(b"\xff\x00", BINARY).name == "Odd"
    assert registry.value(b"\xff\x00", BINARY) == {"length": 2}
    assert registry.value(b" [1] ", BINARY) == [1]
    for payload in (b"\xff", b"hello"):
        with pytest.raises(DecodeError):
            registry.value(payload, BINARY)


def test_a_deep_value_is_read_up_to_a_size() -> None:
    deep = b"[" * 300_000
    assert REGISTRY.value(deep + b"]" * 300_000, TEXT)
    with pytest.raises(TooDeepError):
        REGISTRY.value(deep * 3 + b"]" * 900_000 + b"\n", TEXT)
    with pytest.raises(DecodeError) as caught:
        REGISTRY.value(deep * 4, TEXT)
    assert not isinstance(caught.value, TooDeepError)


def test_json_is_written_compactly() -> None:
    json = JsonDecoder()
    assert json.encode({"a": ["é", "\ud800", 10**5000]}) == (
        b'{"a":["\xc3\xa9","\\ud800",1' + b"0" * 5000 + b"]}"
    )
    assert json.decode(json.encode("\ud800"), TEXT) == Decoded("\ud800")


@pytest.mark.parametrize("name", sorted(path.stem for path in WIRE.glob("*.jsonl")))
def test_a_payload_that_is_a_bytearray_is_read_as_bytes_are(name: str) -> None:
    """A live conversation has its payloads in a buffer that grows."""
    of_buffers = Transcript(name).lines()
    for line, other in zip(Transcript(name).lines(), of_buffers, strict=True):
        buffer = bytearray(other.payload)
        for decoder in REGISTRY.decoders:
            assert decoder.confidence(line.payload, line.context) == decoder.confidence(
                buffer, other.context
            )
        decoder, decoded = REGISTRY.decoded(line.payload, line.context)
        other_decoder, other_decoded = REGISTRY.decoded(buffer, other.context)
        assert other_decoder is decoder
        assert repr(other_decoded) == repr(decoded)  # NaN is not equal to itself
        assert decoder.summary(buffer, other.context) == decoder.summary(line.payload, line.context)


_BEGINNINGS = st.sampled_from(
    [b"", b"4", b"CONNECT\n", b"\x10\x10\0\4MQTT\4", b"\x78\x9c", b"Obj\1", b"\n", b"\n{", b" <"]
)


@given(_BEGINNINGS, st.binary(max_size=64), st.sampled_from(["text", "binary", "ping"]))
def test_a_decoder_that_is_not_asked_would_say_no(start: bytes, rest: bytes, kind: str) -> None:
    payload, context = start + rest, Context(kind, memory={"protocol": 1})
    formats, resorts = REGISTRY._asked(payload, context)
    for decoder in REGISTRY.decoders:
        if decoder not in formats + resorts:
            assert decoder.confidence(payload, context) == 0
        if decoder in resorts:
            assert decoder.confidence(payload, context) <= 0.4


def test_what_a_connection_is_known_by_is_asked_from_then_on() -> None:
    context = Context("text")
    heartbeat, frame = b"\n", b"CONNECTED\nversion:1.2\n\n\0"
    assert REGISTRY.best(heartbeat, context).name != "STOMP"
    assert REGISTRY.decoded(frame, context)[0].name == "STOMP"
    assert REGISTRY.best(heartbeat, context).name == "STOMP"
    assert REGISTRY.best(heartbeat, Context("text")).name != "STOMP"


def test_what_is_remembered_in_place_of_something_else_is_asked_too() -> None:
    context = Context("text", memory={"NATS received": 1})
    assert REGISTRY.best(b"\n", context).name != "STOMP"
    del context.memory["NATS received"]  # decoders take what is pending
    context.memory["STOMP"] = None
    assert "STOMP" in [one.name for one in REGISTRY._asked(b"\n", context)[0]]


def test_whitespace_before_json_and_xml_is_read_over() -> None:
    for payload, name in ((b'\r\n {"a":1}', "JSON"), (b"\t\n<a/>", "XML"), (b" [1]", "JSON")):
        assert REGISTRY.best(payload, Context("text")).name == name


def test_the_memory_of_a_connection_that_is_over_is_released() -> None:
    class Remembered:
        """What a decoder remembers."""

    context = Context("text", memory={"A": (remembered := Remembered())})
    REGISTRY.best(b"x", context)
    is_alive = ref(remembered)
    del context, remembered
    assert is_alive() is None


def test_beginnings_are_kept_up_to_a_number() -> None:
    registry = Registry(REGISTRY.decoders)
    for endpoint in ("a", "b"):
        for number in range(2**14):
            registry.best(number.to_bytes(2, "big") + b"\xff", Context("ping", endpoint=endpoint))
    kept = sum(map(len, registry._by_context.values()))
    assert kept <= 2**14 + 1


@pytest.mark.parametrize("kind", ["text", "binary"])
@pytest.mark.parametrize(
    "payload",
    [
        b'{"a":1}',
        b"[1]",
        b'{"type":6}\x1e',
        b'{"a":1}\n{"a":2}',
        b'["x"]',
        b"[1",
        b"{" * 2000,
        b"[" * 2000 + b"]" * 2000,
        b'{"a":"' + b"x" * 70_000 + b'"}',
    ],
    ids=range(9),
)
def test_the_decoder_of_what_is_decoded_is_the_best_one(payload: bytes, kind: str) -> None:
    for endpoint in ("", "wss://a.test/chat/123/abcdefgh/websocket"):  # of SockJS
        best = REGISTRY.best(payload, Context(kind, endpoint=endpoint))
        assert REGISTRY.decoded(payload, Context(kind, endpoint=endpoint))[0] is best
    chosen = Context(kind, chosen="Hex")
    assert REGISTRY.decoded(payload, chosen)[0].name == "Hex"


@pytest.mark.parametrize("name", ["msgpack", "cbor"])
@pytest.mark.parametrize("is_cut", [False, True])
def test_a_picture_or_a_sound_is_no_sequence_of_numbers(name: str, is_cut: bool) -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1" + bytes(60)
    for media in (wav(), png, b"GIF89a" + bytes(90)):
        context = Context("binary", endpoint=f"wss://a.test/{name}", is_cut=is_cut)
        assert REGISTRY.best(media, context).name == "Hex"
