"""JSON Lines (jsonlines.org): several JSON values in one message, each on a line of its own."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Rendering, Value
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.json_ranges import add_json
from spacebeam.decode.json_values import begins_like_json, read_json, written
from spacebeam.decode.preview import text_preview

_JUDGED = 64 * 1024  # bytes; a longer payload is judged by its beginning
_BEGINNINGS = b'{["-0123456789tfn\xef'
_SEPARATOR = b"\x1e"  # of SignalR's messages, and of JSON text sequences (RFC 7464)
_MAX_BLANK = 256  # bytes of blank lines between the first two values
_BEGINNING = 256  # bytes of a line that is longer than what is judged
_MAX_LINES = 100_000


class JsonLinesDecoder:
    """Two or more lines, each a JSON value, one of them at least an object or array."""

    name = "JSON Lines"
    kinds: tuple[str, ...] = ()
    first_bytes = _BEGINNINGS
    is_text = True
    has_fields = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.85 for valid lines, and 0.45 where only the first was read."""
        if not payload or payload[0] not in _BEGINNINGS:
            return 0
        end = payload.find(b"\n", 0, _JUDGED)
        if end < 0 or not payload[end + 1 : end + _MAX_BLANK].strip():
            return 0
        try:
            first = read_json(payload[:end], max_deep_size=0)
            if not context.is_cut and len(payload) <= _JUDGED:
                _values(payload)
                return 0.85
        except DecodeError:
            return 0
        return 0.45 if isinstance(first, list | dict) and _goes_on(payload, end + 1) else 0

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the beginning of the lines as they were written."""
        return text_preview(payload)

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the values, indented, one below the other."""
        return JsonRendering(payload)

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the list of the values. Raises DecodeError."""
        return Decoded(_values(payload))

    def ranges(self, payload: Data, _context: Context) -> ByteRanges:
        """Return the bytes of the values of each line. Raises DecodeError."""
        found = ByteRanges()
        found.add((0, len(payload)))
        for one, (start, end) in zip(_values(payload), _lines(payload), strict=True):
            add_json(found, one, payload, start, end)
        return found

    def encode(self, value: Value) -> bytes:
        """Return a line for each value of a list. Raises ValueError."""
        if not isinstance(value, list) or len(value) < 2:
            raise ValueError("JSON Lines are a list of two or more values")
        if not any(isinstance(one, list | dict) for one in value):
            raise ValueError("JSON Lines have an object or array")
        return "\n".join(map(written, value)).encode(errors="backslashreplace")


def _values(payload: Data) -> list[Value]:
    """Return the values of the lines. Raises DecodeError."""
    if (place := payload.find(_SEPARATOR)) >= 0:
        raise DecodeError("the values are separated by 0x1E", place)
    values: list[Value] = []
    for start, end in _lines(payload):
        if len(values) == _MAX_LINES:
            raise DecodeError(f"more than {_MAX_LINES:,} lines", start)
        try:
            values.append(read_json(payload[start:end], max_deep_size=0))
        except DecodeError as error:
            raise DecodeError(str(error), start + error.offset) from None
    if len(values) < 2:
        raise DecodeError("fewer than two lines", len(payload))
    if not any(isinstance(one, list | dict) for one in values):
        raise DecodeError("no line is an object or array", 0)
    return values


def _lines(payload: Data) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each line that is not blank."""
    start = 0
    while start < len(payload):
        end = payload.find(b"\n", start)
        end = len(payload) if end < 0 else end
        if payload[start:end].strip(b" \t\r"):
            yield start, end
        start = end + 1


def _goes_on(payload: Data, start: int) -> bool:
    """Return whether the line at `start`, or after blank lines there, can be JSON too."""
    while payload[start] in b" \t\r\n":
        start += 1
    end = payload.find(b"\n", start, _JUDGED)
    if end < 0:
        return begins_like_json(payload[start : start + _BEGINNING])
    try:
        read_json(payload[start:end], max_deep_size=0)
    except DecodeError:
        return False
    return True
