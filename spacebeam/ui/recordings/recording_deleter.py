"""Deletes recordings, and brings them back while their undo lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from gi.repository import Adw, GLib, Gtk

from spacebeam.library.recording_info import RecordingInfo
from spacebeam.library.recordings import DeletedRecording, Recordings
from spacebeam.recording.errors import RecordingError
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

_UNDO_TIMEOUT_S = 10  # of the toast
_GRACE_S = 10.0  # Ctrl+Z still works for this long after the toast is gone


@weak_handlers
class RecordingDeleter:
    """Deletes recordings of one window and shows a toast with Undo for each.

    `on_restored` is called with the path of a recording that came back.
    """

    def __init__(
        self,
        window: Gtk.Window,
        recordings: Recordings,
        toasts: Adw.ToastOverlay,
        tasks: Tasks,
        on_restored: Callable[[Path], object],
    ) -> None:
        self._window = window
        self._recordings = recordings
        self._toasts = toasts
        self._tasks = tasks
        self._on_restored = on_restored
        self._deleted: dict[DeletedRecording, Adw.Toast] = {}  # the newest last

    async def delete(self, info: RecordingInfo) -> bool:
        """Delete a recording and offer Undo; return whether it was deleted."""
        try:
            deleted = await asyncio.to_thread(self._recordings.delete, info.path)
        except RecordingError as error:
            await show_error(
                self._window, _("Could not delete the recording"), recording_error_words(error)
            )
            return False
        toast = undo_toast(_("“{name}” deleted").format(name=recording_words.name(info)))
        toast.connect("button-clicked", self._on_toast_button_clicked, deleted)
        toast.connect("dismissed", self._on_toast_dismissed, deleted)
        self._deleted[deleted] = toast
        self._toasts.add_toast(toast)
        return True

    def undo(self) -> None:
        """Bring back the recording that was deleted last."""
        if self._deleted:
            deleted, toast = self._deleted.popitem()
            toast.dismiss()
            self._tasks.start(self._restore(deleted))

    def forget(self) -> None:
        """Remove the files of all deleted recordings for good."""
        for deleted in self._deleted:
            deleted.forget()
        self._deleted.clear()

    async def _restore(self, deleted: DeletedRecording) -> None:
        try:
            await asyncio.to_thread(deleted.undo)
        except RecordingError as error:
            await show_error(
                self._window, _("Could not restore the recording"), recording_error_words(error)
            )
        else:
            self._on_restored(deleted.path)

    async def _forget_later(self, deleted: DeletedRecording) -> None:
        await asyncio.sleep(_GRACE_S)
        if self._deleted.pop(deleted, None) is not None:
            await asyncio.to_thread(deleted.forget)

    def _on_toast_button_clicked(self, _toast: Adw.Toast, deleted: DeletedRecording) -> None:
        if self._deleted.pop(deleted, None) is not None:
            self._tasks.start(self._restore(deleted))

    def _on_toast_dismissed(self, _toast: Adw.Toast, deleted: DeletedRecording) -> None:
        if deleted in self._deleted:
            self._tasks.start(self._forget_later(deleted))


def undo_toast(words: str) -> Adw.Toast:
    """Return a toast with an Undo button that is shown before toasts that wait."""
    toast = message_toast(words)
    toast.set_timeout(_UNDO_TIMEOUT_S)
    toast.set_button_label(_("Undo"))
    return toast


def message_toast(words: str) -> Adw.Toast:
    """Return a toast that is shown before toasts that wait."""
    return Adw.Toast(title=GLib.markup_escape_text(words), priority=Adw.ToastPriority.HIGH)
