"""What a wrapper is: a format around content of any other format, such as gzip or Base64.

The registry decides what the content is, as it does for payloads. So wrappers may be in each other:
eight levels, of at most 16 MiB each.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol, Self

from spacebeam.decode.byte_ranges import ByteRanges, HasRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Decoder, Rendering, Value
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.json_ranges import add_json, whole_ranges
from spacebeam.decode.json_values import written
from spacebeam.decode.pictures import picture_info
from spacebeam.decode.structured import MAX_SUMMARIZED, aside, shortened
from spacebeam.decode.wrappers.opening import JUDGED, Opening, WrappedRendering, is_text

MAX_LEVELS = 8
SEPARATOR = " › "  # between the names of formats that are in each other
SURE = 0.5  # from here on, a format is more than a guess
GUESS = 0.45
_MARK_JUDGED = 1024  # bytes of content that prove that a mark is no accident
_MARKED = 0.9
_DAMAGED = 0.3
_PROVED = 0.85
_CHOSEN = 0.3
_FALLBACKS = ("Hex", "Text")  # they can show any content


class Formats(Protocol):
    """The registry, as decoders ask it about what is inside a payload."""

    def best(self, payload: Data, context: Context) -> Decoder: ...

    def confidence(self, decoder: Decoder, payload: Data, context: Context) -> float: ...

    def is_guess(self, decoder: Decoder, payload: Data, context: Context) -> bool: ...

    def has_fields(self, decoder: Decoder, payload: Data, context: Context) -> bool: ...

    def title(self, decoder: Decoder, payload: Data, context: Context) -> str: ...

    def encode(self, value: Value, payload: Data, context: Context) -> bytes: ...


class AsksFormats:
    """A decoder that asks the registry about what is inside a payload."""

    formats: Formats

    def asking(self, formats: Formats) -> Self:
        """Return a decoder that asks this registry; each registry has its own."""
        decoder = copy.copy(self)
        decoder.formats = formats
        return decoder


class Wrapper(AsksFormats):
    """A format around content. One overrides `confidence`, `pieces` and `wrap`."""

    name = ""
    is_text = False
    has_fields = True
    kinds: tuple[str, ...] = ()
    first_bytes = b""
    # Base64 writes 3 bytes as 4 digits: (3, 4). None if a byte has no digits of its own.
    written_as: tuple[int, int] | None = None

    def confidence(self, payload: Data, context: Context) -> float:
        """Return how sure it is that the payload has this format."""
        raise NotImplementedError

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the content in pieces of about `size` bytes. Raises DecodeError.

        A piece may be empty, if much of the payload was read for nothing.
        """
        raise NotImplementedError

    def wrap(self, content: bytes) -> bytes:
        """Return a payload with the content. Raises ValueError if there is no way back."""
        raise ValueError(f"{self.name} cannot be written")

    def summary(self, payload: Data, context: Context) -> str:
        """Return the summary of the content."""
        opening = self._beginning(payload, context, MAX_SUMMARIZED)
        if opening.error is not None and not opening.content:
            return shortened(f"{self.name}: {opening.error} (byte {opening.error.offset})")
        decoder, content, inside = self._inside(opening, context)
        picture = picture_info(content) if decoder.name in _FALLBACKS else None
        if picture is not None:
            return f"{picture.format}, {picture.width} × {picture.height}"
        return decoder.summary(content, inside)

    def render(self, payload: Data, context: Context) -> Rendering:
        """Return the rendering of the content, which is read piece by piece before."""
        opening = Opening(self.pieces, payload, context.is_cut)

        def render_content() -> Rendering:
            decoder, content, inside = self._inside(opening, context)
            return decoder.render(content, inside)

        return WrappedRendering(self.name, opening, render_content)

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the value and the messages of the content. Raises DecodeError."""
        content, inside = self.opened(payload, context)
        decoder = self.formats.best(content, inside)
        try:
            return decoder.decode(content, inside)
        except DecodeError as error:
            if decoder.name in _FALLBACKS:
                return Decoded(content)
            # The offset is one in the content.
            reason = f"{decoder.name}: {error} (byte {error.offset} of the content)"
            raise DecodeError(reason, 0) from None

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the payload's bytes for each value of the content. Raises DecodeError."""
        context = aside(context)
        if self.written_as is not None and not any(map(payload.__contains__, b" \r\n")):
            content, inside = self.opened(payload, context)
            found = self._ranges_inside(content, inside)
            if found is not None and not found.is_whole:
                return found.scaled(*self.written_as, len(payload))
        return whole_ranges(self.decode(payload, context).value, payload)

    def _ranges_inside(self, content: bytes, inside: Context) -> ByteRanges | None:
        """Return the content's bytes for each of its values; None if they are not told."""
        decoder = self.formats.best(content, inside)
        if isinstance(decoder, HasRanges):
            return decoder.ranges(content, inside)
        if not isinstance(decoder, JsonDecoder):
            return None
        found = ByteRanges()
        add_json(found, decoder.decode(content, inside).value, content, 0, len(content))
        return found

    def encode(self, value: Value) -> bytes:
        """Return a payload with bytes, a text, or JSON. Raises ValueError."""
        if isinstance(value, bytes):
            return self.wrap(value)
        text = value if isinstance(value, str) else written(value)
        return self.wrap(text.encode(errors="backslashreplace"))

    def encode_like(self, value: Value, payload: Data, context: Context) -> bytes:
        """Return a payload of the value, in the formats of another payload. Raises ValueError."""
        content, inside = self.opened(payload, context)
        return self.wrap(self.formats.encode(value, content, inside))

    def opened(self, payload: Data, context: Context) -> tuple[bytes, Context]:
        """Return the content, and what is known about it. Raises DecodeError."""
        opening = Opening(self.pieces, payload, context.is_cut)
        while opening.step():
            pass
        if opening.error is not None:
            raise opening.error
        return opening.content, self._context(opening, context)

    def title(self, payload: Data, context: Context) -> str:
        """Return the names of this format and those inside: “gzip › JSON”."""
        opening = self._beginning(payload, context)
        if not opening.content:
            return self.name
        decoder, content, inside = self._inside(opening, context)
        if decoder.name not in _FALLBACKS:
            return f"{self.name}{SEPARATOR}{self.formats.title(decoder, content, inside)}"
        picture = picture_info(content)
        if picture is not None:
            return f"{self.name}{SEPARATOR}{picture.format}"
        return f"{self.name}{SEPARATOR}{decoder.name}" if decoder.is_text else self.name

    def is_guess_inside(self, payload: Data, context: Context) -> bool:
        """Return whether the content's format is only a guess."""
        opening = self._beginning(payload, context)
        if not opening.content:
            return False
        decoder, content, inside = self._inside(opening, context)
        return self.formats.is_guess(decoder, content, inside)

    def has_fields_inside(self, payload: Data, context: Context) -> bool:
        """Return whether the content's format has keys and indexes."""
        decoder, content, inside = self._inside(self._beginning(payload, context), context)
        return self.formats.has_fields(decoder, content, inside)

    def is_long(self, payload: Data, context: Context) -> bool:
        """Return whether the content takes long to read: more than 16 KiB."""
        return self._beginning(payload, context, MAX_SUMMARIZED).is_cut

    def mark_confidence(self, payload: Data, context: Context) -> float:
        """Return the confidence of a format whose mark the payload has: 0.9.

        If nothing can be read after the mark, it is a guess of 0.3.
        """
        if context.levels >= MAX_LEVELS:
            return 0
        opening = self._beginning(payload, context, _MARK_JUDGED)
        return _DAMAGED if opening.error is not None and not opening.content else _MARKED

    def inside_confidence(self, payload: Data, context: Context) -> float:
        """Return the confidence of a format without a mark of its own: what is inside decides.

        If all was read, it is 0.85 for content whose format is sure; if only the beginning, a
        guess. Where the person chose the format, any content is right.
        """
        if context.levels >= MAX_LEVELS:
            return 0
        opening = self._beginning(payload, context)
        if opening.error is not None or not opening.content:
            return 0
        decoder, content, inside = self._inside(opening, context)
        sureness = self.formats.confidence(decoder, content, inside)
        if sureness >= SURE or picture_info(content) is not None:
            return GUESS if inside.is_cut else _PROVED
        if inside.is_cut and sureness >= GUESS and decoder.name not in _FALLBACKS:
            return GUESS
        return _CHOSEN if context.chosen == self.name else 0

    def _beginning(self, payload: Data, context: Context, wanted: int = JUDGED) -> Opening:
        """Return the content, or if it is long its beginning."""
        opening = Opening(self.pieces, payload, context.is_cut, wanted)
        while opening.step():
            pass
        return opening

    def _inside(self, opening: Opening, context: Context) -> tuple[Decoder, bytes, Context]:
        """Return the best decoder of the content, and what to ask it with."""
        inside = self._context(opening, context)
        return self.formats.best(opening.content, inside), opening.content, inside

    def _context(self, opening: Opening, context: Context) -> Context:
        return replace(
            context,
            kind="text" if is_text(opening.content) else "binary",
            is_cut=opening.is_cut,
            levels=context.levels + 1,
            # Another level of the same format is not what was chosen.
            chosen="" if context.chosen == self.name else context.chosen,
        )
