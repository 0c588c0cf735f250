"""Avro: container files, and data whose schema a fingerprint or a rule of the connection says."""

from __future__ import annotations

from spacebeam.decode.avro.container import MAGIC, read_container, written_container
from spacebeam.decode.avro.reading import DatumReader, RangedDatumReader
from spacebeam.decode.avro.schema import AvroSchema
from spacebeam.decode.avro.writing import written_datum
from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Message, Value
from spacebeam.decode.json_ranges import whole_ranges
from spacebeam.decode.structured import ConnectionDecoder

_SINGLE = b"\xc3\x01"  # before a fingerprint
_FINGERPRINT = 8  # bytes
_ID = 4  # bytes of a schema's id in a registry, after a 0
_HEAD = 1024  # bytes of a container file, in which its schema begins


class AvroDecoder(ConnectionDecoder):
    """Avro."""

    name = "Avro"
    kinds = ("binary",)
    opening_bytes = MAGIC[:1]

    def is_told(self, context: Context) -> bool:
        """Return whether there are schemas."""
        return context.schemas is not None

    def confidence(self, payload: Data, context: Context) -> float:
        """Return most where the payload's schema is known: errors are shown then."""
        if context.kind != "binary":
            return 0
        if payload[:4] == MAGIC:
            return 0.9 if b"avro.schema" in payload[:_HEAD] else 0
        if context.schemas is None or not context.schemas.avro:
            return 0
        return 0.95 if _framed(payload, context) is not None else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the datum, or what a container file has. Raises DecodeError."""
        if payload[:4] == MAGIC:
            return Decoded(read_container(payload))
        _head, schema, id_ = _known(payload, context)
        value = _read(DatumReader(payload), payload, context)
        return Decoded(value, (Message(schema.name, value, id=id_),))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each datum; of a container file, those of all. Raises DecodeError."""
        if payload[:4] == MAGIC:
            return whole_ranges(read_container(payload), payload)
        reader = RangedDatumReader(payload)
        return reader.read.of(lambda: _read(reader, payload, context))

    def encode(self, value: Value) -> bytes:
        """Return a container file. Raises ValueError."""
        if not isinstance(value, dict) or "avro.schema" not in value:
            raise ValueError("Avro needs the schema of a value")
        return written_container(value)

    def encode_for(self, value: Value, context: Context, like: Data = b"") -> bytes:
        """Return a datum as a rule says, framed like another payload. Raises ValueError."""
        if isinstance(value, dict) and "avro.schema" in value:
            return written_container(value)
        framed = _framed(like, context) or _of_rule(context)
        if framed is None:
            raise ValueError("Avro needs the schema of a value")
        head, schema, _id = framed
        return head + written_datum(schema.type, value)


_Framed = tuple[bytes, AvroSchema, str]  # the bytes before a datum, its schema, the schema's id


def _known(payload: Data, context: Context) -> _Framed:
    framed = _framed(payload, context)
    if framed is None:
        raise DecodeError("the schema is not known", 0)
    return framed


def _read(reader: DatumReader, payload: Data, context: Context) -> Value:
    """Return the datum that is all of a payload after its head. Raises DecodeError."""
    head, schema, _id = _known(payload, context)
    reader.at = len(head)
    value = reader.datum(schema.type)
    if reader.at != reader.size:
        raise DecodeError("bytes after the datum", reader.at)
    return value


def _framed(payload: Data, context: Context) -> _Framed | None:
    """Return how a datum is framed; None if its schema is not known."""
    rules = context.schemas.avro if context.schemas is not None else ()
    if payload[:2] == _SINGLE:
        head = bytes(payload[: 2 + _FINGERPRINT])
        for rule in rules:
            if rule.schema.fingerprint == head[2:]:
                return head, rule.schema, head[2:].hex()
    for rule in rules:
        if not rule.applies(context.endpoint, context.direction):
            continue
        head = _head(rule.schema_id)
        if payload[: len(head)] == head:
            return head, rule.schema, "" if rule.schema_id is None else str(rule.schema_id)
    return None


def _of_rule(context: Context) -> _Framed | None:
    for rule in context.schemas.avro if context.schemas is not None else ():
        if rule.applies(context.endpoint, context.direction):
            return _head(rule.schema_id), rule.schema, ""
    return None


def _head(schema_id: int | None) -> bytes:
    return b"" if schema_id is None else b"\0" + (schema_id % 2**32).to_bytes(_ID, "big")
