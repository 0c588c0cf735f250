"""Object container files of Avro: a schema, and data of it in blocks."""

from __future__ import annotations

import hashlib
import zlib

from spacebeam.decode.avro.reading import DatumReader
from spacebeam.decode.avro.schema import AvroSchema, AvroType
from spacebeam.decode.avro.writing import written_bytes, written_datum, written_long
from spacebeam.decode.byte_reader import ends_early
from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.json_values import written

MAGIC = b"Obj\x01"
_SCHEMA, _CODEC = "avro.schema", "avro.codec"
_DATA = "data"
_MARKER = 16  # bytes after each block
_MAX_INFLATED = 16 * 2**20  # bytes of all blocks
_META = AvroType("map", items=AvroType("bytes"))


def read_container(payload: Data) -> dict[str, Value]:
    """Return the file's schema, codec and other facts, and its `data`. Raises DecodeError."""
    reader = DatumReader(payload)
    reader.take(len(MAGIC))
    start = reader.at
    meta = reader.datum(_META)
    facts = meta if isinstance(meta, dict) else {}
    text, codec = facts.get(_SCHEMA), facts.get(_CODEC, b"null")
    if not isinstance(text, bytes):
        raise DecodeError("the file has no schema", start)
    if codec not in (b"null", b"deflate"):
        raise DecodeError(f"the codec {codec!r} is not read", start)
    try:
        schema = AvroSchema(text)
    except ValueError as error:
        raise DecodeError(str(error), start) from None
    value = {key: _readable(one) for key, one in facts.items()}
    value |= {_CODEC: "deflate" if codec == b"deflate" else "null", _SCHEMA: schema.document}
    value[_DATA] = _Blocks(reader, schema, codec == b"deflate").read()
    return value


def _readable(data: Value) -> Value:
    try:
        return data.decode() if isinstance(data, bytes) else data
    except UnicodeDecodeError:
        return data


class _Blocks:
    """Reads the blocks of a file."""

    def __init__(self, reader: DatumReader, schema: AvroSchema, is_deflated: bool) -> None:
        self._reader, self._schema, self._is_deflated = reader, schema, is_deflated
        self._room = _MAX_INFLATED

    def read(self) -> list[Value]:
        """Return the data. Raises DecodeError."""
        reader = self._reader
        marker = reader.take(_MARKER)
        data: list[Value] = []
        while reader.at < reader.size:
            count = reader.length()
            size = reader.length()
            start = reader.at
            block = reader.take(size)
            if self._is_deflated:
                block = self._inflated(block, start)
            data += self._data(block, count, start)
            if reader.take(_MARKER) != marker:
                raise DecodeError("a block does not end with the file's marker", reader.at)
        return data

    def _data(self, block: bytes, count: int, start: int) -> list[Value]:
        inside = DatumReader(block)
        data: list[Value] = []
        try:
            for _number in range(count):
                data.append(inside.datum(self._schema.type))
                if len(data) > max(len(block), 1):
                    raise DecodeError("more data than the block has bytes", 0)
        except DecodeError as error:
            offset = start if self._is_deflated else start + error.offset
            raise DecodeError(str(error), offset) from None
        if inside.at != inside.size:
            raise DecodeError("a block has bytes after its data", start)
        return data

    def _inflated(self, block: bytes, start: int) -> bytes:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(block, self._room + 1)
        except zlib.error as error:
            raise DecodeError(f"a block cannot be inflated: {error}", start) from None
        if len(data) > self._room:
            raise DecodeError("the blocks have more than 16 MiB", start)
        if not inflater.eof:
            raise ends_early(start + len(block))
        self._room -= len(data)
        return data


def written_container(value: dict[str, Value]) -> bytes:
    """Return the file of what `read_container` returns, with one block. Raises ValueError."""
    data, codec = value.get(_DATA), value.get(_CODEC, "null")
    if not isinstance(data, list) or codec not in ("null", "deflate"):
        raise ValueError("a file has an array “data”, and the codec null or deflate")
    text = written(value.get(_SCHEMA)).encode(errors="backslashreplace")
    schema = AvroSchema(text)
    facts: dict[str, Value] = {
        key: one.encode() if isinstance(one, str) else one
        for key, one in value.items()
        if key != _DATA
    }
    facts[_SCHEMA] = text
    block = b"".join(written_datum(schema.type, one) for one in data)
    marker = hashlib.blake2b(text + block, digest_size=_MARKER).digest()
    if codec == "deflate":
        deflater = zlib.compressobj(wbits=-15)
        block = deflater.compress(block) + deflater.flush()
    head = MAGIC + written_datum(_META, facts) + marker
    return head + written_long(len(data)) + written_bytes(block) + marker if data else head
