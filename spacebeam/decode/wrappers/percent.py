"""Percent-encoding (RFC 3986, section 2.1), as in addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote_from_bytes, unquote_to_bytes

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.wrappers.wrapper import Wrapper

_JUDGED = 16 * 1024  # bytes; a longer payload is judged by its beginning
_ESCAPE_SIZE = 3
_TEXT = re.compile(rb"(?:[!-$&-~]++|%[0-9A-Fa-f]{2})*")


class PercentDecoder(Wrapper):
    """Text whose characters are escaped by a percent sign and two hexadecimal digits."""

    name = "Percent-encoding"
    first_bytes = b"%"
    is_text = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return what the content's format is worth, for text that has an escape."""
        if payload[:1] != b"%":  # of `{`, `[`, `<` and quotation marks
            return 0
        match = _TEXT.match(payload, 0, _JUDGED)
        end = min(len(payload), _JUDGED)
        if match is None or match.end() < (
            end if end < _JUDGED and not context.is_cut else end - 2
        ):
            return 0
        return self.inside_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the text without escapes. Raises DecodeError."""
        place, size = 0, max(size, _ESCAPE_SIZE)
        while place < len(payload):
            end = place + size
            cut = payload.rfind(b"%", max(end - 2, place), end)
            end = end if cut <= place or end >= len(payload) else cut
            part = bytes(payload[place:end])
            if not _TEXT.fullmatch(part):
                raise DecodeError("not percent-encoding", place)
            yield unquote_to_bytes(part)
            place = end

    def wrap(self, content: bytes) -> bytes:
        """Return the text, where all is escaped that a form's value may not have."""
        return quote_from_bytes(content, safe="").encode()
