"""The saved connections, shared by all windows: read in idle time, and watched for changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.library.connections.library import ConnectionLibrary, folder_names
from spacebeam.library.connections.nodes import NodeKind
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.sidebar_settings import SidebarSettings
from spacebeam.profiles.collection import Environment, Folder
from spacebeam.profiles.saved_profile import with_secrets
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.environments.environment_store import EnvironmentStore
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.secrets_service import SecretsService
from spacebeam.ui.sidebar.folder_nodes import FolderNodes
from spacebeam.ui.sidebar.node import Index, SidebarNode
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.environments.environments_window import EnvironmentsWindow

_SLICE_S = 0.005
_SETTLE_MS = 150  # after a change on disk: programs write a file in several steps
_MAX_WATCHED = 2000  # folders
_GONE = (
    Gio.FileMonitorEvent.DELETED,
    Gio.FileMonitorEvent.MOVED_OUT,
    Gio.FileMonitorEvent.RENAMED,
)


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """A connection or folder in an open folder."""

    folder: OpenFolder
    path: str

    @property
    def key(self) -> str:
        """The absolute path of its file or folder."""
        return str(self.folder.root / self.path)

    @property
    def words(self) -> str:
        """The names of the folders it is in, such as “Trading / Archive”."""
        node = self.folder.node(self.path)
        return " / ".join(folder_names(self.folder, node)) if node is not None else ""


@weak_handlers
class LibraryService(GObject.Object):
    """The open folders of saved connections; emits `changed` when the tree or a file changed.

    `remember` stores which folders are open.
    """

    __gtype_name__ = "SpacebeamLibraryService"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(
        self,
        settings: Callable[[], SidebarSettings],
        remember: Callable[[SidebarSettings], object],
        secrets: SecretsService,
    ) -> None:
        super().__init__()
        self.secrets = secrets
        self._settings = settings
        self._remember = remember
        self.library = ConnectionLibrary()
        self._own = len(self.library.folders)  # those that are not closed
        for path in settings().folders:
            self.library.open(Path(path))
        self._nodes = {folder.root: FolderNodes(folder) for folder in self.library.folders}
        self.environments = EnvironmentStore(settings, remember)
        self._folder_secrets: dict[str, Folder] = {}  # by path
        self.roots: tuple[SidebarNode, ...] = ()
        self.index = Index()
        self.is_loaded = False
        self._has_begun = False
        self._task = SlicedTask(_SLICE_S, self._show)
        self._monitors: dict[str, Gio.FileMonitor] = {}
        self._changed: set[str] = set()  # paths, until they settle
        self._timer = 0

    def load(self) -> None:
        """Begin to read the folders, at the first call."""
        if not self._has_begun:
            self._has_begun = True
            self._task.start(self._loading(self.library.folders))

    def refresh(self) -> None:
        """Show what was changed here."""
        if self.is_loaded:
            self._task.start(self._building())

    def take_up(self, path: str) -> None:
        """Show a folder that was made at a path, and environments that were added."""
        for folder in self.library.folders:
            self.environments.forget(folder.root)
        place = self.locate(path) if path else None
        if place is not None:
            place.folder.refresh([path])
        self.refresh()
        self.emit("changed")

    def locate(self, key: str) -> SavedPlace | None:
        """Return the place of a file or folder in the innermost open folder that it is in."""
        for folder in sorted(self.library.folders, key=lambda one: -len(str(one.root))):
            with suppress(ValueError):
                inside = Path(key).relative_to(folder.root)
                return SavedPlace(folder, "" if str(inside) == "." else inside.as_posix())
        return None

    def place(self, folder: OpenFolder, path: str) -> SavedPlace:
        """Return a place in an open folder."""
        return SavedPlace(folder, path)

    def with_known_secrets(self, place: SavedPlace, folder: Folder) -> Folder:
        """Return a folder with the secrets that were typed for it since the program began."""
        known = self._folder_secrets.get(place.key)
        if known is None:
            return folder
        values = {one.name: one.value for one in known.variables if one.is_secret}
        return replace(
            folder,
            profile=with_secrets(folder.profile, known.profile),
            variables=tuple(
                replace(one, value=values.get(one.name)) if one.value is None else one
                for one in folder.variables
            ),
        )

    def remember_secrets(self, place: SavedPlace, folder: Folder) -> None:
        """Remember the secrets of a folder until the program ends: they are in no file."""
        self._folder_secrets[place.key] = folder

    def forget_secrets(self, place: SavedPlace, folder: Folder) -> None:
        """Forget the secrets of a folder that the keyring has now, unless they were changed."""
        if self._folder_secrets.get(place.key) == folder:
            del self._folder_secrets[place.key]

    def folders_of(self, place: SavedPlace) -> tuple[Folder, ...]:
        """Return the folders that a connection is in, outermost first, with their known secrets.

        Raises LIBRARY_ERRORS.
        """
        parts = place.path.split("/")[:-1]
        paths = ["/".join(parts[:count]) for count in range(len(parts) + 1)]
        found = zip(paths, place.folder.folders_of(place.path), strict=True)
        return tuple(
            self.with_known_secrets(SavedPlace(place.folder, path), one) for path, one in found
        )

    @property
    def folders(self) -> list[SavedPlace]:
        """All folders, the open ones first, each followed by those in it."""
        found = []
        for folder in self.library.folders:
            paths = sorted(folder.folders()) or [""]
            found += [SavedPlace(folder, path) for path in paths]
        return found

    @property
    def has_connections(self) -> bool:
        """Whether any connection is saved."""
        nodes = (node for folder in self.library.folders for node in folder.nodes())
        return any(node.kind is NodeKind.CONNECTION for node in nodes)

    def open_folder(self, path: Path) -> None:
        """Open a folder of connections beside the others."""
        folder = self.library.open(path)
        if folder.root in self._nodes:
            return
        self._nodes[folder.root] = FolderNodes(folder)
        self._remember_folders()
        self._task.start(self._loading([folder]))

    def close_folder(self, folder: OpenFolder) -> None:
        """Close an open folder; its files stay."""
        self.library.close(folder)
        del self._nodes[folder.root]
        self._remember_folders()
        self.refresh()

    def can_close(self, folder: OpenFolder) -> bool:
        """Whether a folder was opened by the person."""
        return folder in self.library.folders[self._own :]

    def edit_environments(
        self, parent: Gtk.Window, folder: OpenFolder, variable: str = ""
    ) -> EnvironmentsWindow:
        """Open the window of a folder's environments; define a variable there, if one is named."""
        from spacebeam.ui.environments.environment_secrets import EnvironmentSecrets
        from spacebeam.ui.environments.environments_window import EnvironmentsWindow

        store, root = self.environments, folder.root
        window = EnvironmentsWindow(
            parent,
            [one.environment for one in store.all(root) if one.problem is None],
            store.from_files(root),
            store.chosen_name(root),
        )
        window.secrets = EnvironmentSecrets(window, self.secrets, store, root)
        window.connect("saved", self._on_window_saved, root)
        window.connect("deleted", self._on_window_deleted, root)
        window.present()
        if variable:
            window.add_variable(variable)
        return window

    def _on_window_saved(
        self,
        window: EnvironmentsWindow,
        was: Environment | None,
        environment: Environment,
        root: Path,
    ) -> None:
        try:
            self.environments.save(root, was, environment)
        except LIBRARY_ERRORS as error:
            window.show_error(_("Not saved. {reason}").format(reason=error_words(error)))
            return
        if not self.environments.chosen_name(root) and len(self.environments.all(root)) == 1:
            self.environments.choose(root, environment.name)
        self.emit("changed")

    def _on_window_deleted(self, window: EnvironmentsWindow, name: str, root: Path) -> None:
        try:
            self.environments.delete(root, name)
        except LIBRARY_ERRORS as error:
            window.show_error(_("Not deleted. {reason}").format(reason=error_words(error)))
        self.emit("changed")

    def choose_environment(self, root: Path, name: str) -> None:
        """Choose an environment of a folder; "" for none."""
        self.environments.choose(root, name)
        self.emit("changed")

    def _remember_folders(self) -> None:
        paths = tuple(str(one.root) for one in self.library.folders[self._own :])
        self._remember(replace(self._settings(), folders=paths))

    # Reading

    def _loading(self, folders: list[OpenFolder]) -> Iterator[None]:
        folders = list(folders)
        for folder in folders:
            with suppress(OSError):
                yield from folder.reading(self._watch)
        yield from self._building()
        self._show()
        for folder in folders:
            with suppress(OSError):
                yield from folder.checking()
        yield from self._building()

    def _building(self) -> Iterator[None]:
        changed = [one.forget_changed() for one in self._nodes.values()]
        for one in self._nodes.values():
            yield from one.building()
        roots = tuple(self._nodes[one.root].root for one in self.library.folders)
        if any(changed) or roots != self.roots:
            index = Index()
            yield from index.building(roots)
            self.roots, self.index = roots, index
        for folder in self.library.folders:
            yield from self._watching(folder)

    def _show(self) -> None:
        self.is_loaded = True
        self.emit("changed")
        if self._changed and not self._timer:
            self._settle()

    # Changes by others

    def _watching(self, folder: OpenFolder) -> Iterator[None]:
        for path in (*folder.folders(), "environments"):
            if self._watch(str(folder.root / path)):
                yield

    def _watch(self, place: str) -> bool:
        """Watch a folder from now on; return whether it was not watched before."""
        if place in self._monitors or len(self._monitors) >= _MAX_WATCHED:
            return False
        if not os.path.isdir(place):
            return False
        with suppress(GLib.Error):
            monitor = Gio.File.new_for_path(place).monitor_directory(
                Gio.FileMonitorFlags.WATCH_MOVES
            )
            monitor.connect("changed", self._on_monitor_changed)
            self._monitors[place] = monitor
        return True

    def _forget_monitors(self, place: str) -> None:
        """Watch a folder that is not at its place any more, and those in it, no longer.

        An open folder goes on being watched: nothing else would tell when it comes back.
        """
        kept = {str(one.root) for one in self.library.folders}
        for one in [*self._monitors]:
            if one not in kept and (one == place or one.startswith(f"{place}/")):
                self._monitors.pop(one).cancel()

    def _settle(self) -> None:
        if not self._timer:
            self._timer = GLib.timeout_add(_SETTLE_MS, self._on_timeout)

    def _on_monitor_changed(
        self,
        _monitor: Gio.FileMonitor,
        file: Gio.File,
        other: Gio.File | None,
        event: Gio.FileMonitorEvent,
    ) -> None:
        if event in _GONE and (gone := file.get_path()) in self._monitors:
            self._forget_monitors(str(gone))
        self._changed.update(
            path for one in (file, other) if one is not None and (path := one.get_path())
        )
        if self._changed:
            self._settle()

    def _on_timeout(self) -> bool:
        if self._task.is_busy:
            return GLib.SOURCE_CONTINUE
        self._timer = 0
        changed, self._changed = self._changed, set()
        self._task.start(self._refreshing(changed))
        return GLib.SOURCE_REMOVE

    def _refreshing(self, paths: set[str]) -> Iterator[None]:
        for path in sorted(paths):
            place = self.locate(path)
            if place is not None and place.path.partition("/")[0] == "environments":
                self.environments.forget(place.folder.root)
            if place is not None:
                with suppress(OSError):
                    place.folder.refresh([path], self._watch)
            yield
        yield from self._building()
