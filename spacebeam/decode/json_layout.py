"""JSON (RFC 8259), indented without being changed.

Token by token: numbers keep their spelling, keys their order, duplicates their place. Only white
space between tokens changes. A document may be cut anywhere or be invalid. JSON's punctuation is
ASCII, so tokens are found in the bytes, and nothing is decoded before it is shown.
"""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Data, Span, Style
from spacebeam.decode.text import MAX_PIECE, piece_end, text_span

MAX_LEVELS = 32  # of indentation; deeper values stay on one line
_INDENT = "  "
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MAX_SPACE = 64 * 1024  # bytes of white space passed in one step

_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING_PART = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_COLON_AHEAD = re.compile(rb"[ \t\r\n]{0,256}+:")
_CLOSING_AHEAD = re.compile(rb"[ \t\r\n]{0,256}+[\]}]")
_OPENINGS = re.compile(rb"[\[{]++")
_CLOSINGS = re.compile(rb"[\]}]++")
_SCALAR = re.compile(rb'[^ \t\r\n{}\[\],:"]++')
_LITERALS = (b"true", b"false", b"null")
_NEW_LINES = tuple("\n" + _INDENT * level for level in range(MAX_LEVELS + 1))
_DEEPER = Span(f" ⟨{MAX_LEVELS + 1} levels⟩ ", Style.OFFSET)


class JsonRendering:
    """A JSON document, indented."""

    def __init__(self, payload: Data) -> None:
        self._payload = payload
        self.offset = len(_BYTE_ORDER_MARK) if payload.startswith(_BYTE_ORDER_MARK) else 0
        self._level = 0
        self._is_in_string = False  # the string goes on after the last span
        self._is_after_value = False
        self._is_deeper = False  # the deepest indented level has just been left

    def __iter__(self) -> JsonRendering:
        return self

    def __next__(self) -> Span:
        payload, start = self._payload, self.offset
        if self._is_deeper:
            self._is_deeper = False
            return _DEEPER
        if start >= len(payload):
            raise StopIteration
        if self._is_in_string:
            return self._string(start)
        if payload[start] in b" \t\r\n":
            return self._space(start)
        match payload[start]:
            case 0x22:  # a quotation mark
                return self._string(start)
            case 0x2C:  # a comma
                return self._punctuation(",", " ")
            case 0x3A:
                self._is_after_value = False
                self.offset += 1
                return Span(": ", Style.PUNCTUATION)
            case 0x5B | 0x7B:
                return self._opening(start)
            case 0x5D | 0x7D:
                return self._closing(start)
            case _:
                return self._scalar(start)

    def _space(self, start: int) -> Span:
        """Pass white space. It is shown only if nothing else parts two values."""
        match = _SPACE.match(self._payload, start, start + _MAX_SPACE)
        assert match is not None
        self.offset = end = match.end()
        is_parting = self._is_after_value and self._payload[end : end + 1] not in b",:]}"
        if not is_parting:
            return self.__next__() if end - start < _MAX_SPACE else Span("")
        self._is_after_value = False
        return Span(" " if self._level else "\n")

    def _string(self, start: int) -> Span:
        payload, is_whole = self._payload, not self._is_in_string
        limit = piece_end(payload, start)
        match = _STRING_PART.match(payload, start + is_whole, limit)
        assert match is not None
        end = match.end()
        if payload[end : end + 1] == b'"':
            end += 1
            self._is_in_string, self._is_after_value = False, True
        else:
            # A backslash that ends the document, or the piece, is no progress by itself.
            end = max(end, min(start + 2, len(payload))) if end <= start + 1 else end
            self._is_in_string = True
        self.offset = end
        is_key = is_whole and not self._is_in_string and _COLON_AHEAD.match(payload, end)
        return text_span(payload, start, end, Style.KEY if is_key else Style.STRING)

    def _scalar(self, start: int) -> Span:
        payload = self._payload
        match = _SCALAR.match(payload, start, piece_end(payload, start))
        assert match is not None
        self.offset, self._is_after_value = match.end(), True
        if payload[start] in b"-0123456789":
            style = Style.NUMBER
        else:
            style = Style.LITERAL if match.group() in _LITERALS else Style.PLAIN
        return text_span(payload, start, match.end(), style)

    def _opening(self, start: int) -> Span:
        payload = self._payload
        self._is_after_value = False
        if self._level > MAX_LEVELS:
            return self._brackets(_OPENINGS, start + MAX_PIECE, 1)
        closing = _CLOSING_AHEAD.match(payload, start + 1)
        if closing is not None:
            self.offset, self._is_after_value = closing.end(), True
            return Span(chr(payload[start]) + chr(payload[closing.end() - 1]), Style.PUNCTUATION)
        self._level += 1
        self._is_deeper = self._level > MAX_LEVELS
        return self._punctuation(chr(payload[start]), "")

    def _closing(self, start: int) -> Span:
        self._is_after_value = True
        if self._level > MAX_LEVELS:
            deeper = self._level - MAX_LEVELS
            return self._brackets(_CLOSINGS, start + min(MAX_PIECE, deeper), -1)
        self._level = max(self._level - 1, 0)
        self.offset = start + 1
        return Span(_NEW_LINES[self._level] + chr(self._payload[start]), Style.PUNCTUATION)

    def _brackets(self, pattern: re.Pattern[bytes], end: int, step: int) -> Span:
        """Return a run of brackets that are not indented."""
        match = pattern.match(self._payload, self.offset, end)
        assert match is not None
        self._level += step * len(match.group())
        self.offset = match.end()
        return Span(match.group().decode(), Style.PUNCTUATION)

    def _punctuation(self, character: str, space: str) -> Span:
        """Return a character and a new line, or `space` below the deepest indented level."""
        self._is_after_value = False
        self.offset += 1
        after = _NEW_LINES[self._level] if self._level <= MAX_LEVELS else space
        return Span(character + after, Style.PUNCTUATION)
