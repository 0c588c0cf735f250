"""Reads entries for comparing, and compares them, without delaying a frame."""

from __future__ import annotations

import asyncio
import time

from spacebeam.compare.comparison import MAX_SIZE, Comparison, Side, side_of
from spacebeam.compare.difference import Differences, Rules
from spacebeam.compare.lines import LineDifferences
from spacebeam.compare.partner import KindFollowing, Partner, PartnerSearch
from spacebeam.recording.recording import Recording

_SLICE_S = 0.003
_MAX_QUICK_SIZE = 2 * 1024  # bytes; longer payloads are decoded in a thread


async def partner_of(recording: Recording, number: int, partner: Partner) -> int:
    """Return the number of an entry's partner, or -1."""
    search = PartnerSearch(recording, number, partner)
    await read_all(search)
    return search.found


async def read_all(reader: PartnerSearch | KindFollowing) -> None:
    """Read the entries that are asked for, a few milliseconds at a time."""
    deadline = time.monotonic() + _SLICE_S
    for entry in reader.entries():
        if len(entry.payload) > _MAX_QUICK_SIZE:
            await asyncio.to_thread(reader.read, entry)
        else:
            reader.read(entry)
        if time.monotonic() > deadline:
            await asyncio.sleep(0)
            deadline = time.monotonic() + _SLICE_S


async def read_side(recording: Recording, number: int, chosen: str = "") -> Side:
    """Read an entry; `chosen` as in `side_of`.

    Raises IndexError, RecordingError and TooLongError.
    """
    entry = recording.entry(number, MAX_SIZE)
    return await asyncio.to_thread(side_of, recording, entry, None, chosen)


async def differences_of(comparison: Comparison, rules: Rules) -> Differences:
    """Compare the values of two entries. Raises PathStepsError."""
    return await asyncio.to_thread(comparison.differences, rules)


async def lines_of(comparison: Comparison, left_out: tuple[str, ...]) -> LineDifferences:
    """Compare two entries as text. Raises PathStepsError."""
    return await asyncio.to_thread(comparison.line_differences, left_out)
