"""Saves a recording elsewhere, with a way back while it takes long."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

from gi.repository import Adw, Gtk

from spacebeam.library.saving import SaveCancelledError, save_copy
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import SUFFIX
from spacebeam.ui.compat import choose_target
from spacebeam.ui.recordings.dialogs import answer, tell
from spacebeam.ui.recordings.file_filters import file_filters

_SHOWN_AFTER = 0.3  # seconds


async def save_recording_as(
    window: Gtk.Window, path: Path, *, is_live: bool = False
) -> Path | None:
    """Let the person choose where, and copy it; returns where it is, or None where it is not.

    One that is live is copied as it is at that moment.
    """
    file = await choose_target(window, "Save the recording", path.name, file_filters())
    chosen = file.get_path() if file is not None else None
    if chosen is None:
        if file is not None:
            await tell(window, "Not saved", "Choose a folder on this computer.")
        return None
    target = Path(chosen)
    if not target.suffix:
        target = target.with_name(target.name + SUFFIX)
    return target if await save_to(window, path, target, is_live=is_live) else None


async def save_to(window: Gtk.Window, path: Path, target: Path, *, is_live: bool = False) -> bool:
    """Copy it to `target`, showing how far it is; whether it is there."""
    loop = asyncio.get_running_loop()
    cancelled = threading.Event()
    bar = Gtk.ProgressBar()
    bar.update_property([Gtk.AccessibleProperty.LABEL], ["How much is saved"])

    def on_progress(share: float) -> None:
        loop.call_soon_threadsafe(bar.set_fraction, share)

    settled = time.time() if is_live else None
    copying = asyncio.ensure_future(
        asyncio.to_thread(
            save_copy, path, target, on_progress, cancelled.is_set, complete_since=settled
        )
    )
    try:
        done, _waiting = await asyncio.wait((copying,), timeout=_SHOWN_AFTER)
        if not done:
            await _show_until(window, copying, bar, cancelled)
        await copying
    except SaveCancelledError:
        return False
    except RecordingError as error:
        await tell(window, "Not saved", str(error))
        return False
    finally:
        cancelled.set()
    return True


async def _show_until(
    window: Gtk.Window, copying: asyncio.Future[None], bar: Gtk.ProgressBar, stop: threading.Event
) -> None:
    """Show a dialog until it is copied or the person cancels it."""
    dialog = Adw.MessageDialog.new(window, "Saving the recording", None)
    dialog.set_extra_child(bar)
    dialog.add_response("cancel", "_Cancel")
    dialog.set_close_response("cancel")
    asking = asyncio.ensure_future(answer(dialog))
    try:
        await asyncio.wait((copying, asking), return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            stop.set()
    finally:
        asking.cancel()
        await asyncio.wait((asking,))
