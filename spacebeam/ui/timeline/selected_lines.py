"""Selected entries as JSON Lines: for the clipboard, and in a file, with progress and Cancel."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from gi.repository import Gtk

from spacebeam.exchange.json_lines import block_lines
from spacebeam.recording.entry import Mark
from spacebeam.search.selected import Chunk
from spacebeam.ui.recordings.save_as import SHOW_PROGRESS_AFTER_S, show_until
from spacebeam.wording.i18n import _

MAX_COPIED = 8 * 1024 * 1024  # characters of lines in the clipboard
_SLICE_S = 0.003
_LARGE = 256 * 1024  # bytes of a payload whose line is made in a thread


class TooManyError(Exception):
    """The entries are larger than the clipboard should hold."""

    limit = MAX_COPIED  # characters


async def copied_lines(chunks: Iterator[Chunk], marks: Mapping[int, Mark]) -> str:
    """Return the lines of entries. Raises TooManyError and RecordingError."""
    parts: list[str] = []
    length = 0
    async for lines, _count in _slices(chunks, marks):
        parts.append(lines)
        length += len(lines)
        if length > MAX_COPIED:
            raise TooManyError
    return "".join(parts)


async def save_lines(
    window: Gtk.Window,
    chunks: Iterator[Chunk],
    count: int,
    marks: Mapping[int, Mark],
    target: Path,
) -> bool:
    """Write the lines of `count` entries to a file; return whether the person let it finish.

    A file of that name is replaced when all is written. Raises OSError and RecordingError.
    """
    bar = Gtk.ProgressBar()
    bar.update_property([Gtk.AccessibleProperty.LABEL], [_("Progress")])
    cancelled = threading.Event()
    saving = asyncio.ensure_future(_write(chunks, count, marks, target, bar))
    try:
        done, _waiting = await asyncio.wait((saving,), timeout=SHOW_PROGRESS_AFTER_S)
        if not done:
            await show_until(window, saving, bar, cancelled, _("Saving the entries"))
        if not cancelled.is_set():
            await saving
    finally:
        saving.cancel()
        await asyncio.wait((saving,))
    return not cancelled.is_set()


async def _write(
    chunks: Iterator[Chunk],
    count: int,
    marks: Mapping[int, Mark],
    target: Path,
    bar: Gtk.ProgressBar,
) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            written = 0
            async for lines, number in _slices(chunks, marks):
                await asyncio.to_thread(file.write, lines)
                written += number
                bar.set_fraction(min(written / max(count, 1), 1))
        await asyncio.to_thread(os.replace, name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


async def _slices(
    chunks: Iterator[Chunk], marks: Mapping[int, Mark]
) -> AsyncIterator[tuple[str, int]]:
    """Yield lines and the number of their entries, and let the window draw in between."""
    parts: list[str] = []
    count = 0
    until = time.monotonic() + _SLICE_S
    for chunk in chunks:
        if chunk.size > _LARGE:
            parts.append(await asyncio.to_thread(block_lines, chunk.block, chunk.places, marks))
        else:
            parts.append(block_lines(chunk.block, chunk.places, marks))
        count += len(chunk.places)
        if time.monotonic() > until:
            yield "".join(parts), count
            parts, count = [], 0
            await asyncio.sleep(0.001)
            until = time.monotonic() + _SLICE_S
    if parts:
        yield "".join(parts), count
