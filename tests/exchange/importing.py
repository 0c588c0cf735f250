"""Files that are imported into memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacebeam.exchange.importers.importer import Begin, End, ImportFileError, Item
from spacebeam.exchange.importers.registry import recognised
from spacebeam.exchange.losses import Losses
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording


@dataclass
class Conversation:
    """A conversation of an imported file."""

    begin: Begin
    recording: Recording = field(default_factory=Recording)
    end: End | None = None

    @property
    def entries(self) -> list[Entry]:
        return [self.recording.entry(number) for number in range(len(self.recording))]

    @property
    def messages(self) -> list[tuple[Direction, Kind, bytes]]:
        """All entries but events."""
        return [
            (one.direction, one.kind, bytes(one.payload))
            for one in self.entries
            if one.kind is not Kind.EVENT
        ]

    @property
    def events(self) -> list[bytes]:
        return [bytes(one.payload) for one in self.entries if one.kind is Kind.EVENT]


@dataclass
class Imported:
    """What became of a file."""

    format: str = ""
    conversations: list[Conversation] = field(default_factory=list)
    losses: dict[str, int] = field(default_factory=dict)
    error: ImportFileError | None = None


def imported(content: bytes) -> Imported:
    """Import a file with this content."""
    result = Imported()
    losses: Losses = Losses()
    try:
        format_, file = recognised(io.BytesIO(content))
        result.format = format_.name
        _gather(result, format_.read(file, losses))
    except ImportFileError as error:
        result.error = error
    result.losses = {loss.value: count for loss, count in losses.items() if count}
    return result


def _gather(result: Imported, items: Iterator[Item]) -> None:
    found: dict[str, Conversation] = {}
    for item in items:
        if isinstance(item, Begin):
            found[item.key] = Conversation(item)
            result.conversations.append(found[item.key])
        elif isinstance(item, End):
            found.pop(item.key).end = item
        else:
            recording = found[item.key].recording
            first = len(recording)
            recording.append(item.batch)
            for place, mark in item.marks.items():
                recording.set_mark(first + place, mark)
