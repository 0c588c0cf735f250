"""JSON as the payload of another format: what a person writes, as the server reads it."""

from __future__ import annotations

from functools import cache

from spacebeam.decode.avro.decoder import AvroDecoder
from spacebeam.decode.decoder import Context, DecodeError, Decoder, Value
from spacebeam.decode.extended_json import read_extended, written_extended
from spacebeam.decode.hex import HexDecoder
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.jwt import JwtDecoder
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.structured import StructuredDecoder
from spacebeam.decode.text import TextDecoder
from spacebeam.decode.text_encodings import ENCODINGS
from spacebeam.decode.visible import one_line
from spacebeam.decode.wrappers.wrapper import Wrapper

# Those that most people need come first.
_FIRST = ("MessagePack", "CBOR", "BSON", "Protobuf", "Avro")
_NEVER = {TextDecoder.name, HexDecoder.name, JsonDecoder.name, JwtDecoder.name}
_NEVER |= {one.name for one in ENCODINGS}


class EncodeError(ValueError):
    """A text is not JSON, or its value has no place in the format.

    `offset` is where in the text, in bytes; None if it is the value.
    """

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.offset = offset


@cache
def encoders() -> dict[str, Decoder]:
    """Return the formats that JSON can be written in, by their names."""
    found = {one.name: one for one in REGISTRY.decoders if _can_encode(one)}
    return {name: found[name] for name in (*_FIRST, *found)}


def _can_encode(decoder: Decoder) -> bool:
    if decoder.name in _NEVER:
        return False
    own: object = type(decoder).encode
    return own is not StructuredDecoder.encode  # which raises


def encoded(text: str, name: str, context: Context) -> str | bytes:
    """Return the message of a JSON text in a format: a text, or the bytes of a binary message.

    What JSON has no type for is written as in extended JSON. Protobuf and Avro have the types that
    the context's schemas say. Raises EncodeError.
    """
    decoder = encoders().get(name)
    if decoder is None:
        raise EncodeError(f"there is no format “{one_line(name)}” that JSON can be written in")
    try:
        value = read_extended(text.encode(errors="surrogatepass"))
    except DecodeError as error:
        raise EncodeError(str(error), error.offset) from None
    except ValueError as error:
        raise EncodeError(str(error)) from None
    try:
        payload = _written(decoder, value, context)
    except (ValueError, OverflowError, RecursionError) as error:
        raise EncodeError(str(error) or "the value is nested too deeply") from None
    if decoder.kinds and "text" not in decoder.kinds:
        return payload
    if isinstance(decoder, Wrapper) and not decoder.is_text:
        return payload
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return payload


def _written(decoder: Decoder, value: Value, context: Context) -> bytes:
    if isinstance(decoder, ProtobufDecoder | AvroDecoder):
        return decoder.encode_for(value, context)
    return decoder.encode(value)


def as_json(payload: bytes, context: Context) -> tuple[str, str] | None:
    """Return the name of a payload's format, and the JSON text that `encoded` makes it of again.

    None if the format is not known for sure, or the text gives other bytes.
    """
    decoder = REGISTRY.best(payload, context)
    if decoder.name not in encoders() or REGISTRY.is_guess(decoder, payload, context):
        return None
    try:
        value = decoder.decode(payload, context).value
        text = written_extended(value)
        if encoded(text, decoder.name, context) == payload:
            return decoder.name, text
    except (ValueError, RecursionError):
        pass
    return None
