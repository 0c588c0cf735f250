"""What an exporter gets and returns.

An exporter is a generator, so an export of any length takes the memory of one block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spacebeam.exchange.json_lines import runs
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Mark

# Blocks of a recording, each with the places of the entries that are exported.
Found = Iterable[tuple[Block, Sequence[int]]]


class Piece(NamedTuple):
    """Bytes of the exported file, or with a name a whole file in the exported folder."""

    data: bytes
    name: str = ""


class ExportedEntry(NamedTuple):
    """An entry that is exported one by one."""

    number: int  # counts from 1
    time: float  # Unix time in seconds
    direction: Direction
    kind: Kind
    payload: bytes


@dataclass(frozen=True, slots=True)
class ExportSource:
    """What is exported, apart from its entries."""

    words: Callable[[Kind, bytes], str]  # a control frame or event as a sentence, escaped
    length: int  # number of entries in the recording
    address: str = ""
    title: str = ""
    handshakes: Sequence[tuple[int, str]] = ()  # as in Recording
    marks: Mapping[int, Mark] = field(default_factory=dict)  # by number, counted from 0
    has_control_frames: bool = False  # also where most readers do not know them


def _always() -> bool:
    return True


Export = Callable[[ExportSource, Found, Losses], Iterator[Piece]]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that a recording is exported in."""

    name: str
    suffix: str  # of a file's name; "" for a folder
    export: Export
    losses: frozenset[Loss]  # that an export may have
    is_available: Callable[[], bool] = _always  # whether the library it needs is installed

    @property
    def is_folder(self) -> bool:
        """Whether the export is a folder of files."""
        return not self.suffix


def exported(block: Block, places: Sequence[int]) -> Iterator[ExportedEntry]:
    """Yield the entries at these places of a block."""
    data, starts, ends, kinds = block.data, block.starts, block.ends, block.kinds
    for time, direction, run in runs(block, places):
        for place in run:
            payload = bytes(data[starts[place] : ends[place]])
            yield ExportedEntry(
                block.first + place + 1, time, direction, Kind(kinds[place]), payload
            )


def wire_forms(block: Block, places: Sequence[int]) -> int:
    """Return how many of these entries were fragmented or compressed."""
    if not block.origins:
        return 0
    if len(places) == len(block):
        return len(block.origins)
    return sum(place in block.origins for place in places)
