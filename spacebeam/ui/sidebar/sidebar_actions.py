"""Carries out what the person does in a window's sidebar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.connections.open_folder import Deleted, OpenFolder
from spacebeam.profiles.collection import Folder
from spacebeam.ui.compat import choose_folder, show_in_files
from spacebeam.ui.connections.place_form import ask_place
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.library_service import LibraryService, SavedPlace
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.sidebar.node import RowKind, SidebarNode
from spacebeam.ui.sidebar.sidebar import Sidebar
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.saved_tabs import SavedTabs
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.window.window import Window
    from spacebeam.ui.window.window_sidebar import WindowSidebar

_OF_CONNECTIONS = frozenset({"connect", "connect-in-tab", "favorite", "recordings"})
_RECENT = "recent:"  # before an address, in the key of its node
_MAX_RECENT = 8
_UNDO_TIMEOUT_S = 10  # of the toast
_MAX_UNDO = 20
_USUAL_SCHEME = "wss://"


@weak_handlers
class SidebarActions:
    """Connects a sidebar with the library, the settings and the tabs."""

    def __init__(
        self,
        window: Window,
        face: WindowSidebar,
        sidebar: Sidebar,
        settings_service: SettingsService,
        tasks: Tasks,
    ) -> None:
        self._window = window
        self._face = face
        self._sidebar = sidebar
        self._settings_service = settings_service
        self._tasks = tasks
        self._library: LibraryService = settings_service.library
        self._tabs = SavedTabs(window)
        self._deleted: list[tuple[OpenFolder, Deleted, Adw.Toast]] = []  # the newest last
        self._recent: tuple[SidebarNode, ...] = ()
        self._handlers: tuple[tuple[GObject.Object, int], ...] = (
            (self._library, self._library.connect("changed", self._on_library_changed)),
            (
                settings_service,
                settings_service.connect("changed", self._on_settings_changed),
            ),
        )
        sidebar.connect("chosen", self._on_sidebar_chosen)
        sidebar.connect("requested", self._on_sidebar_requested)
        sidebar.connect("copy-requested", self._on_sidebar_copy_requested)
        sidebar.connect("renamed", self._on_sidebar_renamed)
        sidebar.connect("moved", self._on_sidebar_moved)
        sidebar.connect("collapsed", self._on_sidebar_collapsed)
        sidebar.connect("left", self._on_sidebar_left)
        sidebar.connect("unrealize", self._on_sidebar_unrealize)
        self._library.load()
        self._show()
        self.show_states()

    def show_states(self) -> None:
        """Show which connections the tabs have."""
        self._sidebar.show_states(self._tabs.states)

    def _show(self) -> None:
        settings = self._settings_service.settings
        self._recent = tuple(
            SidebarNode(_RECENT + one, RowKind.RECENT, one.removeprefix(_USUAL_SCHEME), one)
            for one in settings.recent[:_MAX_RECENT]
        )
        recent = SidebarNode(_RECENT, RowKind.SECTION, _("Recent"), children=self._recent)
        roots = (*self._library.roots, *((recent,) if self._recent else ()))
        self._sidebar.show_nodes(roots, self._library.index, settings.sidebar.collapsed)

    # What is done with a node

    def _do(self, name: str, node: SidebarNode | None) -> None:
        if name == "open-folder":
            self._tasks.start(self._open_folder())
        elif name == "undo":
            self._undo_last()
        elif name == "import":
            key = self._folder_of(node).key
            self._window.activate_action("win.import-into", GLib.Variant("s", key))
        elif name in ("new-connection", "new-folder"):
            self._make(name, self._folder_of(node))
        elif node is None:
            return
        elif node.kind is RowKind.RECENT:
            self._do_with_recent(name, node.address)
        elif (place := self._library.locate(node.key)) is not None:
            self._do_with_place(name, node, place)

    def _do_with_recent(self, name: str, address: str) -> None:
        if name in ("connect", "connect-in-tab"):
            is_new = name == "connect-in-tab"
            self._tabs.open_address(address, connects=True, in_new_tab=is_new)
            self._face.leave()
        elif name == "save":
            self._tabs.open_address(address)
            if self._window.tab is not None:
                self._window.tab.connection.save()
        elif name == "delete":
            self._settings_service.forget(address)

    def _do_with_place(self, name: str, node: SidebarNode, place: SavedPlace) -> None:
        if node.kind is RowKind.CONNECTION and name in _OF_CONNECTIONS:
            self._do_with_connection(name, node, place)
        elif name == "edit":
            self._edit(node, place)
        elif name == "files":
            self._tasks.start(show_in_files(Gio.File.new_for_path(node.key)))
        elif name == "close-folder" and self._library.can_close(place.folder):
            self._library.close_folder(place.folder)
        elif place.path:
            self._arrange(name, node, place)

    def _do_with_connection(self, name: str, node: SidebarNode, place: SavedPlace) -> None:
        if name == "favorite":
            self._try(lambda: place.folder.set_favorite(place.path, not node.is_favorite))
        elif name == "recordings":
            self._show_recordings(place)
        else:
            is_new = name == "connect-in-tab"
            self._tabs.open(node.key, connects=not node.problem, in_new_tab=is_new)
            self._face.leave()

    def _arrange(self, name: str, node: SidebarNode, place: SavedPlace) -> None:
        """Do what the outermost folder cannot take part in."""
        if name == "duplicate":
            self._duplicate(node, place)
        elif name == "move":
            self._tasks.start(self._ask_and_move(node, place))
        elif name in ("up", "down"):
            self._step(node, place, -1 if name == "up" else 1)
        elif name == "delete":
            self._delete(node, place)

    def _edit(self, node: SidebarNode, place: SavedPlace) -> None:
        if node.kind is RowKind.CONNECTION:
            self._tabs.open(node.key)
            if self._window.tab is not None:
                self._window.tab.activate_action("tab.options", None)
            self._face.leave()
            return
        from spacebeam.ui.connections.folder_window import FolderWindow

        def show() -> None:
            window = FolderWindow(self._window, self._library, place)
            window.present()

        self._try(show)

    def _show_recordings(self, place: SavedPlace) -> None:
        from spacebeam.ui.connections.copying import recorded_as  # as it is seldom wanted

        found = GLib.Variant("s", recorded_as(self._library, place))
        self._window.activate_action("app.recordings-of", found)

    def _try(self, change: Callable[[], object]) -> bool:
        """Make a change in the library; show why it failed, and return whether it did not."""
        try:
            change()
        except LIBRARY_ERRORS as error:
            self._window.show_notice(error_words(error))
            return False
        self._library.refresh()
        return True

    # New ones

    def _folder_of(self, node: SidebarNode | None) -> SavedPlace:
        """Return the folder that a node is or is in; without one, the first open folder."""
        place = self._library.locate(node.key) if node is not None else None
        if node is None or place is None:
            return self._library.place(self._library.library.folders[0], "")
        if node.kind is RowKind.CONNECTION:
            return self._library.place(place.folder, place.path.rpartition("/")[0])
        return place

    def _make(self, name: str, place: SavedPlace) -> None:
        if name == "new-connection":
            self._face.new_connection(place.key)
            return
        made: list[str] = []
        if self._try(
            lambda: made.append(place.folder.create_folder(place.path, Folder(_("New folder"))))
        ):
            self._sidebar.edit_name(self._library.place(place.folder, made[0]).key)

    async def _open_folder(self) -> None:
        file = await choose_folder(self._window, _("Open a folder of connections"))
        path = None if file is None else file.get_path()
        if path is not None:
            self._library.open_folder(Path(path))

    # Order and place

    def _rename(self, node: SidebarNode, name: str) -> None:
        place = self._library.locate(node.key)
        if place is None or not place.path:
            return
        renamed: list[str] = []
        if self._try(lambda: renamed.append(place.folder.rename(place.path, name))):
            self._follow(place, renamed[0])

    def _duplicate(self, node: SidebarNode, place: SavedPlace) -> None:
        made: list[str] = []
        name = _("{name} copy").format(name=node.name)
        if self._try(lambda: made.append(place.folder.duplicate(place.path, name))):
            self._sidebar.select(self._library.place(place.folder, made[0]).key)

    async def _ask_and_move(self, node: SidebarNode, place: SavedPlace) -> None:
        folders = [
            one
            for one in self._library.folders
            if one.folder is place.folder
            and one.path != place.path
            and not one.path.startswith(f"{place.path}/")
        ]
        names = [
            " / ".join(filter(None, (one.words, _name(one)))) or one.folder.root.name
            for one in folders
        ]
        now = place.path.rpartition("/")[0]
        selected = next((at for at, one in enumerate(folders) if one.path == now), 0)
        heading = _("Move “{name}”").format(name=node.name)
        chosen = await ask_place(
            self._window, heading, _("_Move"), None, names, selected, offers_new=False
        )
        if chosen is not None:
            self._move(place, folders[chosen.folder].path, None)

    def _move(self, place: SavedPlace, folder: str, position: int | None) -> None:
        moved: list[str] = []
        if self._try(lambda: moved.append(place.folder.move(place.path, folder, position))):
            self._follow(place, moved[0])
            self._sidebar.select(self._library.place(place.folder, moved[0]).key)

    def _step(self, node: SidebarNode, place: SavedPlace, step: int) -> None:
        """Move a node one place up or down among those of its kind."""
        siblings = _siblings(place)
        at = siblings.index(place.path) + step
        if 0 <= at < len(siblings):
            self._move(place, place.path.rpartition("/")[0], at)
            GLib.idle_add(self._on_idle_focus)

    def _follow(self, place: SavedPlace, path: str) -> None:
        """Let tabs show a connection at its new path."""
        old, new = place.key, self._library.place(place.folder, path).key
        self._library.secrets.move_files(old, new)
        for window in self._window.siblings:
            for tab in window.tabs:
                key = tab.connection.key
                if key == old or key.startswith(f"{old}/"):
                    tab.connection.follow(new + key[len(old) :])

    def _delete(self, node: SidebarNode, place: SavedPlace) -> None:
        deleted: list[Deleted] = []
        if not self._try(lambda: deleted.append(place.folder.delete(place.path))):
            return
        toast = Adw.Toast(
            title=GLib.markup_escape_text(_("“{name}” deleted").format(name=one_line(node.name))),
            button_label=_("Undo"),
            timeout=_UNDO_TIMEOUT_S,
            priority=Adw.ToastPriority.HIGH,
        )
        self._deleted.append((place.folder, deleted[0], toast))
        self._forget_secrets(self._deleted[:-_MAX_UNDO])
        self._deleted = self._deleted[-_MAX_UNDO:]
        toast.connect("button-clicked", self._on_toast_button_clicked)
        self._face.show_toast(toast)

    def _forget_secrets(self, deleted: list[tuple[OpenFolder, Deleted, Adw.Toast]]) -> None:
        """Remove the secrets of what cannot be brought back any more, unless it is there again."""
        for folder, one, _toast in deleted:
            key = self._library.place(folder, one.path).key
            if not Path(key).exists():
                self._library.secrets.forget_files(key)

    def _undo_last(self) -> None:
        if self._deleted:
            folder, deleted, toast = self._deleted.pop()
            toast.dismiss()
            self._undo(folder, deleted)

    def _undo(self, folder: OpenFolder, deleted: Deleted) -> None:
        restored: list[str] = []
        if self._try(lambda: restored.append(folder.undo(deleted))):
            key = self._library.place(folder, restored[0]).key
            self._library.secrets.move_files(self._library.place(folder, deleted.path).key, key)
            self._sidebar.select(key)

    # Signals

    def _on_idle_focus(self) -> bool:
        self._sidebar.focus_row()
        return GLib.SOURCE_REMOVE

    def _on_toast_button_clicked(self, toast: Adw.Toast) -> None:
        found = next((one for one in self._deleted if one[2] is toast), None)
        if found is not None:
            self._deleted.remove(found)
            self._undo(*found[:2])

    def _on_library_changed(self, _library: LibraryService) -> None:
        self._show()

    def _on_settings_changed(self, service: SettingsService) -> None:
        shown = [one.address for one in self._recent]
        if service.settings.recent[:_MAX_RECENT] != shown:
            self._show()

    def _on_sidebar_chosen(self, sidebar: Sidebar, node: SidebarNode) -> None:
        if node.kind is RowKind.RECENT:
            self._tabs.open_address(node.address)
        else:
            self._tabs.open(node.key)
        if self._face.is_sheet:
            self._face.leave()
        else:
            sidebar.focus_row()  # it may be clicked again, or moved with the keys

    def _on_sidebar_requested(self, _sidebar: Sidebar, name: str, node: SidebarNode | None) -> None:
        self._do(name, node)

    def _on_sidebar_copy_requested(self, _sidebar: Sidebar, form: str, node: SidebarNode) -> None:
        from spacebeam.ui.connections.copying import copied_connection

        place = self._library.locate(node.key)
        if place is not None:
            notice = copied_connection(self._library, place, form, self._sidebar.get_clipboard())
            self._window.show_notice(notice)

    def _on_sidebar_renamed(self, _sidebar: Sidebar, node: SidebarNode, name: str) -> None:
        self._rename(node, name)

    def _on_sidebar_moved(
        self, _sidebar: Sidebar, node: SidebarNode, into: SidebarNode, before: str
    ) -> None:
        place, folder = self._library.locate(node.key), self._library.locate(into.key)
        if place is None or folder is None:
            return
        if place.folder is not folder.folder:
            self._window.show_notice(_("Connections are moved within one open folder only."))
            return
        if folder.path == place.path or folder.path.startswith(f"{place.path}/"):
            return
        siblings = [one for one in _siblings(place, folder.path) if one != place.path]
        following = self._library.locate(before) if before else None
        at = siblings.index(following.path) if following and following.path in siblings else None
        self._move(place, folder.path, at)

    def _on_sidebar_collapsed(self, _sidebar: Sidebar, collapsed: list[str]) -> None:
        settings = self._settings_service.settings.sidebar
        self._settings_service.set_sidebar(replace(settings, collapsed=tuple(collapsed)))

    def _on_sidebar_left(self, _sidebar: Sidebar) -> None:
        self._face.leave()

    def _on_sidebar_unrealize(self, _sidebar: Gtk.Widget) -> None:
        for sender, handler in self._handlers:
            sender.disconnect(handler)
        self._handlers = ()
        self._forget_secrets(self._deleted)
        self._deleted = []


def _siblings(place: SavedPlace, folder: str | None = None) -> list[str]:
    """Return the paths of the nodes of the same kind in a folder, in their order."""
    node = place.folder.node(place.path)
    inside = place.path.rpartition("/")[0] if folder is None else folder
    found = place.folder.children(inside)
    return [one.path for one in found if node is not None and one.kind is node.kind]


def _name(place: SavedPlace) -> str:
    node = place.folder.node(place.path)
    return node.name if node is not None and place.path else ""
