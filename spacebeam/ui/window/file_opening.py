"""Opens recordings in a window: chosen, dropped, or from the command line.

Other files that are dropped are attached to a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Gdk, Gio, GLib, Gtk

from spacebeam.ui.actions import add
from spacebeam.ui.compat import choose_file
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks

if TYPE_CHECKING:
    from spacebeam.ui.window.window import Window


@weak_handlers
class FileOpening:
    """Shows each recording in a tab of its own; the file chooser starts in the library's folder."""

    def __init__(self, window: Window, settings_service: SettingsService, tasks: Tasks) -> None:
        self._window = window
        self._settings_service = settings_service
        self._tasks = tasks
        add(window, {"open": self._start_choosing})
        target = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)
        # Before the text fields, which would insert the file's path.
        target.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        target.connect("drop", self._on_drop_target_drop)
        window.add_controller(target)

    def open(self, files: Sequence[Gio.File]) -> None:
        """Show recordings, or the tabs that show them already."""
        self._tasks.start(self._open_each(files))

    async def _open_each(self, files: Sequence[Gio.File]) -> None:
        for file in files:
            path = file.get_path()
            if path is None:
                self._window.free_tab().show_error(
                    f"{file.get_uri()} is not on this computer.",
                    "Copy it to this computer, then open it.",
                )
            elif not any(one.show_tab_of(Path(path)) for one in self._window.siblings):
                await self._window.free_tab().open_recording(Path(path))

    def _start_choosing(self) -> None:
        self._tasks.start(self._choose_and_open())

    async def _choose_and_open(self) -> None:
        from spacebeam.ui.recordings.save_as import file_filters  # not at the start

        folder = Gio.File.new_for_path(str(self._settings_service.recordings.folder))
        file = await choose_file(self._window, "Open a recording", file_filters(), folder)
        if file is not None:
            self.open([file])

    def _on_drop_target_drop(
        self, _target: Gtk.DropTarget, dropped: Gdk.FileList, _x: float, _y: float
    ) -> bool:
        """Open recordings; attach other files to messages of the selected tab."""
        from spacebeam.recording.file import SUFFIX  # not at the start

        files = dropped.get_files()
        recordings = [one for one in files if (one.get_basename() or "").endswith(SUFFIX)]
        others = [one for one in files if one not in recordings]
        self.open(recordings)
        if others and self._window.tab is not None:
            uris = [one.get_uri() for one in others]
            self._window.tab.activate_action("tab.attach", GLib.Variant("as", uris))
        return bool(files)
