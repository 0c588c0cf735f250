"""Tells which recordings of a folder have changed, by any program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gi.repository import Gio, GLib

from spacebeam.ui.handlers import weak_handlers

_LOG = "-wal"  # SQLite's, beside a recording that is being written
_EVENT = Gio.FileMonitorEvent
# Reading a recording makes an empty log and removes it: only what is written into it counts.
_LOG_EVENTS = (_EVENT.CHANGED,)
_FILE_EVENTS = (
    _EVENT.CHANGED,
    _EVENT.CREATED,
    _EVENT.DELETED,
    _EVENT.MOVED_IN,
    _EVENT.MOVED_OUT,
    _EVENT.RENAMED,
    _EVENT.ATTRIBUTE_CHANGED,
)


@weak_handlers
class FolderMonitor:
    """Calls `on_changed` with the path of each changed recording, until `close`."""

    def __init__(self, folder: Path, on_changed: Callable[[Path], object]) -> None:
        self._on_changed = on_changed
        self._monitor: Gio.FileMonitor | None = None
        try:
            place = Gio.File.new_for_path(str(folder))
            self._monitor = place.monitor_directory(Gio.FileMonitorFlags.WATCH_MOVES)
        except GLib.Error:  # the list is read again whenever its window becomes active
            return
        self._monitor.connect("changed", self._on_monitor_changed)

    def close(self) -> None:
        """Stop."""
        if self._monitor is not None:
            self._monitor.cancel()

    def _on_monitor_changed(
        self,
        _monitor: Gio.FileMonitor,
        file: Gio.File,
        other: Gio.File | None,
        event: Gio.FileMonitorEvent,
    ) -> None:
        for path in (one.get_path() for one in (file, other) if one is not None):
            if path is None:
                continue
            if path.endswith(_LOG) and event in _LOG_EVENTS:
                self._on_changed(Path(path.removesuffix(_LOG)))
            elif event in _FILE_EVENTS:
                self._on_changed(Path(path))
