"""The window with all recordings: what is done there to each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from gi.repository import Adw, Gdk, Gio, GLib, GObject, Gtk

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.recordings import DeletedRecording
from spacebeam.library.retention import RetentionPolicy
from spacebeam.recording.errors import RecordingError
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compat import show_in_files
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.recordings.dialogs import ask_title, tell
from spacebeam.ui.recordings.recording_store import RecordingStore
from spacebeam.ui.recordings.recordings_list import RecordingsList
from spacebeam.ui.recordings.retention_popover import RetentionPopover
from spacebeam.ui.recordings.save_as import save_recording_as
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template

_UNDO_TIME = 10  # seconds that it is offered to bring a deleted one back
_GRACE = 10.0  # seconds that the key brings it back after that, or after the offer was put away

Act = Callable[[RecordingInfo], Coroutine[Any, Any, None]]


@template("recordings_window.ui")
class RecordingsWindow(Adw.Window):
    """Lists the recordings, the newest first; asks with `open-requested` (a path)."""

    __gtype_name__ = "SpacebeamRecordingsWindow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "open-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _search_bar: Gtk.SearchBar = Gtk.Template.Child()
    _search_entry: Gtk.SearchEntry = Gtk.Template.Child()
    _search_button: Gtk.ToggleButton = Gtk.Template.Child()
    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()
    _spinner: Gtk.Spinner = Gtk.Template.Child()
    _list: RecordingsList = Gtk.Template.Child()
    _keeping_label: Gtk.Label = Gtk.Template.Child()
    _keeping_popover: RetentionPopover = Gtk.Template.Child()

    def __init__(self, keeper: SettingsService) -> None:
        super().__init__()
        self._keeper = keeper
        self._recordings = keeper.recordings
        self._store = RecordingStore()
        self._tasks = Tasks()
        self._deleted: dict[
            DeletedRecording, Adw.Toast
        ] = {}  # that can be brought back, the newest last
        self._is_loaded = self._is_loading = self._must_load = False
        self._returned: Path | None = None  # to be shown when it is in the list
        self._list.show_model(self._store.model)
        self._search_bar.connect_entry(self._search_entry)
        self._search_bar.set_key_capture_widget(self)
        self._actions, self._own_actions = self._add_actions()
        self._keeper_handler = keeper.connect("changed", self._on_keeper_changed)
        self._on_keeper_changed(keeper)
        self.reload()

    def reload(self) -> None:
        """Look at the folder again."""
        if self._is_loading:
            self._must_load = True
        else:
            self._is_loading = True
            self._tasks.start(self._load())

    async def _load(self) -> None:
        try:
            while True:
                self._must_load = False
                await self._store.show(await asyncio.to_thread(self._recordings.listed))
                is_first_look, self._is_loaded = not self._is_loaded, True
                self._refresh()
                if is_first_look:
                    self._list.select(0)  # its keys work from the start
                if self._returned is not None:
                    self._list.choose_path(self._returned)
                if not self._must_load:
                    break
            self._returned = None
        finally:
            self._is_loading = False

    def _refresh(self) -> None:
        every = self._store.every
        page = "list" if self._list.found else "nothing-found" if every else "empty"
        page = page if self._is_loaded else "loading"
        self._stack.set_visible_child_name(page)
        self._spinner.set_spinning(page == "loading")
        words = (
            recording_words.total(every),
            recording_words.keeping(self._keeper.settings.retention_policy),
            self._keeper.deleted_fault,
            self._keeper.fault,
        )
        self._keeping_label.set_text(" ".join(filter(None, words)))
        self._search_button.set_sensitive(bool(every))

    # What is done to the selected one

    def _add_actions(self) -> tuple[Gio.SimpleActionGroup, Gio.SimpleActionGroup]:
        """Those of the selected recording, and those of the window."""
        group = Gio.SimpleActionGroup()
        acts: dict[str, Act] = {
            "open": self._open,
            "rename": self._rename,
            "save-as": self._save_as,
            "show-in-files": self._show_in_files,
            "delete": self._delete,
        }
        add(group, {name: partial(self._do, act) for name, act in acts.items()})
        self.insert_action_group("recording", group)
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        for key, does in (
            ("<Control>w", "window.close"),
            ("<Control>f", "recordings.search"),
            ("<Control>z", "recordings.undo"),
        ):
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(does)))
        self.add_controller(keys)
        own = Gio.SimpleActionGroup()
        leave_search = partial(self._search_bar.set_search_mode, False)
        add(own, {"search": self._search, "leave-search": leave_search, "undo": self._undo})
        enable(own, "leave-search", False)
        self.insert_action_group("recordings", own)
        return group, own

    def _search(self) -> None:
        self._search_bar.set_search_mode(bool(self._store.every))
        self._search_entry.grab_focus()

    def _search_now(self) -> None:
        self._list.search(self._search_entry.get_text())
        self._refresh()

    def _undo(self) -> None:
        if self._deleted:
            deleted, toast = self._deleted.popitem()
            toast.dismiss()
            self._tasks.start(self._bring_back(deleted))

    async def _open(self, kept: RecordingInfo) -> None:
        self.emit("open-requested", str(kept.path))

    async def _rename(self, kept: RecordingInfo) -> None:
        title = await ask_title(self, kept.title, kept.address or kept.path.stem)
        if title is not None:
            await self._change(kept, lambda: self._recordings.rename(kept.path, title))

    async def _star(self, kept: RecordingInfo, is_starred: bool) -> None:
        await self._change(
            kept, lambda: self._recordings.set_starred(kept.path, is_starred=is_starred)
        )

    async def _change(self, kept: RecordingInfo, act: Callable[[], None]) -> None:
        try:
            if self._recordings.opened.of(kept.path):
                act()  # through what has it open, which is on this loop
            else:
                await asyncio.to_thread(act)
        except RecordingError as error:
            await tell(self, "Not changed", str(error))
        else:
            self._keeper.emit("changed")  # a tab may be called so
        self.reload()

    async def _save_as(self, kept: RecordingInfo) -> None:
        is_live = kept.state is RecordingState.BEING_WRITTEN
        target = await save_recording_as(self, kept.path, is_live=is_live)
        if target is not None:
            self._toast(f"Saved as “{target.name}”")

    async def _show_in_files(self, kept: RecordingInfo) -> None:
        if not await show_in_files(Gio.File.new_for_path(str(kept.path))):
            await tell(self, "No file manager answers", f"The recording is in {kept.path.parent}.")

    async def _delete(self, kept: RecordingInfo) -> None:
        try:
            deleted = await asyncio.to_thread(self._recordings.delete, kept.path)
        except RecordingError as error:
            await tell(self, "Not deleted", str(error))
            return
        place = self._list.place
        self._store.remove(kept.path)
        self._list.select(place)
        self.reload()
        self._refresh()
        toast = self._toast(f"“{recording_words.name(kept)}” deleted", "Undo", _UNDO_TIME)
        toast.connect("button-clicked", self._on_toast_button_clicked, deleted)
        toast.connect("dismissed", self._on_toast_dismissed, deleted)
        self._deleted[deleted] = toast

    async def _bring_back(self, deleted: DeletedRecording) -> None:
        try:
            await asyncio.to_thread(deleted.undo)
        except RecordingError as error:
            await tell(self, "Not brought back", str(error))
        else:
            self._returned = deleted.path
        self.reload()

    def _toast(self, words: str, button: str = "", time: int = 5) -> Adw.Toast:
        # What was done last is said first.
        toast = Adw.Toast(
            title=GLib.markup_escape_text(words), timeout=time, priority=Adw.ToastPriority.HIGH
        )
        if button:
            toast.set_button_label(button)
        self._toast_overlay.add_toast(toast)
        return toast

    def _do(self, act: Act) -> None:
        kept = self._list.selected
        if kept is not None:
            self._tasks.start(act(kept))

    def _on_toast_button_clicked(self, _toast: Adw.Toast, deleted: DeletedRecording) -> None:
        if self._deleted.pop(deleted, None) is not None:
            self._tasks.start(self._bring_back(deleted))

    def _on_toast_dismissed(self, _toast: Adw.Toast, deleted: DeletedRecording) -> None:
        if deleted in self._deleted:
            self._tasks.start(self._forget(deleted))

    async def _forget(self, deleted: DeletedRecording) -> None:
        await asyncio.sleep(_GRACE)
        if self._deleted.pop(deleted, None) is not None:
            await asyncio.to_thread(deleted.forget)

    # What the person and the keeper say

    @Gtk.Template.Callback()
    def _on_list_open_requested(self, _list: RecordingsList) -> None:
        self._actions.activate_action("open", None)

    @Gtk.Template.Callback()
    def _on_list_starred(
        self, _list: RecordingsList, kept: RecordingInfo, is_starred: bool
    ) -> None:
        self._tasks.start(self._star(kept, is_starred))

    @Gtk.Template.Callback()
    def _on_list_selection_changed(self, view: RecordingsList) -> None:
        kept = view.selected
        for name in self._actions.list_actions():
            enable(self._actions, name, kept is not None)
        enable(
            self._actions, "rename", kept is not None and kept.state is not RecordingState.DAMAGED
        )

    @Gtk.Template.Callback()
    def _on_search_entry_search_changed(self, _entry: Gtk.SearchEntry) -> None:
        self._search_now()

    @Gtk.Template.Callback()
    def _on_search_entry_activate(self, _entry: Gtk.SearchEntry) -> None:
        self._search_now()  # it waits a moment for more to be typed
        self._actions.activate_action("open", None)

    @Gtk.Template.Callback()
    def _on_search_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        if key in (Gdk.KEY_Down, Gdk.KEY_KP_Down):
            self._search_now()
            self._list.select(self._list.place)
            return True
        return False

    @Gtk.Template.Callback()
    def _on_notify_search_mode_enabled(
        self, bar: Gtk.SearchBar, _property: GObject.ParamSpec
    ) -> None:
        # Otherwise Escape is for whoever else there is.
        enable(self._own_actions, "leave-search", bar.get_search_mode())
        if not bar.get_search_mode():
            self._search_entry.set_text("")
            self._search_now()
            self._list.select(self._list.place)

    @Gtk.Template.Callback()
    def _on_keeping_popover_changed(
        self, _popover: RetentionPopover, keeping: RetentionPolicy
    ) -> None:
        self._keeper.keep_recordings(keeping)

    def _on_keeper_changed(self, keeper: SettingsService) -> None:
        self._keeping_popover.show_keeping(keeper.settings.retention_policy)
        self._refresh()

    @Gtk.Template.Callback()
    def _on_notify_is_active(self, _window: Gtk.Window, _property: GObject.ParamSpec) -> None:
        if self.is_active():
            self.reload()  # others may have changed the folder meanwhile

    @Gtk.Template.Callback()
    def _on_unrealize(self, _window: Gtk.Widget) -> None:
        self._keeper.disconnect(self._keeper_handler)
        self._tasks.cancel()
        self._list.show_model(None)  # PyGObject keeps a widget with a template
        for deleted in self._deleted:
            deleted.forget()
        self._deleted.clear()
