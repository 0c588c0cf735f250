"""Opens recordings in a window: chosen, dropped, or from the command line.

Files of other programs that are dropped are imported on the first screen, on the header bar and
where nothing can be sent; in a conversation they are attached to a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Gdk, Gio, GLib, Gtk

from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.ui.actions import add
from spacebeam.ui.compat import choose_file
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.window.window import Window

SCENARIO_SUFFIXES = (".http", ".rest")
# Recordings, and connections of other programs.
IMPORTED_SUFFIXES = (
    *(".har", ".zhar", ".zip", ".jsonl", ".ndjson", ".json", ".pcapng", ".pcap", ".gz"),
    *(".yml", ".yaml", ".bru"),
)
# Types by name, as the start does not need the composer.
_HEADER, _COMPOSER = "SpacebeamWindowHeader", "SpacebeamComposer"


@weak_handlers
class FileOpening:
    """Shows each recording in a tab of its own; the file chooser starts in the library's folder."""

    def __init__(self, window: Window, settings_service: SettingsService, tasks: Tasks) -> None:
        self._window = window
        self._settings_service = settings_service
        self._tasks = tasks
        self._opening = asyncio.Lock()
        add(
            window,
            {
                "open": self._start_choosing,
                "import": self._start_importing,
                "new-scenario": self._start_scenario,
            },
        )
        into = Gio.SimpleAction.new("import-into", GLib.VariantType("s"))
        into.connect("activate", self._on_into_activate)
        window.add_action(into)
        target = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)
        # Before the text fields, which would insert the file's path.
        target.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        target.connect("drop", self._on_drop_target_drop)
        window.add_controller(target)

    def open(self, files: Sequence[Gio.File]) -> None:
        """Show recordings, or the tabs that show them already; import files of other programs.

        Scenarios have windows of their own.
        """
        others = [one for one in files if _is_of_other_program(one)]
        scenarios = [one for one in files if _is_scenario(one)]
        recordings = [one for one in files if one not in (*others, *scenarios)]
        self._tasks.start(self._open_each(recordings))
        self._import(others)
        if scenarios:
            self._tasks.start(self._open_scenarios(scenarios))

    async def _open_scenarios(self, files: Sequence[Gio.File]) -> None:
        from spacebeam.ui.scenario.scenario_windows import open_file  # not at the start

        application = self._window.get_application()
        for path in filter(None, (file.get_path() for file in files)):
            if application is not None:
                await open_file(application, self._settings_service, Path(path))

    def _start_scenario(self) -> None:
        self._tasks.start(self._open_new_scenario())

    async def _open_new_scenario(self) -> None:
        from spacebeam.ui.scenario.scenario_windows import open_new  # not at the start

        application = self._window.get_application()
        if application is not None:
            await open_new(application, self._settings_service)

    async def _open_each(self, files: Sequence[Gio.File]) -> None:
        async with self._opening:  # one that is being opened is found by the next
            await self._open_in_order(files)

    async def _open_in_order(self, files: Sequence[Gio.File]) -> None:
        for file in files:
            path = file.get_path()
            if path is None:
                self._window.free_tab().show_error(
                    _("{address} is not on this computer.").format(address=file.get_uri()),
                    _("Copy it to this computer, then open it."),
                )
            elif not any(one.show_tab_of(Path(path)) for one in self._window.siblings):
                await self._window.free_tab().open_recording(Path(path))

    def _start_choosing(self) -> None:
        self._tasks.start(self._choose_and_open())

    async def _choose_and_open(self) -> None:
        from spacebeam.ui.recordings.save_as import file_filters  # not at the start

        folder = Gio.File.new_for_path(str(self._settings_service.recordings.folder))
        every = (*file_filters(), _scenario_filter())
        title = _("Open a recording or a scenario")
        file = await choose_file(self._window, title, every, folder)
        if file is not None:
            self.open([file])

    def _start_importing(self) -> None:
        self._tasks.start(self._choose_and_import())

    def _on_into_activate(self, _action: Gio.SimpleAction, folder: GLib.Variant) -> None:
        """Import into a folder of saved connections."""
        self._tasks.start(self._choose_and_import(folder.get_string()))

    async def _choose_and_import(self, folder: str = "") -> None:
        from spacebeam.ui.exchange.file_import import choose_import  # not at the start

        file = await choose_import(self._window, (*IMPORTED_SUFFIXES, *SCENARIO_SUFFIXES))
        if file is not None:
            await self._import_each([file], folder)

    def _import(self, files: Sequence[Gio.File]) -> None:
        if files:
            self._tasks.start(self._import_each(files))

    async def _import_each(self, files: Sequence[Gio.File], folder: str = "") -> None:
        from spacebeam.ui.window.importing import import_and_show  # not at the start

        service = self._settings_service
        for file in files:
            await import_and_show(self._window, service, file, self._open_each, folder)

    def _is_for_import(self, file: Gio.File, x: float, y: float) -> bool:
        """Return whether a file that is dropped here is imported, and not attached."""
        if not _is_of_other_program(file):
            return False
        tab = self._window.tab
        if tab is None or not tab.is_conversation:
            return True
        under = _names_above(self._window.pick(x, y, Gtk.PickFlags.DEFAULT))
        if _HEADER in under:
            return True
        return tab.state is ConnectionState.CLOSED and _COMPOSER not in under

    def _on_drop_target_drop(
        self, _target: Gtk.DropTarget, dropped: Gdk.FileList, x: float, y: float
    ) -> bool:
        """Open recordings, import files; attach the others to messages of the selected tab."""
        from spacebeam.recording.file import SUFFIX  # not at the start

        files = dropped.get_files()
        recordings = [
            one for one in files if (one.get_basename() or "").endswith(SUFFIX) or _is_scenario(one)
        ]
        imported = [
            one for one in files if one not in recordings and self._is_for_import(one, x, y)
        ]
        others = [one for one in files if one not in (*recordings, *imported)]
        self.open(recordings)
        self._import(imported)
        if others and self._window.tab is not None:
            uris = [one.get_uri() for one in others]
            self._window.tab.activate_action("tab.attach", GLib.Variant("as", uris))
        return bool(files)


def _scenario_filter() -> Gtk.FileFilter:
    scenarios = Gtk.FileFilter()
    scenarios.set_name("Scenarios")
    for suffix in SCENARIO_SUFFIXES:
        scenarios.add_suffix(suffix[1:])
    return scenarios


def _is_scenario(file: Gio.File) -> bool:
    return (file.get_basename() or "").lower().endswith(SCENARIO_SUFFIXES)


def _is_of_other_program(file: Gio.File) -> bool:
    is_named_so = (file.get_basename() or "").lower().endswith(IMPORTED_SUFFIXES)
    path = file.get_path()
    return is_named_so or (path is not None and Path(path).is_dir())


def _names_above(widget: Gtk.Widget | None) -> set[str]:
    """Return the names of the types of a widget and of all that contain it."""
    names = set()
    while widget is not None:
        names.add(widget.__gtype__.name)
        widget = widget.get_parent()
    return names
