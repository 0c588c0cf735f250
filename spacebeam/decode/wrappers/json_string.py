"""JSON, or another format, in a JSON string: a document that was written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.json_values import written
from spacebeam.decode.wrappers.wrapper import Wrapper

_MIN_SIZE = 4  # bytes: an empty object in quotation marks
_BEGINNING = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrtu])')
_MAX_SPACE = 256  # bytes after the string
_MIN_PART = 12  # bytes of a pair of escapes
_SPACE = b" \t\r\n"
_ESCAPE = re.compile(
    rb"\\(?:u([Dd][89ABab][0-9A-Fa-f]{2})\\u([0-9A-Fa-f]{4})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL
)
_PART = re.compile(
    rb"(?:[^\"\\\x00-\x1f]++|\\[\"\\/bfnrt]"
    rb"|\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}"
    rb"|\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})*"
)
_CHARACTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


class JsonStringDecoder(Wrapper):
    """A JSON string whose text has a format of its own."""

    name = "JSON string"
    first_bytes = b'"'
    is_text = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return what the content's format is worth."""
        if payload[:1] != b'"' or len(payload) < _MIN_SIZE or not _BEGINNING.match(payload):
            return 0
        return self.inside_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the text without escapes, in UTF-8. Raises DecodeError."""
        if payload[:1] != b'"':
            raise DecodeError("not a JSON string", 0)
        place = 1
        while payload[place : place + 1] != b'"':
            match = _PART.match(payload, place, place + max(size, _MIN_PART))
            assert match is not None
            if match.end() == place:
                raise DecodeError("not a JSON string", place)
            part = match.group()
            yield _ESCAPE.sub(_character, part) if b"\\" in part else part
            place = match.end()
        if payload[place + 1 : place + 1 + _MAX_SPACE].strip(_SPACE):
            raise DecodeError("more follows after the string", place + 1)

    def wrap(self, content: bytes) -> bytes:
        """Return a JSON string. Raises ValueError for bytes that are not UTF-8."""
        return written(content.decode()).encode()


def _character(escape: re.Match[bytes]) -> bytes:
    """Return the character of an escape, which may be a pair of surrogates."""
    high, low, single, letter = escape.groups()
    if letter is not None:
        return _CHARACTERS.get(letter, letter)
    if single is not None:
        return chr(int(single, 16)).encode()
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10 | int(low, 16) - 0xDC00)).encode()
