"""Imports files of other programs in a window: recordings into tabs, connections into the sidebar.

It is imported when a file is: the start has no need of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Gio, GLib

from spacebeam.decode.visible import one_line
from spacebeam.ui.exchange.file_import import Imported, ImportTarget, import_file
from spacebeam.ui.library_service import LibraryService
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.window.window import Window

_MAX_IMPORTED_TABS = 8  # that one file opens


async def import_and_show(
    window: Window,
    settings_service: SettingsService,
    file: Gio.File,
    open_recordings: Callable[[Sequence[Gio.File]], Awaitable[None]],
    key: str = "",
) -> None:
    """Import a file or folder, and show what became of it.

    `key` is the folder of saved connections that is proposed.
    """
    library = settings_service.library
    targets = _targets(library)
    wanted = [at for at, one in enumerate(targets) if str(one.root / one.path) == key]
    folder = settings_service.recordings.folder
    made = await import_file(window, file, folder, targets, *wanted[:1])
    opened = made.recordings[:_MAX_IMPORTED_TABS]
    await open_recordings([Gio.File.new_for_path(str(path)) for path in opened])
    if len(made.recordings) > 1:
        window.show_notice(_("{count:,} recordings imported").format(count=len(made.recordings)))
    if made.has_connections:
        _show(window, library, made)


def _targets(library: LibraryService) -> list[ImportTarget]:
    return [
        ImportTarget(
            " / ".join(filter(None, (one.folder.root.name, one.words, _own_name(one.path)))),
            one.folder.root,
            one.path,
        )
        for one in library.folders
    ]


def _own_name(path: str) -> str:
    return path.rpartition("/")[2]


def _show(window: Window, library: LibraryService, made: Imported) -> None:
    library.take_up(made.folder)
    window.change_action_state("sidebar", GLib.Variant("b", True))
    name = one_line(Path(made.folder).name)
    window.show_notice(
        _("Imported as “{name}”").format(name=name) if name else _("Environments imported")
    )
