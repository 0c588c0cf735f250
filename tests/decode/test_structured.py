"""What a row shows of a payload that is not there as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spacebeam.decode.bson import BsonDecoder
from spacebeam.decode.cbor import CborDecoder
from spacebeam.decode.decoder import Context
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.structured import StructuredDecoder

ORDER: dict[str, Any] = {
    "type": "order",
    "items": [{"id": number, "name": f"thing ü {number}"} for number in range(400)],
}
TEXT = json.dumps(ORDER).encode()
VALUE_FORMATS = (MessagePackDecoder(), CborDecoder(), BsonDecoder())


def first_row(payload: bytes, kind: str, size: int = 2048) -> str:
    """Return a row that has only the first `size` bytes of a payload."""
    context = Context(kind, "received", is_cut=len(payload) > size)
    return REGISTRY.summary(payload[:size], context)


@pytest.mark.parametrize("decoder", VALUE_FORMATS, ids=lambda one: one.name)
def test_the_first_values_are_shown(decoder: StructuredDecoder) -> None:
    context = Context("binary", "received", is_cut=True)
    payload = decoder.encode(ORDER)
    for size in range(64, 600):
        shown = decoder.summary(payload[:size], context)
        assert shown.startswith('{"type":"order","items":[')
        assert shown.endswith("…")
        assert "$bytes" not in shown


@pytest.mark.parametrize("decoder", VALUE_FORMATS, ids=lambda one: one.name)
def test_bytes_that_are_wrong_are_not_shown_as_values(decoder: StructuredDecoder) -> None:
    payload = decoder.encode({"a": 1}) + b"\xc1\x1c" * 20 + bytes(3000)
    assert decoder.summary(payload, Context("binary", is_cut=True)) == decoder.name


def test_a_long_payload_shows_its_beginning_too() -> None:
    payload = MessagePackDecoder().encode([ORDER, ORDER, ORDER])
    assert len(payload) > 16 * 1024
    assert first_row(payload, "binary", len(payload)).startswith(
        '[{"type":"order","items":[{"id":0'
    )


def test_protocols_in_text_show_it_as_it_was_written() -> None:
    stomp = b"MESSAGE\ndestination:/queue/a\nmessage-id:1\nsubscription:0\n\n" + TEXT + b"\0"
    assert first_row(stomp, "text").startswith("MESSAGE␊destination:/queue/a␊")
    nats = b"MSG orders.new 1 %d\r\n%b\r\n" % (len(TEXT), TEXT)
    assert first_row(nats, "binary").startswith(f"MSG orders.new 1 {len(TEXT)}␍␊{{")
