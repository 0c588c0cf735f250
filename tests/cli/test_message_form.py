"""The form in which messages are printed: by the options, and by a saved connection's decoders."""

from __future__ import annotations

import pytest

from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.message_form import SAVED, DecodingOptions, MessageForm
from spacebeam.protocol.batch import Kind

PACKED = b"\x81\xa2id\x07"  # MessagePack
CHOSEN = ("Hex", "MessagePack")


@pytest.mark.parametrize(
    ("binary", "decoder", "is_terminal", "text", "packed"),
    [
        (None, None, True, b"6869", b'{"id":7}'),
        (None, SAVED, False, b"6869", b'{"id":7}'),
        (BinaryForm.BASE64, SAVED, False, b"aGk=", b'{"id":7}'),
        (None, None, False, b"hi", PACKED.hex().encode()),
        (None, "", True, b"hi", b'{"id":7}'),
        (BinaryForm.HEX, None, True, b"hi", PACKED.hex().encode()),
    ],
)
def test_the_decoders_of_the_saved_connection_are_the_default_of_a_terminal(
    binary: BinaryForm | None, decoder: str | None, is_terminal: bool, text: bytes, packed: bytes
) -> None:
    decoding = DecodingOptions(decoder, CHOSEN)
    form = MessageForm.of_options(binary, decoding, is_terminal=is_terminal)
    assert (form.text(b"hi", Kind.TEXT), form.text(PACKED, Kind.BINARY)) == (text, packed)


def test_messages_that_the_saved_decoders_cannot_read_are_printed_as_ever() -> None:
    form = MessageForm.of_options(None, DecodingOptions(None, ("XML", "BSON")), is_terminal=True)
    assert form.text(b"hi", Kind.TEXT) == b"hi"
    assert form.text(b"\xff\x00", Kind.BINARY) == b"ff00"
