"""Binary payloads of Phoenix channels, and such as only look like them."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.phoenix_binary import PhoenixBinaryDecoder
from spacebeam.decode.registry import REGISTRY
from tests.decode.transcripts import Transcript

ENDPOINT = "wss://a.test/socket/websocket?token=fake&vsn=2.0.0"
PUSH = b"\x00\x01\x02\x06\x03114room:aupl\x00\xff"
BROADCAST = b"\x02\x06\x03room:apic\x00\xff"
DECODER = PhoenixBinaryDecoder()


def _context(
    direction: str = "received", kind: str = "binary", endpoint: str = ENDPOINT
) -> Context:
    return Context(kind, direction, endpoint)


def test_the_transcripts_binary_messages_are_recognized_and_no_others() -> None:
    for line in Transcript("phoenix").lines():
        is_binary = line.context.kind == "binary"
        assert DECODER.confidence(line.payload, line.context) == (0.95 if is_binary else 0)
        if is_binary:
            assert REGISTRY.best(line.payload, line.context).name == DECODER.name
            assert len(DECODER.decode(line.payload, line.context).messages) == 1


def test_what_a_client_pushes_has_a_reference() -> None:
    assert DECODER.decode(PUSH, _context("sent")).value == ["1", "14", "room:a", "upl", b"\0\xff"]
    assert DECODER.decode(BROADCAST, _context()).value == [None, None, "room:a", "pic", b"\0\xff"]
    assert DECODER.summary(PUSH, _context("sent")).startswith("push room:a upl")


@pytest.mark.parametrize("size", range(len(PUSH) - 2))
def test_a_payload_that_is_cut_off_in_its_head_is_refused(size: int) -> None:
    context = _context("sent")
    assert DECODER.confidence(PUSH[:size], context) == 0
    with pytest.raises(DecodeError) as error:
        DECODER.decode(PUSH[:size], context)
    assert error.value.offset <= size


def test_what_is_no_text_is_refused_where_it_is() -> None:
    payload = BROADCAST.replace(b"room:a", b"room:\xff")
    with pytest.raises(DecodeError, match="the topic is not UTF-8") as error:
        DECODER.decode(payload, _context())
    assert error.value.offset == payload.index(b"\xff")
    assert DECODER.confidence(payload, _context()) == 0


def test_the_same_bytes_of_another_server_are_not_claimed() -> None:
    for endpoint in ("", "wss://a.test/feed?vsn=2.0.0", "wss://a.test/socket/websocket?vsn=1.0.0"):
        assert DECODER.confidence(BROADCAST, _context(endpoint=endpoint)) == 0
    assert DECODER.confidence(BROADCAST, _context(kind="text")) == 0
