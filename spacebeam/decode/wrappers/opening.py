"""Reads the content of a wrapped payload in steps, and shows it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Self

from spacebeam.decode.decoder import Data, DecodeError, Rendering, Span, Style
from spacebeam.decode.structured import shortened

MAX_SIZE = 16 * 1024 * 1024  # bytes of content
MAX_RATIO = 1000  # of the content's size to the payload's
JUDGED = 64 * 1024  # bytes of content that decide what it is, as for JSON alone
_FREE_SIZE = 64 * 1024  # bytes of content for which no ratio counts
_PIECE = 64 * 1024
_TEXT = 1024  # bytes that decide whether content is text
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")

Pieces = Callable[[Data, int], Iterator[bytes]]


class Opening:
    """The content of a wrapped payload, while it is read."""

    def __init__(self, pieces: Pieces, payload: Data, is_cut: bool, wanted: int = MAX_SIZE) -> None:
        self.payload_size = len(payload)
        self.is_cut = is_cut  # the content at hand is only the beginning
        self.error: DecodeError | None = None
        self._content = bytearray()
        self._wanted = wanted
        self._is_payload_cut = is_cut
        self._pieces = pieces(payload, min(_PIECE, wanted))
        self._limit = min(MAX_SIZE, max(_FREE_SIZE, MAX_RATIO * len(payload)))
        self._whole: bytes | None = None

    @property
    def content(self) -> bytes:
        """What was read so far."""
        return bytes(self._content) if self._whole is None else self._whole

    def step(self) -> bool:
        """Read a piece; return whether there may be more."""
        if self._whole is not None:
            return False
        try:
            piece = next(self._pieces, None)
        except DecodeError as error:
            if not self._is_payload_cut:  # its end is missing, so nothing is wrong with that
                self.error = error
            return self._end()
        if piece is None:
            return self._end()
        self._content += piece
        if len(self._content) > self._limit:
            reason = "it is larger than 16 MiB" if self._limit == MAX_SIZE else "it grows too much"
            self.error = DecodeError(f"{reason} when it is unpacked", 0)
            return self._end()
        if len(self._content) > self._wanted:
            self.is_cut = True
            return self._end()
        return True

    def _end(self) -> bool:
        self._whole = bytes(self._content[: self._wanted])
        self._content.clear()
        self._pieces = iter(())
        return False


class WrappedRendering:
    """Reads content piece by piece, and shows it; copies read it once."""

    def __init__(self, name: str, opening: Opening, render: Callable[[], Rendering]) -> None:
        self._name, self._opening, self._render = name, opening, render
        self._rendering: Rendering | None = None
        self._is_at_end = False

    def __copy__(self) -> Self:
        other = type(self)(self._name, self._opening, self._render)
        other._rendering = copy.copy(self._rendering)
        other._is_at_end = self._is_at_end
        return other

    @property
    def offset(self) -> int:
        """Where it is in the payload: as far as in the content."""
        size = self._opening.payload_size
        if self._rendering is None or self._is_at_end:
            return size if self._is_at_end else 0
        content_size = max(len(self._opening.content), 1)
        return min(self._rendering.offset * size // content_size, size)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Span:
        if self._is_at_end:
            raise StopIteration
        if self._rendering is None:
            if self._opening.step():
                return Span("")
            if (error := self._opening.error) is not None:
                self._is_at_end = True
                return Span(
                    shortened(f"⟨{self._name}: {error} (byte {error.offset})⟩"), Style.OFFSET
                )
            self._rendering = self._render()
        try:
            return next(self._rendering)
        except StopIteration:
            self._is_at_end = True
            raise


def is_text(content: bytes) -> bool:
    """Return whether content reads as text: UTF-8 without control characters, by its beginning."""
    head = content[:_TEXT]
    try:
        head.decode()
    except UnicodeDecodeError as error:
        is_character_cut = len(content) > _TEXT and error.start > _TEXT - 4
        if not is_character_cut:
            return False
    return bool(head) and _CONTROL.search(head) is None
