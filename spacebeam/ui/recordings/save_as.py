"""Saves a copy of a recording, with progress and Cancel where it takes long."""

from __future__ import annotations

import asyncio
import re
import threading
from pathlib import Path
from typing import Any

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.saving import SaveCancelledError, save_copy
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import SUFFIX
from spacebeam.ui.compat import choose_target, set_parent
from spacebeam.ui.recordings.dialogs import answer, show_error
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

SHOW_PROGRESS_AFTER_S = 0.3
_MAX_NAME = 120  # bytes of a file's name
_SCHEME = re.compile(r"^wss?(?:\+unix)?:/*")
_UNSAFE = re.compile(r'\s*[/\\:*?"<>|•&=%~][\s/\\:*?"<>|•&=%~]*')  # on some file system


def file_filters() -> tuple[Gtk.FileFilter, ...]:
    """Return the filters of a file chooser: recordings first, then all files."""
    recordings, every = Gtk.FileFilter(), Gtk.FileFilter()
    recordings.set_name("Recordings")
    recordings.add_pattern(f"*{SUFFIX}")
    every.set_name("All files")
    every.add_pattern("*")
    return recordings, every


def with_suffix(path: Path) -> Path:
    """Return `path` with the suffix of recordings if it has none."""
    return path if path.suffix else path.with_name(path.name + SUFFIX)


def proposed_name(name: str) -> str:
    """Return a file name for a recording that is shown as `name`, its title or address."""
    plain = _UNSAFE.sub("-", _SCHEME.sub("", one_line(name)))
    plain = plain[:_MAX_NAME].encode()[:_MAX_NAME].decode(errors="ignore").strip(" .-")
    return (plain or "recording") + SUFFIX


async def save_recording_as(
    window: Gtk.Window, path: Path, name: str, *, is_live: bool = False
) -> Path | None:
    """Ask for a target and copy the recording there; return the target, or None if not saved.

    `name` is the recording's as it is shown. A live recording is copied in its current state.
    """
    file = await choose_target(window, _("Save the recording"), proposed_name(name), file_filters())
    chosen = file.get_path() if file is not None else None
    if chosen is None:
        if file is not None:
            await show_error(
                window, _("Could not save the recording"), _("Choose a folder on this computer.")
            )
        return None
    target = with_suffix(Path(chosen))
    return target if await save_to(window, path, target, is_live=is_live) else None


async def save_to(window: Gtk.Window, path: Path, target: Path, *, is_live: bool = False) -> bool:
    """Copy the recording to `target` and show the progress; return whether it was saved."""
    loop = asyncio.get_running_loop()
    cancelled = threading.Event()
    bar = Gtk.ProgressBar()
    bar.update_property([Gtk.AccessibleProperty.LABEL], [_("Progress")])

    def on_progress(share: float) -> None:
        loop.call_soon_threadsafe(bar.set_fraction, share)

    copying = asyncio.ensure_future(
        asyncio.to_thread(
            save_copy, path, target, on_progress, cancelled.is_set, as_complete=is_live
        )
    )
    try:
        done, _waiting = await asyncio.wait((copying,), timeout=SHOW_PROGRESS_AFTER_S)
        if not done:
            await show_until(window, copying, bar, cancelled)
        await copying
    except SaveCancelledError:
        return False
    except RecordingError as error:
        await show_error(window, _("Could not save the recording"), recording_error_words(error))
        return False
    finally:
        cancelled.set()
    return True


async def show_until(
    window: Gtk.Window,
    copying: asyncio.Future[Any],
    bar: Gtk.ProgressBar,
    stop: threading.Event,
    heading: str = _("Saving the recording"),
) -> None:
    """Show a dialog until the copy is complete or the person cancels, which sets `stop`."""
    dialog = Adw.MessageDialog.new(None, heading, None)
    set_parent(dialog, window)
    dialog.set_extra_child(bar)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.set_close_response("cancel")
    asking = asyncio.ensure_future(answer(dialog))
    try:
        await asyncio.wait((copying, asking), return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            stop.set()
    finally:
        asking.cancel()
        await asyncio.wait((asking,))
