"""Reads a JSON document of any length piece by piece, with the memory of one value.

The caller walks through objects and lists and takes whole only what it needs.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from spacebeam.exchange.importers.importer import MAX_VALUE, ImportFault, ImportFileError

_CHUNK = 256 * 1024  # bytes
_NEAR = 16  # characters before the end; an escape of a surrogate pair has twelve
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER_ENDS = frozenset("0123456789+-.eE")


class JsonStream:
    """A position in a JSON document. All methods raise ImportFileError."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._scan = json.JSONDecoder(strict=False).raw_decode
        self._text = ""
        self._at = 0
        self._passed = 0  # bytes before `_text`
        self._is_at_end = False

    def peek(self) -> str:
        """Return the next character that is no space; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """Return the value here, and move behind it."""
        self.peek()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except RecursionError:
                raise self.error(ImportFault.OTHER_SHAPE) from None
            except ValueError as error:
                # The rest may come with the next chunk. A mistake far from the end is one.
                place = getattr(error, "pos", self._at)
                is_near_end = place >= len(self._text) - _NEAR or _is_open_string(error)
                if not is_near_end or not self._more():
                    raise self._wrong() from None
                continue
            if type(value) in (int, float) and self._may_go_on(end) and self._more():
                continue
            self._at = end
            return value

    def members(self) -> Iterator[str]:
        """Yield the keys of the object here; the caller takes each value before the next key."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self.error(ImportFault.NOT_JSON)
            self._take(":")
            yield key
            if self._is_last("}"):
                return

    def items(self) -> Iterator[None]:
        """Stop at each item of the list here; the caller takes it before the next one."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield None
            if self._is_last("]"):
                return

    def end(self) -> None:
        """Fail if anything follows the document."""
        if self.peek():
            raise self.error(ImportFault.NOT_JSON)

    def error(self, fault: ImportFault) -> ImportFileError:
        """Return the error of this place."""
        before = len(self._text[: self._at].encode(errors="replace"))
        return ImportFileError(fault, offset=self._passed + before)

    def _may_go_on(self, end: int) -> bool:
        """Return whether a number that ends here may be cut by the end of the chunk."""
        is_near_end = len(self._text) - end < _NEAR
        return is_near_end and _NUMBER_ENDS.issuperset(self._text[end:])

    def _take(self, sign: str) -> None:
        if self.peek() != sign:
            raise self._wrong() if sign == ":" else self._other()
        self._at += 1

    def _is_last(self, end: str) -> bool:
        sign = self.peek()
        if sign not in (end, ",") or not sign:
            raise self._wrong()
        self._at += 1
        return sign == end

    def _other(self) -> ImportFileError:
        return (
            self._wrong()
            if self._is_at_end and not self.peek()
            else self.error(ImportFault.OTHER_SHAPE)
        )

    def _wrong(self) -> ImportFileError:
        return self.error(ImportFault.CUT_OFF if self._is_at_end else ImportFault.NOT_JSON)

    def _more(self) -> bool:
        """Read on, twice as much if a value is long; return False at the end of the file."""
        if self._is_at_end:
            return False
        left = self._text[self._at :]
        if len(left) > MAX_VALUE:
            raise self.error(ImportFault.TOO_LARGE)
        data = self._file.read(max(_CHUNK, len(left)))
        self._passed += len(self._text[: self._at].encode(errors="replace"))
        self._text = left + self._decoder.decode(data, final=not data)
        self._at = 0
        self._is_at_end = not data
        return bool(data)


def _is_open_string(error: ValueError) -> bool:
    """Whether a string did not end; the place of the error is its beginning."""
    return getattr(error, "msg", "").startswith("Unterminated string")
