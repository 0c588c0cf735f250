"""The window that lists all recordings and manages their files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from gi.repository import Adw, Gdk, Gio, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention import RetentionPolicy
from spacebeam.recording.errors import RecordingError
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compat import show_in_files
from spacebeam.ui.focus import select_all
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.recordings.dialogs import ask_title, show_error
from spacebeam.ui.recordings.folder_monitor import FolderMonitor
from spacebeam.ui.recordings.recording_deleter import RecordingDeleter, message_toast
from spacebeam.ui.recordings.recording_store import RecordingStore
from spacebeam.ui.recordings.recordings_list import RecordingsList
from spacebeam.ui.recordings.retention_popover import RetentionPopover
from spacebeam.ui.recordings.save_as import save_recording_as
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

_MAX_UPDATED = 100  # files that are read before they are shown
_UPDATE_INTERVAL_S = 0.5  # of changed files: a recording that is being written always changes

_SHORTCUTS = (
    ("<Control>w", "window.close"),
    ("<Control>f", "recordings.search"),
    ("<Control>z", "recordings.undo"),
)

RecordingHandler = Callable[[RecordingInfo], Coroutine[Any, Any, None]]


@template("recordings_window.ui")
class RecordingsWindow(Adw.Window):
    """Lists recordings, the newest first; emits `open-requested` (a Path)."""

    __gtype_name__ = "SpacebeamRecordingsWindow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "open-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _search_bar: Gtk.SearchBar = Gtk.Template.Child()
    _search_entry: Gtk.SearchEntry = Gtk.Template.Child()
    _search_button: Gtk.ToggleButton = Gtk.Template.Child()
    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()
    _spinner: Gtk.Spinner = Gtk.Template.Child()
    _list: RecordingsList = Gtk.Template.Child()
    _summary_label: Gtk.Label = Gtk.Template.Child()
    _retention_popover: RetentionPopover = Gtk.Template.Child()

    def __init__(self, settings_service: SettingsService) -> None:
        super().__init__()
        self._settings_service = settings_service
        self._recordings = settings_service.recordings
        self._store = RecordingStore()
        self._tasks = Tasks()
        self._deleter = RecordingDeleter(
            self, self._recordings, self._toast_overlay, self._tasks, self._on_restored
        )
        self._is_loaded = self._is_loading = self._must_reload = False
        self._restored: Path | None = None  # to be selected once it is listed again
        self._changed: set[Path] = set()  # files to be read again
        self._updating: asyncio.Task[None] | None = None
        self._monitor = FolderMonitor(self._recordings.folder, self._on_monitor_changed)
        self._list.show_model(self._store.model)
        self._search_bar.connect_entry(self._search_entry)
        self._search_bar.set_key_capture_widget(self)
        Composing(self)
        self._recording_actions = self._add_recording_actions()
        self._window_actions = self._add_window_actions()
        self._settings_handler = settings_service.connect("changed", self._on_settings_changed)
        self._on_settings_changed(settings_service)
        self.reload()

    @property
    def is_loading(self) -> bool:
        """Whether the list does not show the folder's content yet."""
        return self._is_loading or not self._is_loaded

    def reload(self) -> None:
        """Read the folder again."""
        if self._is_loading:
            self._must_reload = True
        else:
            self._is_loading = True
            self._tasks.start(self._load())

    def search(self, text: str) -> None:
        """Show the recordings whose title or address has all words of `text`; "" shows all."""
        self._search_bar.set_search_mode(bool(text))
        self._search_entry.set_text(text)
        self._search_now()

    async def _load(self) -> None:
        try:
            while True:
                self._must_reload = False
                if self._is_loaded:
                    await self._store.show(await asyncio.to_thread(self._recordings.listed))
                    self._refresh()
                else:
                    await self._load_first()
                if self._restored is not None:
                    self._list.select_path(self._restored)
                if not self._must_reload:
                    break
            self._restored = None
        finally:
            self._is_loading = False

    async def _load_first(self) -> None:
        """Show the list bit by bit, with the focus on its newest recording."""
        parts, newest = self._recordings.listed_in_parts(), None
        while (every := await asyncio.to_thread(next, parts, None)) is not None:
            is_untouched = self._list.selected is newest and self._list.get_focus_child()
            await self._store.show(every)
            is_first, self._is_loaded = not self._is_loaded, True
            self._refresh()
            if is_first or (is_untouched and self._list.position > 0):
                self._list.select_and_focus(0)
                newest = self._list.selected

    async def _update_changed(self) -> None:
        """Read the files that have changed, and no others."""
        while self._changed:
            paths = set(islice(self._changed, _MAX_UPDATED))
            self._changed -= paths
            found = await asyncio.to_thread(self._recordings.infos, paths)
            if not self._is_loading:
                await self._store.change(found)
            self._must_reload = self._is_loading  # the loaded list may be older
            self._refresh()
            await asyncio.sleep(0 if self._changed else _UPDATE_INTERVAL_S)

    def _update(self, path: Path) -> None:
        """Read a file again soon."""
        self._changed.add(path)
        if self._updating is None or self._updating.done():
            self._updating = self._tasks.start(self._update_changed())

    def _refresh(self) -> None:
        self._list.search_again()
        every = self._store.every
        page = "list" if self._list.found else "no-match" if every else "empty"
        page = page if self._is_loaded else "loading"
        self._stack.set_visible_child_name(page)
        self._spinner.set_spinning(page == "loading")
        service = self._settings_service
        sentences = (
            recording_words.total(every),
            recording_words.retention(service.settings.retention_policy),
            service.delete_error,
            service.save_error,
        )
        self._summary_label.set_text(" ".join(filter(None, sentences)))
        self._search_button.set_sensitive(bool(every))

    # Actions

    def _add_recording_actions(self) -> Gio.SimpleActionGroup:
        """Add the actions of the selected recording."""
        handlers: dict[str, RecordingHandler] = {
            "open": self._open,
            "rename": self._rename,
            "save-as": self._save_as,
            "show-in-files": self._show_in_files,
            "replay": self._replay,
            "play-as-server": self._play_as_server,
            "delete": self._delete,
        }
        group = Gio.SimpleActionGroup()
        add(group, {name: partial(self._start, handler) for name, handler in handlers.items()})
        self.insert_action_group("recording", group)
        return group

    def _add_window_actions(self) -> Gio.SimpleActionGroup:
        """Add the actions of the window, and its shortcuts."""
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        for key, action in _SHORTCUTS:
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(action)))
        self.add_controller(keys)
        group = Gio.SimpleActionGroup()
        add(
            group,
            {
                "search": self._open_search,
                "close-search": self._close_search,
                "undo": self._deleter.undo,
            },
        )
        enable(group, "close-search", False)
        self.insert_action_group("recordings", group)
        return group

    def _start(self, handler: RecordingHandler) -> None:
        info = self._list.selected
        if info is not None:
            self._tasks.start(handler(info))

    def _open_search(self) -> None:
        self._search_bar.set_search_mode(bool(self._store.every))
        select_all(self._search_entry)

    def _close_search(self) -> None:
        self._search_bar.set_search_mode(False)

    def _search_now(self) -> None:
        self._list.search(self._search_entry.get_text())
        self._refresh()

    async def _open(self, info: RecordingInfo) -> None:
        self.emit("open-requested", info.path)

    async def _rename(self, info: RecordingInfo) -> None:
        title = await ask_title(self, info.title, one_line(info.address or info.path.stem))
        if title is not None:
            await self._change(info, partial(self._recordings.rename, info.path, title))

    async def _star(self, info: RecordingInfo, is_starred: bool) -> None:
        set_starred = self._recordings.set_starred
        await self._change(info, partial(set_starred, info.path, is_starred=is_starred))

    async def _change(self, info: RecordingInfo, act: Callable[[], None]) -> None:
        try:
            if self._recordings.opened.of(info.path):
                act()  # through the open recording, which belongs to this loop
            else:
                await asyncio.to_thread(act)
        except RecordingError as error:
            await show_error(
                self, _("Could not change the recording"), recording_error_words(error)
            )
        else:
            self._settings_service.emit("changed")  # a tab may show the title
        self._update(info.path)

    async def _save_as(self, info: RecordingInfo) -> None:
        is_live = info.state is RecordingState.BEING_WRITTEN
        target = await save_recording_as(self, info.path, info.name, is_live=is_live)
        if target is not None:
            self._toast_overlay.add_toast(
                message_toast(_("Saved as “{name}”").format(name=one_line(target.name)))
            )

    async def _replay(self, info: RecordingInfo) -> None:
        from spacebeam.ui.replay.replay_windows import replay_file  # when it is wanted

        await replay_file(self, self._settings_service, info.path, info.name)

    async def _play_as_server(self, info: RecordingInfo) -> None:
        from spacebeam.ui.replay.replay_windows import serve_file  # when it is wanted

        await serve_file(self, info.path, info.name)

    async def _show_in_files(self, info: RecordingInfo) -> None:
        if not await show_in_files(Gio.File.new_for_path(str(info.path))):
            words = _("The recording is in {folder}.").format(
                folder=one_line(str(info.path.parent))
            )
            await show_error(self, _("Could not find a file manager"), words)

    async def _delete(self, info: RecordingInfo) -> None:
        if await self._deleter.delete(info):
            position = self._list.position
            self._store.remove(info.path)
            self._list.select_and_focus(position)
            self.reload()
            self._refresh()

    def _on_monitor_changed(self, path: Path) -> None:
        if self._recordings.has(path):
            self._update(path)

    def _on_restored(self, path: Path) -> None:
        self._restored = path
        self.reload()

    # Signals

    @Gtk.Template.Callback()
    def _on_list_open_requested(self, _list: RecordingsList) -> None:
        self._recording_actions.activate_action("open", None)

    @Gtk.Template.Callback()
    def _on_list_starred(
        self, _list: RecordingsList, info: RecordingInfo, is_starred: bool
    ) -> None:
        self._tasks.start(self._star(info, is_starred))

    @Gtk.Template.Callback()
    def _on_list_selection_changed(self, view: RecordingsList) -> None:
        info, actions = view.selected, self._recording_actions
        for name in actions.list_actions():
            enable(actions, name, info is not None)
        enable(actions, "rename", info is not None and info.state is not RecordingState.DAMAGED)

    @Gtk.Template.Callback()
    def _on_search_entry_search_changed(self, _entry: Gtk.SearchEntry) -> None:
        self._search_now()

    @Gtk.Template.Callback()
    def _on_search_entry_activate(self, _entry: Gtk.SearchEntry) -> None:
        self._search_now()  # `search-changed` comes with a delay
        self._recording_actions.activate_action("open", None)

    @Gtk.Template.Callback()
    def _on_search_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        if key in (Gdk.KEY_Down, Gdk.KEY_KP_Down):
            self._search_now()
            self._list.select_and_focus(self._list.position)
            return True
        return False

    @Gtk.Template.Callback()
    def _on_notify_search_mode_enabled(
        self, bar: Gtk.SearchBar, _property: GObject.ParamSpec
    ) -> None:
        # While the action is enabled it takes Escape away from other widgets.
        enable(self._window_actions, "close-search", bar.get_search_mode())
        if not bar.get_search_mode():
            self._search_entry.set_text("")
            self._search_now()
            self._list.select_and_focus(self._list.position)

    @Gtk.Template.Callback()
    def _on_retention_popover_changed(
        self, _popover: RetentionPopover, policy: RetentionPolicy
    ) -> None:
        self._settings_service.set_retention(policy)

    def _on_settings_changed(self, service: SettingsService) -> None:
        self._retention_popover.show_policy(service.settings.retention_policy)
        self._refresh()

    @Gtk.Template.Callback()
    def _on_notify_is_active(self, _window: Gtk.Window, _property: GObject.ParamSpec) -> None:
        if self.is_active():
            self.reload()  # another program may have changed the folder

    @Gtk.Template.Callback()
    def _on_unrealize(self, _window: Gtk.Widget) -> None:
        self._settings_service.disconnect(self._settings_handler)
        self._tasks.cancel()
        self._monitor.close()
        self._list.show_model(None)
        self._deleter.forget()
