"""Keeps the settings while the program runs and tells the windows when they change."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path

from gi.repository import GObject

from spacebeam.library import settings as file
from spacebeam.library.recordings import Recordings, default_folder
from spacebeam.library.retention import RetentionPolicy
from spacebeam.net.cookies import CookieJar
from spacebeam.profiles.profile import Profile
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording
from spacebeam.ui.recordings.opening import OpenedRecording, open_recording


class SettingsService(GObject.Object):
    """The settings, shared by all windows; `changed` follows every change.

    `recordings` are the person's, and which of them are open in some window.
    `cookies` are those that servers set; they are forgotten with the program.
    `fault` says in words why they could not be kept, or nothing.
    """

    __gtype_name__ = "SpacebeamSettingsService"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self, path: Path, recordings: Path | None = None) -> None:
        super().__init__()
        self.recordings = Recordings(recordings or default_folder())
        self._path = path
        self.settings = file.load(path)
        self.fault = ""
        self.cookies = CookieJar()
        self.deleted_fault = ""  # why recordings that were deleted are still on the disk

    def new_recording(self, address: str) -> Recording:
        """A recording of what will be said with this address; it is kept in a file."""
        path = self.recordings.new_path(address, time.time())
        return self._opened(path, create(path, asyncio.get_running_loop()), is_live=True)

    async def open_recording(self, path: Path) -> OpenedRecording:
        """A recording of earlier. Raises RecordingError."""
        recorded = await open_recording(path)
        self._opened(path, recorded.recording, is_live=False)
        return recorded

    def moved(self, recording: Recording, path: Path, target: Path) -> None:
        """A live recording goes on in another file."""
        self.recordings.opened.remove(path, recording)
        self._opened(target, recording, is_live=True)

    def _opened(self, path: Path, recording: Recording, *, is_live: bool) -> Recording:
        here = self.recordings.opened
        here.add(path, recording, is_live=is_live)
        on_closed = partial(here.remove, path, recording)
        recording.observers.add(StoreObserver(on_closed=on_closed))
        return recording

    def remember(self, address: str, profile: Profile | None = None) -> None:
        """Put an address in front of the recent ones, with its profile if there is one."""
        self.settings.remember(address, profile)
        self.save()

    def forget(self, address: str) -> None:
        """Take an address out of the recent ones, and its options with it."""
        self.settings.forget(address)
        self.save()

    def keep_recordings(self, keeping: RetentionPolicy) -> None:
        """From now on recordings are kept for so long."""
        self.settings.retention_policy = keeping
        self.save()

    def save(self) -> None:
        """Write the settings down."""
        try:
            file.save(self.settings, self._path)
            self.fault = ""
        except OSError as error:
            self.fault = f"The settings cannot be kept: {error.strerror}."
        self.emit("changed")
