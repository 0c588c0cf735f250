"""The window of recordings as a person uses it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from gi.repository import Adw, Gdk, Gtk

from spacebeam.library.recording_info import RecordingInfo
from spacebeam.ui.recordings.recording_row import RecordingRow
from spacebeam.ui.recordings.recording_store import RecordingItem
from spacebeam.ui.recordings.recordings_list import RecordingsList
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.recordings.retention_popover import RetentionPopover
from spacebeam.ui.settings_service import SettingsService
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, click, descendants, key, presented
from tests.ui.pageobjects.page import Page, focus_of

CLOSE_ICON = "window-close-symbolic"


class RecordingRowPage(Page[RecordingRow]):
    """One recording of the list."""

    @property
    def star_button(self) -> Gtk.ToggleButton:
        return self.child("_star_button", Gtk.ToggleButton)

    def press_star(self) -> None:
        self.star_button.emit("clicked")

    def press_menu(self) -> None:
        click(self.child("_menu_button", Gtk.Button))

    def right_click(self, x: float, y: float) -> None:
        every = self.widget.observe_controllers()
        (gesture,) = (one for one in every if isinstance(one, Gtk.GestureClick))
        gesture.emit("pressed", 1, x, y)


class RecordingsListPage(Page[RecordingsList]):
    """The list of recordings."""

    @property
    def list_view(self) -> Gtk.ListView:
        return self.child("_list_view", Gtk.ListView)

    @property
    def selection(self) -> Gtk.SingleSelection:
        model = self.list_view.get_model()
        assert isinstance(model, Gtk.SingleSelection)
        return model

    @property
    def menu(self) -> Gtk.PopoverMenu:
        """The menu of the selected recording."""
        return self.child("_menu", Gtk.PopoverMenu)

    @property
    def infos(self) -> list[RecordingInfo]:
        """The listed recordings, in order."""
        model = self.selection
        items = (model.get_item(place) for place in range(model.get_n_items()))
        return [item.info for item in items if isinstance(item, RecordingItem)]

    @property
    def rows(self) -> list[RecordingRowPage]:
        """The rows that exist, in order."""
        rows = descendants(self.list_view, RecordingRow)
        return [RecordingRowPage(row) for row in rows if row.get_width() > 0]

    @property
    def top(self) -> RecordingInfo | None:
        """The recording of the row at the top edge of the list."""
        for row in descendants(self.list_view, RecordingRow):
            is_there, bounds = row.compute_bounds(self.list_view)
            is_seen = is_there and row.get_mapped() and abs(bounds.get_y()) < row.get_height() / 2
            if is_seen and row.item is not None:
                info = row.item.info
                assert isinstance(info, RecordingInfo)
                return info
        return None

    @property
    def selected(self) -> RecordingInfo | None:
        return self.widget.selected

    @property
    def focused(self) -> RecordingInfo | None:
        """The recording of the row with the keyboard focus."""
        cell = focus_of(self.widget)
        row = cell.get_first_child() if cell is not None else None
        is_row = isinstance(row, RecordingRow) and row.item is not None
        return row.item.info if is_row else None  # type: ignore[union-attr]  # is_row says so

    def select(self, position: int) -> None:
        """Click the row at this position."""
        self.selection.set_selected(position)

    def unselect(self) -> None:
        self.select(Gtk.INVALID_LIST_POSITION)

    def activate(self, position: int) -> None:
        """Press Enter on a row, or double-click it."""
        self.list_view.emit("activate", position)

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key in the list; return whether the list used it."""
        return key(self.list_view, pressed, state, Gtk.PropagationPhase.BUBBLE)


class RetentionPage(Page[RetentionPopover]):
    """How long recordings are kept, and how many."""

    @property
    def age(self) -> Gtk.DropDown:
        return self.child("_age_drop_down", Gtk.DropDown)

    @property
    def size(self) -> Gtk.DropDown:
        return self.child("_size_drop_down", Gtk.DropDown)

    @staticmethod
    def offered(drop_down: Gtk.DropDown) -> list[str]:
        model = drop_down.get_model()
        assert isinstance(model, Gtk.StringList)
        return [model.get_string(place) or "" for place in range(model.get_n_items())]

    def chosen(self, drop_down: Gtk.DropDown) -> str:
        return self.offered(drop_down)[drop_down.get_selected()]

    def choose(self, drop_down: Gtk.DropDown, item: str) -> None:
        drop_down.set_selected(self.offered(drop_down).index(item))


class RecordingsPage(Page[RecordingsWindow]):
    """The window of recordings."""

    @property
    def recordings(self) -> RecordingsListPage:
        return RecordingsListPage(self.child("_list", RecordingsList))

    @property
    def retention(self) -> RetentionPage:
        return RetentionPage(self.child("_retention_popover", RetentionPopover))

    @property
    def names(self) -> list[str]:
        """The names of the listed recordings."""
        return [info.name for info in self.recordings.infos]

    @property
    def selected_path(self) -> Path | None:
        selected = self.recordings.selected
        return None if selected is None else selected.path

    @property
    def message(self) -> str:
        """What is shown in place of a list, or ""."""
        pages = descendants(self.widget, Adw.StatusPage)
        return next((one.get_title() for one in pages if one.get_mapped()), "")

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is still being done."""
        return self.widget._tasks.are_running

    async def reload(self) -> None:
        """Look at the folder again, and wait for the result."""
        self.widget.reload()
        await eventually(lambda: not self.widget.is_loading)

    def act(self, action: str, place: int = 1) -> None:
        """Do something with the recording at this place."""
        self.recordings.select(place)
        assert self.can(f"recording.{action}")
        self.do(f"recording.{action}")

    # Searching

    @property
    def search_entry(self) -> Gtk.SearchEntry:
        return self.child("_search_entry", Gtk.SearchEntry)

    @property
    def is_searching(self) -> bool:
        """Whether the search entry is open."""
        return self.child("_search_bar", Gtk.SearchBar).get_search_mode()

    @property
    def can_search(self) -> bool:
        return self.child("_search_button", Gtk.ToggleButton).get_sensitive()

    def search(self, text: str) -> None:
        """Open the search and type a text."""
        self.do("recordings.search")
        self.search_entry.set_text(text)

    # Deleting

    def says_deleted(self, name: str) -> bool:
        """Return whether a toast says that this recording was deleted."""
        return f"“{name}” deleted" in self.words

    async def undo_button(self) -> Gtk.Button:
        """Wait for the toast of a deleted recording; return its button."""
        await eventually(lambda: self.offers("Undo"))
        return self.button("Undo")

    def close_toast(self) -> None:
        """Click the toast's button that closes it."""
        toasts = self.child("_toast_overlay", Adw.ToastOverlay)
        every = descendants(toasts, Gtk.Button)
        click(next(one for one in every if one.get_icon_name() == CLOSE_ICON and one.get_mapped()))


@contextlib.asynccontextmanager
async def opened_recordings(settings: SettingsService) -> AsyncIterator[RecordingsPage]:
    """The window of recordings, with its list loaded."""
    async with presented(RecordingsWindow(settings)) as window:
        page = RecordingsPage(window)
        await eventually(lambda: not window.is_loading)
        yield page
    await eventually(lambda: not page.is_busy)


async def shown_recordings() -> RecordingsPage:
    """Wait for the window of recordings that the program opens."""

    def windows() -> list[RecordingsWindow]:
        every = Gtk.Window.list_toplevels()
        return [one for one in every if isinstance(one, RecordingsWindow) and one.get_mapped()]

    await eventually(lambda: windows() and not windows()[0].is_loading)
    return RecordingsPage(windows()[0])
