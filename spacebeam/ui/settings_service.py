"""Shares the settings and the recordings between the windows, and saves every change.

What concerns recordings is imported when one is made, opened or removed, so not at the start.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Gio, GLib, GObject

from spacebeam.library import settings as file
from spacebeam.library.repeat_settings import RepeatSettings
from spacebeam.library.retention_policy import RetentionPolicy
from spacebeam.library.sidebar_settings import SidebarSettings
from spacebeam.library.view_settings import ViewSettings
from spacebeam.net.cookies import CookieJar
from spacebeam.profiles.profile import Profile
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.secrets_service import SecretsService
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.library.recordings import Recordings
    from spacebeam.profiles.profile import OAuthSettings
    from spacebeam.recording.recording import Recording
    from spacebeam.session.oauth.oauth import OAuth
    from spacebeam.ui.library_service import LibraryService
    from spacebeam.ui.recordings.opened_recording import OpenedRecording

RETENTION_INTERVAL_S = 3600.0
_RETENTION_DELAY_S = 1.0  # the start is over then
_MAX_WRITING_S = 5.0


@weak_handlers
class SettingsService(GObject.Object):
    """The settings, shared by all windows; emits `changed` after every change.

    Emits `view-changed` when the arrangement of the panes changed; that is saved with the next
    change, or with the window's size when it is closed.

    `cookies` has the cookies that servers set, until the program ends. `save_error` is the error of
    saving the settings, or ""; they are still used. What others write to the settings file is taken
    up. `delete_error` is the error of removing deleted recordings, or "".
    """

    __gtype_name__ = "SpacebeamSettingsService"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "view-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self, path: Path, recordings: Path | None = None) -> None:
        super().__init__()
        self._folder = recordings
        self._path = path
        self._waiting: set[asyncio.Event] = set()  # for a recording to be closed
        self.settings = file.load(path)
        self.save_error = ""
        self._unsaid_error = ""
        self.delete_error = ""
        self.cookies = CookieJar()
        self.secrets = SecretsService(self.settings, self.tell)
        self._monitors = [self._monitor(one) for one in {path, Path(os.path.realpath(path))}]

    @cached_property
    def tokens(self) -> OAuth:
        """The access tokens of all windows, until the program ends."""
        from spacebeam.session.oauth.oauth import OAuth

        tokens = OAuth()
        tokens.on_granted = self._on_token_granted
        return tokens

    def _on_token_granted(self, granted: OAuthSettings) -> None:
        """Save the newest refresh token where the person agreed: servers discard older ones."""
        from spacebeam.session.oauth.oauth import same_sign_in

        for address, profile in list(self.settings.profiles.items()):
            if same_sign_in(profile.oauth, granted):
                self.settings.profiles[address] = replace(profile, oauth=granted)
                self.secrets.save(self.settings.profiles[address], address)
        self.secrets.save_token(granted)

    @cached_property
    def recordings(self) -> Recordings:
        """The library of the person's recordings, with the open ones among them."""
        from spacebeam.library.recordings import Recordings, default_folder

        return Recordings(self._folder or default_folder())

    @cached_property
    def library(self) -> LibraryService:
        """The saved connections."""
        from spacebeam.ui.library_service import LibraryService

        return LibraryService(lambda: self.settings.sidebar, self.set_sidebar, self.secrets)

    def new_recording(self, address: str) -> Recording:
        """Create a recording of a conversation with `address`, in a file of its own."""
        from spacebeam.recording.opening import create

        path = self.recordings.new_path(address, time.time())
        return self._opened(path, create(path, asyncio.get_running_loop()), is_live=True)

    async def open_recording(self, path: Path) -> OpenedRecording:
        """Open a recording file. Raises RecordingError."""
        from spacebeam.ui.recordings.opened_recording import open_recording

        opened = await open_recording(path)
        self._opened(path, opened.recording, is_live=False)
        return opened

    def moved(self, recording: Recording, path: Path, target: Path) -> None:
        """Register that a live recording now writes to another file."""
        self.recordings.opened.remove(path, recording)
        self._opened(target, recording, is_live=True)

    def _opened(self, path: Path, recording: Recording, *, is_live: bool) -> Recording:
        from spacebeam.recording.block_store import StoreObserver

        opened = self.recordings.opened
        opened.add(path, recording, is_live=is_live)
        on_closed = partial(self._forget_opened, path, recording)
        recording.observers.add(StoreObserver(on_closed=on_closed))
        return recording

    def _forget_opened(self, path: Path, recording: Recording) -> None:
        self.recordings.opened.remove(path, recording)
        for waiting in self._waiting:
            waiting.set()

    async def until_written(self, path: Path) -> None:
        """Wait until this program has written and closed a recording, but not for ever."""
        waiting = asyncio.Event()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(_MAX_WRITING_S):
                while self.recordings.opened.is_live(path):
                    waiting.clear()
                    await waiting.wait()
        except TimeoutError:
            pass  # what is in the file is shown
        finally:
            self._waiting.discard(waiting)

    def remember(self, address: str, profile: Profile | None = None) -> None:
        """Make an address the most recent one, with its profile if it has one."""
        before = dict(self.settings.profiles)
        self.settings.remember(address, profile)
        self.save()
        self.secrets.remembered(before, address, profile)

    def forget(self, address: str) -> None:
        """Remove an address from the recent ones, with its options, and what is saved of it.

        That is what was sent to it, what is hidden there, and its secrets in the keyring.
        """
        from spacebeam.library import sent_history

        before = dict(self.settings.profiles)
        self.settings.forget(address)
        self.secrets.forgotten(before)
        self.settings.filters.hide(address, {})
        with suppress(OSError):
            sent_history.SentHistory(sent_history.default_folder(), address).forget()
        self.save()

    def set_view(self, view: ViewSettings) -> None:
        """Change how conversations are arranged in all windows."""
        if view != self.settings.view:
            self.settings.view = view
            self.emit("view-changed")

    def set_sidebar(self, sidebar: SidebarSettings) -> None:
        """Change what is remembered of the sidebar."""
        if sidebar != self.settings.sidebar:
            self.settings.sidebar = sidebar
            self.save()

    def set_retention(self, policy: RetentionPolicy) -> None:
        """Change how long recordings stay."""
        self.settings.retention_policy = policy
        self.save()

    def set_repeat(self, settings: RepeatSettings) -> None:
        """Change how a message is repeated the next time."""
        self.settings.repeat = settings
        self.save()

    async def apply_retention(self) -> None:
        """Remove expired recordings and sent messages soon and every hour, in a thread."""
        await asyncio.sleep(_RETENTION_DELAY_S)
        from spacebeam.library import sent_history

        recordings = self.recordings
        self.delete_error = await asyncio.to_thread(recordings.forget_deleted)
        while True:
            policy = self.settings.retention_policy
            await asyncio.to_thread(recordings.remove_expired, policy, time.time())
            folder = sent_history.default_folder()
            await asyncio.to_thread(sent_history.remove_expired, folder, policy, time.time())
            await asyncio.sleep(RETENTION_INTERVAL_S)

    def save(self) -> None:
        """Save the settings; a failure is in `save_error`."""
        before = self.save_error
        try:
            file.save(self.settings, self._path)
            self.save_error = ""
        except OSError as error:
            self.save_error = _("The settings could not be saved: {reason}.").format(
                reason=error.strerror
            )
        if self.save_error != before:
            self._unsaid_error = self.save_error
        self.emit("changed")

    def tell(self, error: str) -> None:
        """Let one tab tell an error."""
        self._unsaid_error = error
        self.emit("changed")

    def take_error(self) -> str:
        """Return the error of saving the settings or secrets once, then ""."""
        error, self._unsaid_error = self._unsaid_error, ""
        return error

    def _monitor(self, path: Path) -> Gio.FileMonitor | None:
        """Watch a file for changes by others; None where that is not possible."""
        with suppress(GLib.Error):
            monitor = Gio.File.new_for_path(str(path)).monitor_file(Gio.FileMonitorFlags.NONE)
            monitor.connect("changed", self._on_monitor_changed)
            return monitor
        return None

    def _on_monitor_changed(self, *_about: object) -> None:
        if file.refresh(self.settings, self._path):
            self.emit("changed")
