"""Bytes as a hex dump: offset, sixteen bytes or fewer, and what is ASCII in them."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.decode.decoder import Context, Data, Decoded, Rendering, Span, Style, Value
from spacebeam.decode.preview import binary_preview

WIDTH = 16
_WIDTHS = (WIDTH, 8, 4)  # bytes on a line, as many as there is room for
_OFFSET_COLUMNS = 10
_GROUP = 8  # bytes that stand together

_SHOWN = bytes(code if 0x20 <= code < 0x7F else ord(".") for code in range(256))


class HexDecoder:
    """Any bytes, as a hex dump."""

    name = "Hex"
    kinds: tuple[str, ...] = ()
    first_bytes = b""
    is_text = False
    has_fields = False

    def confidence(self, _payload: Data, _context: Context) -> float:
        """Return a guess: hex can show any payload."""
        return 0.2

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the first bytes in hexadecimal."""
        return binary_preview(payload)

    def render(self, payload: Data, context: Context) -> Rendering:
        """Return the hex dump, as wide as there is room for."""
        return HexRendering(payload, width_for(context.columns))

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the bytes themselves."""
        return Decoded(bytes(payload))

    def encode(self, value: Value) -> bytes:
        """Return bytes as they are, or those written in hexadecimal. Raises ValueError."""
        if isinstance(value, str):
            return bytes.fromhex(value)
        if isinstance(value, bytes):
            return value
        raise ValueError("Hex can encode bytes only")


class HexRendering:
    """A hex dump: for each line a span of numbers and one of text."""

    def __init__(self, payload: Data, width: int = WIDTH) -> None:
        self._payload = payload
        self._width, self._column = width, text_column(width)
        self._text = ""  # of the line whose numbers were the last span
        self.offset = 0

    def __iter__(self) -> HexRendering:
        return self

    def __next__(self) -> Span:
        if text := self._text:
            self._text = ""
            return Span(text)
        start = self.offset
        if start >= len(self._payload):
            raise StopIteration
        line = _line(self._payload, start, self._width)
        self.offset = min(start + self._width, len(self._payload))
        self._text = line[self._column :]
        numbers = line[: self._column]
        return Span("\n" + numbers if start else numbers, Style.OFFSET)


def digits_column(place: int) -> int:
    """Return where the two digits of a byte begin on its line."""
    return _OFFSET_COLUMNS + 3 * place + place // _GROUP


def bytes_before(column: int, width: int) -> int:
    """Return how many bytes of a line of `width` bytes begin before a column.

    Before the line's text these are digits, then characters.
    """
    if column > text_column(width):
        return min(column - text_column(width), width)
    places = (place for place in range(width) if digits_column(place) >= column)
    return next(places, width) if column < text_column(width) else 0


def text_column(width: int) -> int:
    """Return where the ASCII begins on a line of `width` bytes: after offset, groups and gaps."""
    groups = -(-width // _GROUP)
    return _OFFSET_COLUMNS + 3 * width - groups + 2 * groups


def width_for(columns: int) -> int:
    """Return how many bytes fit on a line that is `columns` characters wide."""
    fitting = (width for width in _WIDTHS if text_column(width) + width <= columns)
    return next(fitting, _WIDTHS[-1])


def hexdump(payload: Data, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of the dump, of `width` bytes each."""
    return (_line(payload, start, width) for start in range(0, len(payload), width))


def _line(payload: Data, start: int, width: int) -> str:
    row = payload[start : start + width]
    groups = (row[place : place + _GROUP].hex(" ") for place in range(0, width, _GROUP))
    room = 3 * min(width, _GROUP) - 1
    numbers = "".join(f"{group:<{room}}  " for group in groups)
    return f"{start:08x}  {numbers}{row.translate(_SHOWN).decode()}"
