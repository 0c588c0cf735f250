"""Watches a scenario's file for changes by other programs."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gi.repository import Gio, GLib

from spacebeam.ui.handlers import weak_handlers, weakly

_SETTLE_MS = 150  # after a change on disk: programs write a file in several steps


@weak_handlers
class FileWatch:
    """Calls `on_changed`, which is bound weakly, a moment after the file changed."""

    def __init__(self, on_changed: Callable[[], object]) -> None:
        self._changed = weakly(on_changed)
        self._monitor: Gio.FileMonitor | None = None
        self._timer = 0

    def watch(self, path: Path) -> None:
        """Watch this file, or the one that it is a link to, in place of the earlier one."""
        self.close()
        file = Gio.File.new_for_path(os.path.realpath(path))
        with suppress(GLib.Error):
            self._monitor = file.monitor_file(Gio.FileMonitorFlags.WATCH_MOVES)
            self._monitor.connect("changed", self._on_monitor_changed)

    def close(self) -> None:
        """Watch no file."""
        if self._monitor is not None:
            self._monitor.cancel()
            self._monitor = None
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _on_monitor_changed(self, *_about: object) -> None:
        if not self._timer:
            self._timer = GLib.timeout_add(_SETTLE_MS, self._on_timeout)

    def _on_timeout(self) -> bool:
        self._timer = 0
        self._changed()
        return GLib.SOURCE_REMOVE
