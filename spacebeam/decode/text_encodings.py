"""Text in other encodings than UTF-8, in binary messages.

Bytes hardly prove their encoding, so only UTF-16 is ever found; the others are for a person to
choose, where all bytes are characters.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Rendering, Span, Value
from spacebeam.decode.preview import MAX_CHARACTERS
from spacebeam.decode.visible import lines, one_line

_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JUDGED = 1024  # bytes
_CUT = 4  # bytes of a character that may be cut at the end of them
_PIECE = 1024  # bytes of one span
_LEAST = 8  # characters of UTF-16 that prove something
_SPACES = str.maketrans("", "", "\t\r\n")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# The upper bytes of the first characters: Latin, Cyrillic, kana, Chinese, Korean, full width.
_UPPER = rb"[\x00\x04\x30\x4e-\x9f\xac-\xd7\xff]"
_USUAL = {
    "utf-16-le": re.compile(rb"(?:." + _UPPER + rb"){8}", re.DOTALL),
    "utf-16-be": re.compile(rb"(?:" + _UPPER + rb".){8}", re.DOTALL),
}
_CHOICE = 0.03  # the confidence of what is for a person to choose


class EncodedTextDecoder:
    """Text in one encoding, by the name of its codec in Python."""

    kinds = ("binary",)
    first_bytes = b""
    is_text = False  # it is not printed or copied as it is
    has_fields = False

    def __init__(self, name: str, codec: str) -> None:
        self.name, self._codec = name, codec

    def confidence(self, payload: Data, context: Context) -> float:
        """Return little if all bytes at the beginning are characters, some of them not ASCII."""
        if context.kind != "binary" or _CONTROL.search(payload, 0, _JUDGED) is not None:
            return 0
        head = bytes(payload[:_JUDGED])
        if head.isascii() or _decoded(head, "utf-8") is not None:
            return 0  # the text decoder reads it
        text = _decoded(head, self._codec)
        return _CHOICE if text is not None and _is_printable(text) else 0

    def codec_of(self, _payload: Data) -> tuple[str, int]:
        """Return the codec of a payload, and the size of the mark before the text."""
        return self._codec, 0

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the beginning of the text."""
        codec, start = self.codec_of(payload)
        head = bytes(payload[start : start + 4 * MAX_CHARACTERS])
        text = head.decode(codec, errors="replace")
        is_cut = len(text) > MAX_CHARACTERS or start + len(head) < len(payload)
        return one_line(text[: MAX_CHARACTERS - is_cut]) + ("…" if is_cut else "")

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the text; bytes that are no characters are shown as U+FFFD."""
        return EncodedTextRendering(payload, *self.codec_of(payload))

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the text. Raises DecodeError."""
        codec, start = self.codec_of(payload)
        try:
            return Decoded(bytes(payload[start:]).decode(codec))
        except UnicodeDecodeError as error:
            raise DecodeError(f"not {self.name}", start + error.start) from None

    def encode(self, value: Value) -> bytes:
        """Return a text in the encoding. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError(f"{self.name} can encode text only")
        return value.encode(self._codec)


class Utf16Decoder(EncodedTextDecoder):
    """UTF-16 (RFC 2781), with a byte order mark or without."""

    def __init__(self) -> None:
        super().__init__("UTF-16", "utf-16")

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.7 with a byte order mark, and a guess for ASCII with zeros between."""
        if context.kind != "binary" or len(payload) < 2 * _LEAST or len(payload) % 2:
            return 0
        codec, start = self.codec_of(payload)
        if not start and _USUAL[codec].match(payload) is None:
            return 0
        text = _decoded(bytes(payload[start : start + _JUDGED]), codec)
        if text is None or len(text) < _LEAST or not _is_printable(text):
            return 0
        if start:
            return 0.7
        return 0.45 if text.isascii() else _CHOICE

    def codec_of(self, payload: Data) -> tuple[str, int]:
        """Return the order of bytes by the mark, or by the first characters."""
        mark = bytes(payload[:2])
        if mark in _MARKS:
            return _MARKS[mark], len(mark)
        return ("utf-16-be" if _USUAL["utf-16-be"].match(payload) else "utf-16-le"), 0


class EncodedTextRendering:
    """A payload read in an encoding, from `start` on."""

    def __init__(self, payload: Data, codec: str, start: int) -> None:
        self._payload, self._codec = payload, codec
        self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self.offset = start

    def __copy__(self) -> EncodedTextRendering:
        other = EncodedTextRendering(self._payload, self._codec, self.offset)
        other._decoder.setstate(self._decoder.getstate())
        return other

    def __iter__(self) -> EncodedTextRendering:
        return self

    def __next__(self) -> Span:
        start, size = self.offset, len(self._payload)
        if start >= size:
            raise StopIteration
        self.offset = min(start + _PIECE, size)
        piece = bytes(self._payload[start : self.offset])
        return Span(lines(self._decoder.decode(piece, self.offset == size)))


def _decoded(head: bytes, codec: str) -> str | None:
    """Return the text of a payload's beginning, in which a character may be cut; else None."""
    for end in islice(range(len(head), -1, -1), _CUT if len(head) == _JUDGED else 1):
        try:
            return head[:end].decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _is_printable(text: str) -> bool:
    return bool(text) and text.translate(_SPACES).isprintable()


ENCODINGS = (
    Utf16Decoder(),
    EncodedTextDecoder("Latin-1", "cp1252"),  # as browsers read it (WHATWG's Encoding Standard)
    EncodedTextDecoder("GBK", "gb18030"),
    EncodedTextDecoder("Shift JIS", "cp932"),
)
