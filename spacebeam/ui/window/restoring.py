"""Saves the windows and tabs while the program runs, and brings them back at its next start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from gi.repository import GLib, Gtk

from spacebeam.library.window_state import State, StateFile, WindowState, WindowStateError, saved
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.window import Window
from spacebeam.wording.i18n import _

_log = logging.getLogger(__name__)

_INTERVAL_S = 2


@weak_handlers
class Restoring:
    """Owns the file of the windows' state; `open_window` opens a window of that size.

    A second program that runs at the same time neither restores nor saves.
    """

    def __init__(
        self,
        application: Gtk.Application,
        settings_service: SettingsService,
        file: StateFile,
        open_window: Callable[[WindowState], Window],
    ) -> None:
        self._application = application
        self._settings_service = settings_service
        self._file = file
        self._open_window = open_window
        self._tasks = Tasks()
        self._timer = 0
        self._is_restored = False
        self._final: State | None = None  # once the program ends
        self._written: State | None = None
        self._problem = ""  # why writing failed
        self._writing: asyncio.Task[None] | None = None

    def restore(self) -> str:
        """Open the windows of the last time, once; return an error in words, or ""."""
        if self._is_restored:
            return ""
        self._is_restored = True
        settings = self._settings_service.settings
        if not self._file.acquire():
            return ""
        self._timer = GLib.timeout_add_seconds(
            _INTERVAL_S, self._on_timeout, priority=GLib.PRIORITY_LOW
        )
        if not settings.restore_tabs:
            return ""
        try:
            windows = self._file.load()
        except WindowStateError as error:
            return _("The saved tabs could not be read. Their file was renamed to {error}.").format(
                error=error
            )
        except OSError as error:
            return _("The saved tabs could not be read: {reason}.").format(reason=error.strerror)
        for one in windows:
            self._open_window(one).restore(one, connect=settings.connect_at_start)
        return ""

    def end(self) -> None:
        """Take what is open now as what comes back: the program ends."""
        if self._final is None:
            self._final = self._now()

    def go_on(self) -> None:
        """Follow the windows again, as one was opened after all."""
        self._final = None

    def window_closed(self, window: Window) -> None:
        """Take the last window as what comes back."""
        if self._final is None and not self._windows():
            self._final = (window.state,)

    async def finish(self) -> None:
        """Write what comes back, and let another program own the file."""
        if self._writing is not None:
            await asyncio.wait((self._writing,))
        if self._timer and self._final is not None:
            await self._write(self._final)
        if not self._windows():
            self.close()

    def close(self) -> None:
        """Stop saving."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        self._is_restored = False
        self._file.release()

    def _windows(self) -> list[Window]:
        every = [one for one in self._application.get_windows() if isinstance(one, Window)]
        return sorted(every, key=lambda one: one.get_id())  # as they were opened

    def _now(self) -> State:
        return tuple(one.state for one in self._windows())

    def _on_timeout(self) -> bool:
        is_ending = self._final is not None or not self._windows()
        if not is_ending and (self._writing is None or self._writing.done()):
            now = self._now() if self._settings_service.settings.restore_tabs else ()
            if now != self._written:
                self._writing = self._tasks.start(self._write(now))
        return GLib.SOURCE_CONTINUE

    async def _write(self, windows: State) -> None:
        if not self._settings_service.settings.restore_tabs:
            windows = ()
        try:
            await asyncio.to_thread(lambda: self._file.save(saved(windows)))
        except OSError as error:
            self._tell(error.strerror or "")
            return  # it is tried again
        self._written, self._problem = windows, ""

    def _tell(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            words = _("Tabs not saved: {reason}.")  # short: a narrow window cuts it
            _log.warning("windows and tabs could not be saved: %s", problem)
            self._settings_service.tell(words.format(reason=problem))
