"""A zlib stream over all messages: in order, from the middle, and hostile."""

from __future__ import annotations

import zlib

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.zlib_stream import MAX_SIZE, ZlibStreamDecoder
from tests.decode.transcripts import Transcript

NAME = "discord-zlib-stream"
DECODER = ZlibStreamDecoder()


class _Server:
    """Compresses messages into one stream."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj()

    def message(self, content: bytes) -> bytes:
        return self._compressor.compress(content) + self._compressor.flush(zlib.Z_SYNC_FLUSH)


def _values(*payloads: bytes, context: Context | None = None) -> list[Value]:
    context = context or Context(direction="received")
    return [DECODER.decode(payload, context).value for payload in payloads]


def test_every_expected_value_of_the_transcript() -> None:
    expected = {one["line"]: one for one in Transcript(NAME).expected}
    for line in Transcript(NAME).lines():
        if line.context.kind == "text":
            assert DECODER.confidence(line.payload, line.context) == 0
            continue
        assert DECODER.confidence(line.payload, line.context) == (0.8 if line.number == 2 else 0.95)
        value = DECODER.decode(line.payload, line.context).value
        if "values" in expected[line.number]:
            assert value == expected[line.number]["values"]
        else:
            assert value == {"incomplete": 83}


@pytest.mark.parametrize("begin", range(3, 13))
def test_from_the_middle_nothing_is_claimed_and_it_is_said_why(begin: int) -> None:
    for line in Transcript(NAME).lines(begin):
        if line.context.kind == "binary":
            assert DECODER.confidence(line.payload, line.context) == 0
            with pytest.raises(DecodeError, match="it goes on from an earlier message"):
                DECODER.decode(line.payload, line.context)


def test_the_endpoint_can_say_that_it_is_a_stream() -> None:
    context = Context(endpoint="wss://gateway.test/?v=10&encoding=json&compress=zlib-stream")
    assert DECODER.confidence(b"\xaa\x55", context) == 0.95
    assert "earlier message" in DECODER.summary(b"\xaa\x55", context)


def test_what_is_not_json_is_text_or_bytes() -> None:
    server = _Server()
    contents = (b"a < b", b"\xff\x83", b" {} \n[1]\t", b"[" * 100_000, b"", b"1 " * 20_000)
    assert _values(*map(server.message, contents)) == [
        "a < b",
        b"\xff\x83",
        [{}, [1]],
        "[" * 100_000,
        "",
        "1 " * 20_000,
    ]


def test_each_side_has_a_stream_of_its_own() -> None:
    memory: dict[str, object] = {}
    sides = [Context(direction=name, memory=memory) for name in ("sent", "received")]
    servers = [_Server(), _Server()]
    for number in range(3):
        for context, server in zip(sides, servers, strict=True):
            payload = server.message(b'{"n":%d}' % number)
            assert _values(payload, context=context) == [{"n": number}]


def test_showing_a_message_changes_nothing_of_the_stream() -> None:
    server, context = _Server(), Context()
    for number in range(5):
        payload = server.message(b'{"n":%d}' % number)
        for _time in range(2):
            assert DECODER.summary(payload, context) == f'{{"n":{number}}}'
            spans = DECODER.render(payload, context)
            assert "".join(span.text for span in spans) == f'{{\n  "n": {number}\n}}'
        assert _values(payload, context=context) == [{"n": number}]


def test_a_bomb_is_stopped_and_the_stream_is_broken_from_then_on() -> None:
    server, context = _Server(), Context()
    bomb = server.message(b" " * (MAX_SIZE + 1))
    assert len(bomb) < 100_000
    with pytest.raises(DecodeError, match="more than 16,777,216 bytes"):
        DECODER.decode(bomb, context)
    after = server.message(b"{}")
    assert DECODER.confidence(after, context) == 0
    with pytest.raises(DecodeError, match="ended or broke"):
        DECODER.decode(after, context)


def test_an_incomplete_message_is_bounded_too() -> None:
    compressor, context = zlib.compressobj(), Context()
    part = compressor.compress(b" " * (MAX_SIZE // 2)) + compressor.flush(zlib.Z_SYNC_FLUSH)
    assert _values(part[:-4], context=context)[0] is not None
    more = part[-4:] + compressor.compress(b" " * MAX_SIZE)
    more += compressor.flush(zlib.Z_SYNC_FLUSH)
    with pytest.raises(DecodeError, match="more than"):
        DECODER.decode(more, context)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"\x78\x9c\xff\xff\xff\xff", "not compressed by deflate"),
        (zlib.compress(b"{}") + b"more", "the stream has ended"),
        (b"\x78\x9d\0\0\xff\xff", "it goes on"),
        (b"", "it goes on"),
    ],
)
def test_what_is_no_stream_is_refused(payload: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words) as error:
        DECODER.decode(payload, Context())
    assert 0 <= error.value.offset <= len(payload)


def test_a_whole_zlib_payload_is_not_claimed() -> None:
    assert DECODER.confidence(zlib.compress(b"{}"), Context()) == 0
    assert DECODER.confidence(b"{}", Context("text")) == 0
