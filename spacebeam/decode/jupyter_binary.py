"""Binary kernel messages of Jupyter, as the objects that JSON would have.

Of version 1 (`v1.kernel.websocket.jupyter.org`): the number of offsets and the offsets, 64 bits
each and little-endian, then the channel, the parts of the message and its buffers. Before it,
without a subprotocol: the number of offsets and the offsets, 32 bits each and big-endian, then the
JSON message and its buffers (jupyter_server/services/kernels/connection/base.py).
"""

from __future__ import annotations

from itertools import pairwise

from spacebeam.decode.byte_ranges import ByteRanges, Range, count_of
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.embedded import read_embedded
from spacebeam.decode.json_ranges import add_json
from spacebeam.decode.protocols.jupyter import SUBPROTOCOL, Jupyter, is_spoken
from spacebeam.decode.structured import ConnectionDecoder, aside

_PARTS = ("header", "parent_header", "metadata", "content")
_BUFFERS = "buffers"
_MAX_PARTS = 10_000
_PROTOCOL = Jupyter()


class JupyterBinaryDecoder(ConnectionDecoder):
    """Kernel messages in binary."""

    name = "Jupyter binary"
    kinds = ("binary",)

    def is_told(self, context: Context) -> bool:
        """Return whether the connection is a kernel's."""
        return is_spoken(context)

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 for a payload with fitting offsets, where the connection is a kernel's."""
        if context.kind != "binary" or not is_spoken(context):
            return 0
        try:
            _parts(payload, context, len(payload) if not context.is_cut else None)
        except DecodeError:
            return 0
        return 0.95

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the message with `channel`, `header`, …, `buffers`. Raises DecodeError."""
        parts = _parts(payload, context, len(payload))
        value: dict[str, Value] = {}
        if _is_version_1(context):
            if len(parts) < 1 + len(_PARTS):
                raise DecodeError("parts of the message are missing", len(payload))
            start, end = parts[0]
            value["channel"] = bytes(payload[start:end]).decode(errors="replace")
            for name, part in zip(_PARTS, parts[1:5], strict=True):
                value[name] = read_embedded(payload, *part)
            buffers = parts[5:]
        else:
            message = read_embedded(payload, *parts[0])
            if not isinstance(message, dict):
                raise DecodeError("the message is not an object", parts[0][0])
            value, buffers = message, parts[1:]
        value[_BUFFERS] = [bytes(payload[start:end]) for start, end in buffers]
        return Decoded(value, _PROTOCOL.messages(value, context))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each value. Raises DecodeError."""
        value = self.decode(payload, aside(context)).value
        assert isinstance(value, dict)
        parts = _parts(payload, context, len(payload))
        found = ByteRanges()
        found.add((0, len(payload)))
        if not _is_version_1(context):
            _add_members(found, payload, parts)
            return found
        found.add(parts[0])
        for name, part in zip(_PARTS, parts[1:5], strict=True):
            add_json(found, value[name], payload, *part)
        _add_buffers(found, payload, parts[5:])
        return found


def _add_members(found: ByteRanges, payload: Data, parts: list[Range]) -> None:
    """Add the ranges of a JSON message's members, of which the buffers are parts of their own."""
    message, inside, at = read_embedded(payload, *parts[0]), ByteRanges(), 1
    assert isinstance(message, dict)
    add_json(inside, message, payload, *parts[0])
    for name, one in message.items():
        count = count_of(one)
        if name == _BUFFERS:
            _add_buffers(found, payload, parts[1:])
        else:
            found.add_part(inside, at, count)
        at += count
    if _BUFFERS not in message:
        _add_buffers(found, payload, parts[1:])


def _add_buffers(found: ByteRanges, payload: Data, parts: list[Range]) -> None:
    found.add((parts[0][0] if parts else len(payload), len(payload)))
    for part in parts:
        found.add_all(b"", part)


def _is_version_1(context: Context) -> bool:
    return context.subprotocol == SUBPROTOCOL


def _parts(payload: Data, context: Context, size: int | None) -> list[Range]:
    """Return where each part begins and ends. Raises DecodeError.

    A payload that is cut has no `size`: its offsets can lie after its end.
    """
    is_version_1 = _is_version_1(context)
    width, order = (8, "little") if is_version_1 else (4, "big")
    count = _number(payload, 0, width, order)
    if not 1 <= count <= _MAX_PARTS:
        raise DecodeError(f"{count:,} offsets", 0)
    places = range(width, width * (count + 1), width)
    offsets = [_number(payload, place, width, order) for place in places]
    if not is_version_1 and size is not None:
        offsets.append(size)  # version 1 has the end of the last part too
    start = width * (count + 1)
    if offsets[0] != start:
        raise DecodeError("the first part does not begin after the offsets", width)
    for place, (before, after) in enumerate(pairwise(offsets), 1):
        if after < before or (size is not None and after > size):
            raise DecodeError("an offset is outside of the message", width * place)
    if is_version_1 and size is not None and offsets[-1] != size:
        raise DecodeError("the last part does not end with the message", width * count)
    return list(pairwise(offsets))


def _number(payload: Data, start: int, width: int, order: str) -> int:
    if start + width > len(payload):
        raise DecodeError("cut off in its offsets", len(payload))
    is_little = order == "little"
    return int.from_bytes(payload[start : start + width], "little" if is_little else "big")
