"""What binary formats and framed protocols share: a value, shown as extended JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from spacebeam.decode.byte_reader import NestedReader
from spacebeam.decode.decoder import (
    Context,
    Data,
    Decoded,
    DecodeError,
    Message,
    Rendering,
    Span,
    Style,
    Value,
)
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.preview import MAX_CHARACTERS, text_preview
from spacebeam.decode.visible import one_line

_MAX_SHOWN = 16  # messages of a payload in its row
MAX_SUMMARIZED = 16 * 1024  # bytes; the row of a longer payload shows its beginning
_BEGINNING = 512  # bytes of that


def is_named(context: Context, pattern: re.Pattern[str]) -> bool:
    """Return whether the endpoint or the subprotocol names a format."""
    return _is_named(pattern, context.endpoint, context.subprotocol)


@lru_cache(maxsize=256)
def _is_named(pattern: re.Pattern[str], *names: str) -> bool:
    return any(map(pattern.search, names))


class StructuredDecoder:
    """A format whose payloads are values. A decoder overrides `decode`, and `encode` if it can."""

    name = ""
    is_text = False
    has_fields = True
    kinds: tuple[str, ...] = ()
    first_bytes = b""
    spans_payloads = False  # whether what a payload says depends on earlier ones

    def __init__(self) -> None:
        self._judged: tuple[Data, Value] = (b"", None)

    def _remember(self, payload: Data, value: Value) -> None:
        """Save the value that the confidence depends on: a payload is judged, then decoded."""
        self._judged = payload, value

    def _remembered(self, payload: Data) -> Value:
        """Return the value of the payload that was judged last, once; None for other payloads."""
        judged, self._judged = self._judged, (b"", None)
        return judged[1] if judged[0] is payload and isinstance(payload, bytes) else None

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the payload's value. Raises DecodeError."""
        raise NotImplementedError

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return what a row shows; not all messages where there may be many. Raises DecodeError."""
        return self.decode(payload, context)

    def encode(self, value: Value) -> bytes:
        """Return the payload of a value. Raises ValueError if the format has no way back."""
        raise ValueError(f"{self.name} cannot be written")

    def summary(self, payload: Data, context: Context) -> str:
        """Return the messages, or the value, on one line."""
        if context.is_cut or len(payload) > MAX_SUMMARIZED:
            return self.beginning(payload[:_BEGINNING], context)
        try:
            decoded = self.decode_for_row(payload, aside(context))
        except DecodeError as error:
            return shortened(f"{self.name}: {error} (byte {error.offset})")
        words = "; ".join(map(message_words, decoded.messages[:_MAX_SHOWN]))
        words += "; …" if len(decoded.messages) > _MAX_SHOWN else ""
        return shortened(words or written_extended(decoded.value))

    def beginning(self, payload: Data, context: Context) -> str:
        """Return the first bytes of a payload on one line; a format of values has a better way."""
        return text_preview(payload) if context.kind == "text" else self.name

    def words_of_beginning(self, reader: NestedReader, read: Callable[[int], Value]) -> str:
        """Return the values that a reader reads in a cut payload, on one line."""
        try:
            value = reader.all_values(read)
        except DecodeError:
            return self.name
        return shortened(written_extended(value).rstrip("]}") + " …")

    def render(self, payload: Data, context: Context) -> Rendering:
        """Return the value as extended JSON, indented. Its offsets are not the payload's."""
        if context.is_cut:
            return _Sentence(f"⟨{self.name} is decoded when all of it is shown⟩", len(payload))
        try:
            value = self.decode(payload, aside(context)).value
        except DecodeError as error:
            return _Sentence(f"⟨{self.name}: {error} (byte {error.offset})⟩", len(payload))
        return JsonRendering(written_extended(value).encode(errors="backslashreplace"))


class ConnectionDecoder(StructuredDecoder):
    """A format that whole connections have. It is looked for where something tells so.

    Else only payloads with an opening byte may have it: the registry asks about no others. What it
    remembers of a connection has a key that begins with its name.
    """

    opening_bytes = b""  # with which the first payload can begin

    def is_told(self, context: Context) -> bool:
        """Return whether address, subprotocol or schemas say that the connection uses it."""
        raise NotImplementedError

    def is_spoken(self, context: Context) -> bool:
        """Return whether something tells so, or an earlier payload had it."""
        is_begun = any(key.startswith(self.name) for key in context.memory)
        return is_begun or self.is_told(context)


def aside(context: Context) -> Context:
    """Return the context for showing a payload: what it changes in the memory is forgotten.

    What decoders remember is not changed but replaced, so a copy of the dictionary is enough.
    """
    return replace(context, memory=dict(context.memory))


def message_words(message: Message) -> str:
    """Return a message on one line: “EVENT sum [40,2]”, not yet shortened."""
    is_nothing = message.value is None or message.value in ({}, [], "")
    value = "" if is_nothing else written_extended(message.value)
    return " ".join(filter(None, (message.type, message.name, value)))


def shortened(words: str) -> str:
    """Return words on one line of at most 300 characters, safe to show."""
    cut = len(words) > MAX_CHARACTERS
    return one_line(words[: MAX_CHARACTERS - cut]) + ("…" if cut else "")


class _Sentence:
    """A rendering of one sentence."""

    def __init__(self, text: str, size: int) -> None:
        self._text, self._size = text, size
        self.offset = 0

    def __iter__(self) -> _Sentence:
        return self

    def __next__(self) -> Span:
        if not self._text:
            raise StopIteration
        text, self._text, self.offset = self._text, "", self._size
        return Span(one_line(text), Style.OFFSET)
