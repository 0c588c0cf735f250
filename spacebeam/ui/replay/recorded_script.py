"""Reads a conversation as a script: of a tab's entries, or of a recording's file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from spacebeam.exchange.exporters.exporter import exported
from spacebeam.protocol.batch import Direction
from spacebeam.recording.block import Block
from spacebeam.recording.opening import open_read_only
from spacebeam.scenario.replay.script import (
    MAX_BYTES,
    RecordedMessage,
    TooMuchError,
    Turn,
    sent_and_received,
    turns,
)
from spacebeam.search.selected import Chunk
from spacebeam.wording.i18n import _

__all__ = ["TOO_MUCH", "TooMuchError", "script_of_entries", "script_of_file"]

TOO_MUCH = _("That is too much to play: at most a million messages, 1 GiB")
_PAUSE_AFTER = 16  # chunks

_Entries = Iterable[tuple[Block, Sequence[int]]]


async def script_of_entries(entries: Iterator[Chunk]) -> list[Turn]:
    """Return the turns of a tab's entries. Raises RecordingError or TooMuchError."""
    found: list[tuple[Block, Sequence[int]]] = []
    length = 0
    for count, (block, places, size) in enumerate(entries, 1):
        found.append((block, places))
        length += size
        if length > MAX_BYTES:
            raise TooMuchError
        if count % _PAUSE_AFTER == 0:
            await asyncio.sleep(0)
    return await asyncio.to_thread(_turns, found)


def script_of_file(path: Path) -> tuple[str, list[Turn]]:
    """Return a recording's address and turns. Raises RecordingError or TooMuchError.

    Call this in a worker thread.
    """
    with closing(open_read_only(path)) as recording:
        blocks = (
            recording.block(number, use_cache=False) for number in range(recording.block_count)
        )
        script = _turns((block, range(len(block))) for block in blocks)
        return str(recording.facts.get("address", "")), script


def _turns(entries: _Entries) -> list[Turn]:
    return turns(sent_and_received(_messages(entries)))


def _messages(entries: _Entries) -> Iterator[RecordedMessage]:
    for block, places in entries:
        for one in exported(block, places):
            if one.direction is not Direction.NONE:
                yield RecordedMessage(*one)
