"""Exports entries by a worker, with progress and Cancel where it takes long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

from gi.repository import Gtk

from spacebeam.recording.errors import RecordingError
from spacebeam.search.selected import Chunk
from spacebeam.ui.exchange.entry_feed import feed
from spacebeam.ui.exchange.export_choice import ExportedRecording
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.recordings.save_as import show_until
from spacebeam.wording.exchange import not_carried_list
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words
from spacebeam.worker.frames import json_frame
from spacebeam.worker.process import WorkerError, WorkerProcess

_SHOW_PROGRESS_AFTER_S = 1.0
_HEADING = _("Could not export")


async def export_entries(
    window: Gtk.Window, source: ExportedRecording, entries: Iterator[Chunk], count: int
) -> tuple[int, int, str] | None:
    """Write entries to a file.

    Return their number, the bytes of the file, and what was not carried over; None if the person
    cancelled, or an error was shown.
    """
    bar = Gtk.ProgressBar()
    bar.update_property([Gtk.AccessibleProperty.LABEL], [_("Progress")])
    cancelled = threading.Event()

    def on_sent(sent: int) -> None:
        bar.set_fraction(min(sent / max(count, 1), 1.0))

    writing = asyncio.ensure_future(_write(source, entries, on_sent))
    try:
        done, _waiting = await asyncio.wait((writing,), timeout=_SHOW_PROGRESS_AFTER_S)
        if not done:
            await show_until(window, writing, bar, cancelled, _("Exporting"))
        if cancelled.is_set():
            return None
        told = await writing
    except WorkerError:
        told = {"problem": _("The export ended unexpectedly.")}
    except RecordingError as error:
        told = {"problem": recording_error_words(error)}
    finally:
        writing.cancel()
        await asyncio.wait((writing,))
    if told["problem"]:
        await show_error(window, _HEADING, told["problem"])
        return None
    return told["count"], told["size"], not_carried_list(told["losses"])


async def _write(
    source: ExportedRecording, entries: Iterator[Chunk], on_sent: Callable[[int], None]
) -> dict[str, Any]:
    async with WorkerProcess("export") as worker:
        await worker.send(json_frame(_told(source)))
        count = await feed(worker, entries, on_sent)
        return {"count": count, **await worker.receive()}


def _told(source: ExportedRecording) -> dict[str, Any]:
    recording, choice = source.recording, source.choice
    return {
        "format": choice.format.name,
        "target": str(source.target),
        "length": len(recording),
        "address": str(recording.facts.get("address", "")),
        "title": str(recording.facts.get("title", "")),
        "handshakes": list(recording.handshakes),
        "marks": [[number, *mark] for number, mark in recording.marks.items()],
        "has_control_frames": choice.has_control_frames,
    }
