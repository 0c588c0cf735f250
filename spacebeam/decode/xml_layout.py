"""XML (https://www.w3.org/TR/xml/), indented without being changed.

Token by token, as `json_layout` does it: only white space between tags changes. An element with
text between its children stays as it was written. A document may be cut anywhere or be invalid.
"""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Data, Span, Style
from spacebeam.decode.json_layout import MAX_LEVELS
from spacebeam.decode.text import piece_end, text_span

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NEW_LINES = tuple("\n" + "  " * level for level in range(MAX_LEVELS + 1))
_MAX_SPACE = 64 * 1024  # bytes of white space passed in one step
_SPACE = re.compile(rb"[ \t\r\n]*+")
_NAME = re.compile(rb"""[^ \t\r\n/><="']++""")
# What begins with these characters, and with which it ends.
_MARKUP = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">"))
_CDATA = b"<![CDATA["


class XmlRendering:
    """An XML document, indented."""

    def __init__(self, payload: Data) -> None:
        self._payload = payload
        self.offset = len(_BYTE_ORDER_MARK) if payload.startswith(_BYTE_ORDER_MARK) else 0
        self._level = 0
        self._text_level = -1  # of the outermost element that has text; it is not indented
        self._ending = b""  # of the comment, section or attribute's value that goes on
        self._is_in_tag = False
        self._is_closing = False  # the tag closes an element
        self._is_name_next = False  # the tag's name follows
        self._is_after_child = False
        self._is_begun = False

    def __iter__(self) -> XmlRendering:
        return self

    def __next__(self) -> Span:
        payload, start = self._payload, self.offset
        if start >= len(payload):
            raise StopIteration
        if self._ending:
            return self._to_ending(start)
        if self._is_in_tag:
            return self._in_tag(start)
        if payload[start] != 0x3C:
            return self._text(start)
        for opening, ending in _MARKUP:
            if payload.startswith(opening, start):
                return self._markup(opening, ending)
        return self._tag(start)

    def _text(self, start: int) -> Span:
        """Return text, or pass white space between tags."""
        payload = self._payload
        if self._text_level < 0:
            match = _SPACE.match(payload, start, start + _MAX_SPACE)
            assert match is not None
            end = match.end()
            if end == len(payload) or end - start == _MAX_SPACE or payload[end] == 0x3C:
                self.offset = end
                return Span("")
            self._text_level = self._level
        limit = piece_end(payload, start)
        end = payload.find(b"<", start, limit)
        self.offset, self._is_begun = limit if end < 0 else end, True
        return text_span(payload, start, self.offset)

    def _markup(self, opening: bytes, ending: bytes) -> Span:
        """Return the beginning of a comment, a section or an instruction."""
        if opening == _CDATA and self._text_level < 0:
            self._text_level = self._level
        space = self._new_line()
        self._ending, self._is_after_child = ending, True
        self.offset += len(opening)
        return Span(space + opening.decode(), Style.PUNCTUATION)

    def _to_ending(self, start: int) -> Span:
        """Return a comment, a section or a value to its end, or a piece of it."""
        payload, ending = self._payload, self._ending
        limit = piece_end(payload, start)
        found = payload.find(ending, start, limit + len(ending))
        self.offset = limit
        if found >= 0:
            self.offset, self._ending = found + len(ending), b""
        return text_span(
            payload, start, self.offset, Style.STRING if self._is_in_tag else Style.PUNCTUATION
        )

    def _tag(self, start: int) -> Span:
        """Return the bracket of a tag, on a line of its own unless it is beside text."""
        self._is_closing = self._payload[start + 1 : start + 2] == b"/"
        self._is_in_tag = self._is_name_next = True
        if self._is_closing:
            self._level = max(self._level - 1, 0)
        has_line = self._is_after_child or not self._is_closing
        space = self._new_line() if has_line else ""
        self._is_begun = True
        self.offset += 1 + self._is_closing
        return Span(space + ("</" if self._is_closing else "<"), Style.PUNCTUATION)

    def _in_tag(self, start: int) -> Span:
        """Return the next part of a tag."""
        payload = self._payload
        match payload[start]:
            case 0x3E:  # >
                return self._end_of_tag(">")
            case 0x2F if payload[start + 1 : start + 2] == b">" and not self._is_closing:
                self._is_closing = True  # it has no content
                return self._end_of_tag("/>")
            case 0x3C:  # another tag; this one has no end
                self._is_in_tag = False
                return self.__next__()
            case 0x20 | 0x09 | 0x0A | 0x0D:
                return self._space_in_tag(start)
            case 0x22 | 0x27:
                self._ending = bytes(payload[start : start + 1])
                self.offset += 1
                return Span(chr(payload[start]), Style.STRING)
        found = _NAME.match(payload, start, piece_end(payload, start))
        if found is None:
            self.offset += 1
            return Span(chr(payload[start]), Style.PUNCTUATION)
        self.offset = found.end()
        style = Style.KEY if self._is_name_next else Style.LITERAL
        return text_span(payload, start, self.offset, style)

    def _space_in_tag(self, start: int) -> Span:
        match = _SPACE.match(self._payload, start, start + _MAX_SPACE)
        assert match is not None
        self.offset, self._is_name_next = match.end(), False
        is_before_end = self._payload[self.offset : self.offset + 1] in (b">", b"/", b"=")
        return Span("" if is_before_end else " ")

    def _end_of_tag(self, bracket: str) -> Span:
        self.offset += len(bracket)
        self._is_in_tag, self._is_after_child = False, self._is_closing
        if not self._is_closing:
            self._level += 1
        elif self._level < self._text_level:
            self._text_level = -1
        return Span(bracket, Style.PUNCTUATION)

    def _new_line(self) -> str:
        """Return a line feed and the indentation, unless text is beside it or nothing before it."""
        is_first, self._is_begun = not self._is_begun, True
        if is_first or self._text_level >= 0:
            return ""
        return _NEW_LINES[min(self._level, MAX_LEVELS)]
