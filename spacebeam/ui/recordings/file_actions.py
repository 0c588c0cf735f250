"""The file of a tab's recording: opens a file, saves a copy, moves a recording."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from gi.repository import Gio, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.recording import Recording
from spacebeam.ui.actions import add
from spacebeam.ui.compat import choose_target
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.recordings.save_as import file_filters, save_recording_as, with_suffix
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import storage_explanation


class RecordingFileActions:
    """Adds the file actions of one tab's recording to the tab's `actions`.

    `notify` shows a short message, such as “Saved as …”.
    """

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        settings_service: SettingsService,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], object],
    ) -> None:
        self._tab = tab
        self._session = session
        self._settings_service = settings_service
        self._tasks = tasks
        self._notify = notify
        self.given_name = ""  # the tab's own
        self._snapshot: Recording | None = None  # of a file that is still being written
        add(
            actions,
            {
                "retry-saving": session.recorder.retry,
                "save-elsewhere": self._start_saving_elsewhere,
                "save-as": self._start_saving_as,
            },
        )

    async def open(self, path: Path, restored: str | None = None) -> None:
        """Show the recording in a file, as the tab's own at a `restored` address.

        Raises RecordingError.
        """
        opened = await self._settings_service.open_recording(path)
        self._snapshot = opened.recording if opened.is_live else None
        self._session.show_recorded(opened.recording, opened.remark, restored)

    def shows(self, path: Path) -> bool:
        """Return whether the tab shows the recording in this file, and not a snapshot of it."""
        own = self.path
        is_same = own is not None and os.path.realpath(own) == os.path.realpath(path)
        return is_same and self._session.recording is not self._snapshot

    @property
    def name(self) -> str:
        """The recording's title; without a title and an address, its file's name."""
        title = str(self._session.recording.facts.get("title") or "")
        path = self.path if self._session.endpoint is None else None
        return title or (one_line(path.stem) if path is not None else "")

    @property
    def shown_name(self) -> str:
        """The name of the recording or its address."""
        endpoint = self._session.endpoint
        address = "" if endpoint is None else without_secrets(endpoint.url).partition("?")[0]
        return self.given_name or self.name or address

    @property
    def path(self) -> Path | None:
        """The recording's file; None if it is only in memory."""
        store = self._session.recording.store
        return store.path if isinstance(store, FileStore) else None

    def _start_saving_as(self) -> None:
        self._tasks.start(self._save_as())

    def _start_saving_elsewhere(self) -> None:
        self._tasks.start(self._save_elsewhere())

    async def _save_as(self) -> None:
        window, path = self._tab.get_root(), self.path
        if not isinstance(window, Gtk.Window):
            return
        if path is None:
            is_private = self._session.recording.memory_limit is not None
            why = _("This conversation is private: it is only in memory.")
            await show_error(
                window,
                _("No file to save"),
                why if is_private else _("This conversation has not been recorded to a file."),
            )
            return
        is_live = self._session.state is not ConnectionState.CLOSED
        target = await save_recording_as(window, path, self.shown_name, is_live=is_live)
        if target is not None:
            self._notify(_("Saved as “{name}”").format(name=one_line(target.name)))

    async def _save_elsewhere(self) -> None:
        window, path = self._tab.get_root(), self.path
        if not isinstance(window, Gtk.Window) or path is None:
            return
        title = _("Move the recording")
        file = await choose_target(window, title, path.name, file_filters())
        chosen = file.get_path() if file is not None else None
        if chosen is None:
            return
        target = with_suffix(Path(chosen))
        recording = self._session.recording

        def on_moved(error: StorageError | None) -> None:
            if error is not None:
                heading = _("Could not move the recording")
                self._tasks.start(show_error(window, heading, storage_explanation(error)))
            else:
                self._settings_service.moved(recording, path, target)

        self._session.recorder.move(target, on_moved)
