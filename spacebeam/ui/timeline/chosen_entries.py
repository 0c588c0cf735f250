"""The entries of a tab that something is made of: the selected ones, or what its filter shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from spacebeam.recording.recording import Recording
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.selected import Chunk
from spacebeam.ui.timeline.timeline import Timeline

_SEARCH_INTERVAL_S = 0.05


def selected_count(timeline: Timeline) -> int:
    """Return the number of selected entries."""
    return timeline.several or int(timeline.selected >= 0)


def selected_entries(timeline: Timeline) -> Iterator[Chunk]:
    """Return the selected entries."""
    if timeline.several:
        return timeline.selected_chunks()
    one = NumberRanges()
    one.add(timeline.selected, timeline.selected + 1)
    return timeline.selected_chunks(one)


async def shown_entries(timeline: Timeline, recording: Recording) -> Iterator[Chunk]:
    """Return the entries that the filter shows; wait until it has searched the present ones."""
    begin, end = recording.first_number, len(recording)
    while not timeline.counts.is_complete and timeline.counts.scanned < end - begin:
        await asyncio.sleep(_SEARCH_INTERVAL_S)
    numbers = NumberRanges()
    numbers.add(begin, end)
    return timeline.selected_chunks(numbers)
