"""What a tab does with its recording as a file: show one of earlier, save it, keep it elsewhere.

Made by the tab and told of nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from gi.repository import Gio, Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file import SUFFIX
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.recording import Recording
from spacebeam.ui.actions import add
from spacebeam.ui.compat import choose_target
from spacebeam.ui.recordings.dialogs import tell
from spacebeam.ui.recordings.file_filters import file_filters
from spacebeam.ui.recordings.save_as import save_recording_as
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks


class RecordingFileActions:
    """The file of one tab's recording. `actions` are the tab's, some are added to them; `say` tells
    the person that something was done."""

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        keeper: SettingsService,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        say: Callable[[str], object],
    ) -> None:
        self._tab = tab
        self._session = session
        self._keeper = keeper
        self._tasks = tasks
        self._say = say
        self._seen: Recording | None = None  # opened as it was, while another writes it
        add(
            actions,
            {
                "try-keeping": session.recorder.retry,
                "keep-elsewhere": lambda: tasks.start(self._keep_elsewhere()),
                "save-as": lambda: tasks.start(self._save_as()),
            },
        )

    async def open(self, path: Path) -> None:
        """Show what was recorded earlier. Raises RecordingError."""
        recorded = await self._keeper.open_recording(path)
        self._seen = recorded.recording if recorded.is_live else None
        self._session.show_recorded(recorded.recording, recorded.remark)

    def shows(self, path: Path) -> bool:
        """Whether it is this file's recording that is shown, as it is now."""
        own = self._path
        is_same = own is not None and os.path.abspath(own) == os.path.abspath(path)
        return is_same and self._session.recording is not self._seen

    @property
    def name(self) -> str:
        """What the person called the recording; one without an address is called as its file is."""
        title = str(self._session.recording.facts.get("title") or "")
        path = self._path if self._session.endpoint is None else None
        return title or (path.stem if path is not None else "")

    @property
    def _path(self) -> Path | None:
        store = self._session.recording.store
        return store.path if isinstance(store, FileStore) else None

    async def _save_as(self) -> None:
        window, path = self._tab.get_root(), self._path
        if not isinstance(window, Gtk.Window):
            return
        if path is None:
            is_private = self._session.recording.memory_limit is not None
            why = "This connection is private: what is said is held in memory alone."
            await tell(
                window,
                "Nothing to save",
                why if is_private else "There is no file with what was said here.",
            )
            return
        is_live = self._session.state is not ConnectionState.CLOSED
        target = await save_recording_as(window, path, is_live=is_live)
        if target is not None:
            self._say(f"Saved as “{target.name}”")

    async def _keep_elsewhere(self) -> None:
        window, path = self._tab.get_root(), self._path
        if not isinstance(window, Gtk.Window) or path is None:
            return
        title = "Keep the recording elsewhere"
        file = await choose_target(window, title, path.name, file_filters())
        chosen = file.get_path() if file is not None else None
        if chosen is None:
            return
        target = Path(chosen)
        if not target.suffix:
            target = target.with_name(target.name + SUFFIX)
        recording = self._session.recording

        def on_moved(error: StorageError | None) -> None:
            if error is not None:
                self._tasks.start(tell(window, "Not kept there", error.what))
            else:
                self._keeper.moved(recording, path, target)

        self._session.recorder.move(target, on_moved)
