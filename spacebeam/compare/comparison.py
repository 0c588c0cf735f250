"""Compares two entries of a recording: their values as trees, and as text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacebeam.compare.difference import Differences, Rules, differences
from spacebeam.compare.lines import LineDifferences, line_differences
from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.extended_json import extended, written_extended
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.paths import LEFT_OUT, without
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import Schemas
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of

MAX_SIZE = 4 * 1024 * 1024  # bytes of a payload; longer ones are not compared
_COLUMNS = 80  # of a hex dump


class TooLongError(ValueError):
    """A payload has more than MAX_SIZE bytes."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two entries that are compared."""

    entry: Entry
    context: Context  # how its payload is read
    decoder: str  # the name of its format
    has_value: bool  # whether it has keys and indexes
    value: Value = None  # in JSON's types

    def text(self, left_out: tuple[str, ...] = ()) -> str:
        """Return the payload as text, safe to show; a value without some paths."""
        if self.has_value and left_out:
            value = without(self.value, left_out, LEFT_OUT)
            rendering = JsonRendering(written_extended(value).encode(errors="backslashreplace"))
            return "".join(span.text for span in rendering)
        decoder = REGISTRY.best(self.entry.payload, self.context)
        spans = decoder.render(self.entry.payload, replace(self.context, columns=_COLUMNS))
        return "".join(span.text for span in spans)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two entries, read for comparing."""

    before: Side
    after: Side

    @property
    def has_values(self) -> bool:
        """Whether both have values, which can be compared as trees."""
        return self.before.has_value and self.after.has_value

    @property
    def is_same_payload(self) -> bool:
        """Whether the bytes are the same."""
        return self.before.entry.payload == self.after.entry.payload

    def differences(self, rules: Rules) -> Differences:
        """Return what differs in the values. Raises PathStepsError for a path that is none."""
        return differences(self.before.value, self.after.value, rules)

    def line_differences(self, left_out: tuple[str, ...] = ()) -> LineDifferences:
        """Return the lines that differ."""
        return line_differences(self.before.text(left_out), self.after.text(left_out))


def side_of(
    recording: Recording, entry: Entry, schemas: Schemas | None = None, chosen: str = ""
) -> Side:
    """Read a whole entry, or one that is cut at MAX_SIZE. Raises TooLongError.

    `chosen` is the decoder's name, if a person chose one. Many payloads take longer than a frame.
    """
    if entry.size > MAX_SIZE:
        raise TooLongError(entry.number)
    connection = connection_of(recording, entry.number, schemas)
    context = context_of(entry.kind, entry.direction, chosen=chosen, connection=connection)
    decoder, decoded = REGISTRY.decoded(entry.payload, context)
    has_value = REGISTRY.has_fields(decoder, entry.payload, context)
    if not has_value:
        return Side(entry, context, decoder.name, has_value=False)
    return Side(entry, context, decoder.name, has_value=True, value=extended(decoded.value))
