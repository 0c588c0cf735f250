"""Reads the selected entries of a view, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.view import FilteredView

_CHUNK_ENTRIES = 256
_CHUNK_BYTES = 256 * 1024  # of payloads; one longer payload is a chunk of its own


class Chunk(NamedTuple):
    """Some entries of a block."""

    block: Block
    places: Sequence[int]  # of the entries, in the block
    size: int  # bytes of their payloads


def chunks(recording: Recording, view: FilteredView, numbers: NumberRanges) -> Iterator[Chunk]:
    """Yield the entries that a view shows and whose numbers are in the ranges.

    The view may grow, and drop entries, in between. Raises RecordingError.
    """
    block: Block | None = None
    for start, end in numbers:
        number = start
        while number < end:
            position = view.position(number)
            if position >= len(view) or (number := view.number(position)) >= end:
                break
            if block is None or not block.first <= number < block.first + len(block):
                block = recording.block(recording.block_index(number), use_cache=False)
            chunk = _chunk(block, view, position, end)
            yield chunk
            number = block.first + chunk.places[-1] + 1


def _chunk(block: Block, view: FilteredView, position: int, end: int) -> Chunk:
    places: list[int] = []
    size = 0
    stop = min(end - block.first, len(block))
    for at in count(position):
        place = view.number(at) - block.first if at < len(view) else stop
        if place >= stop or len(places) == _CHUNK_ENTRIES:
            break
        length = block.ends[place] - block.starts[place]
        if places and size + length > _CHUNK_BYTES:
            break
        places.append(place)
        size += length
    return Chunk(block, places, size)
