"""The filter bar, its examples, and the dialog to go to an entry, as a person uses them."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.search.filter_bar import FilterBar
from spacebeam.ui.search.filter_entry import FilterEntry
from spacebeam.ui.search.filter_help import FilterHelp
from spacebeam.ui.search.filter_menu import FilterMenu
from spacebeam.ui.search.filter_row import FilterRow
from spacebeam.ui.search.hidden_button import HiddenButton
from spacebeam.ui.search.hidden_row import HiddenRow
from spacebeam.ui.search.jump_dialog import JumpDialog
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, click, descendants, key
from tests.ui.pageobjects.page import Page, focus_of

BUBBLE = Gtk.PropagationPhase.BUBBLE


class FilterPage(Page[FilterBar]):
    """The filter bar above the timeline."""

    @property
    def entry(self) -> FilterEntry:
        return self.child("_entry", FilterEntry)

    def type_filter(self, text: str) -> None:
        """Replace the text."""
        self.entry.replace(text)

    @property
    def text(self) -> str:
        return self.widget.text

    @property
    def selected_text(self) -> str:
        bounds = self.entry.get_selection_bounds()
        return self.entry.get_text()[slice(*bounds)] if bounds else ""

    @property
    def has_cursor(self) -> bool:
        """Whether typed text goes into the entry."""
        focus = focus_of(self.widget)
        return isinstance(focus, Gtk.Text) and focus.get_parent() is self.entry

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key in the bar; return whether the bar, or the page around it, used it."""
        page = self.widget.get_ancestor(ConversationPage)
        if not self.has_focus:
            self.entry.grab_focus_without_selecting()  # keys go there
        return key(self.widget, pressed, state, BUBBLE) or (
            page is not None and key(page, pressed, state, BUBBLE)
        )

    def press_key_in_entry(self, pressed: int) -> bool:
        return key(self.entry, pressed, phase=BUBBLE)

    @property
    def menu(self) -> FilterMenuPage:
        return FilterMenuPage(self.widget.menu)

    async def open_menu(self) -> FilterMenuPage:
        """Open the menu of saved filters."""
        self.child("_menu_button", Gtk.MenuButton).popup()
        await eventually(self.menu.widget.get_mapped)
        return self.menu

    async def open_help(self) -> None:
        """Open the list behind the question mark."""
        button = self.child("_help_button", Gtk.MenuButton)
        button.popup()
        popover = button.get_popover()
        assert popover is not None
        await eventually(popover.get_mapped)

    def choose_example(self, term: str) -> None:
        """Click an example in the list behind the question mark."""
        button = self.child("_help_button", Gtk.MenuButton)
        popover = button.get_popover()
        assert isinstance(popover, FilterHelp)
        popover.emit("example-chosen", term)

    # The count and the progress of a search

    @property
    def count_label(self) -> Gtk.Label:
        return self.child("_count_label", Gtk.Label)

    @property
    def count(self) -> str:
        """How many entries match, in words."""
        return self.count_label.get_text()

    @property
    def progress(self) -> float:
        """How much of the recording has been searched, from 0 to 1; 0 without a long search."""
        return self.entry.get_progress_fraction()

    @property
    def stop_button(self) -> Gtk.Button:
        return self.child("_stop_button", Gtk.Button)

    @property
    def can_stop(self) -> bool:
        return self.stop_button.get_visible()

    @property
    def can_continue(self) -> bool:
        return self.child("_resume_button", Gtk.Button).get_visible()

    @property
    def explains_no_matches(self) -> bool:
        return self.child("_no_matches_label", Gtk.Label).get_visible()

    @property
    def is_waiting(self) -> bool:
        """Whether the progress will be shown if the search goes on."""
        return bool(self.widget._timer)


class HiddenPage(Page[HiddenButton]):
    """The button that says how many entries are hidden, and its list."""

    @property
    def text(self) -> str:
        """What the button says, or "" while it is not shown."""
        return self.child("_label", Gtk.Label).get_text() if self.is_shown else ""

    @property
    def popover(self) -> Gtk.Popover:
        popover = self.child("_button", Gtk.MenuButton).get_popover()
        assert isinstance(popover, Gtk.Popover)
        return popover

    @property
    def rows(self) -> dict[str, HiddenRow]:
        """The rows of the list by their filters."""
        return {row.text: row for row in descendants(self.popover, HiddenRow)}

    @property
    def filters(self) -> dict[str, bool]:
        """The filters in the list, and whether they are switched on."""
        return {text: self._switch(text).get_active() for text in self.rows}

    def switch(self, text: str) -> None:
        """Click the switch of a filter."""
        switch = self._switch(text)
        switch.set_active(not switch.get_active())

    def remove(self, text: str) -> None:
        """Click the button that removes a filter."""
        click(next(descendants(self.rows[text], Gtk.Button)))

    @property
    def all_button(self) -> Gtk.Button:
        return next(
            one
            for one in descendants(self.popover, Gtk.Button)
            if one.get_label() in ("Show All", "Hide Again")
        )

    def _switch(self, text: str) -> Gtk.Switch:
        return next(descendants(self.rows[text], Gtk.Switch))


class FilterMenuPage(Page[FilterMenu]):
    """The menu of saved and recent filters."""

    @property
    def rows(self) -> list[FilterRow]:
        return list(descendants(self.widget, FilterRow))

    @property
    def saved(self) -> dict[str, str]:
        """The saved filters in the list, by name."""
        return {row.name: row.text for row in self.rows if row.name}

    @property
    def recent(self) -> list[str]:
        """The filters that were used last, in the list."""
        return [row.text for row in self.rows if not row.name]

    def row(self, name: str) -> FilterRow:
        return next(row for row in self.rows if name in (row.name, row.text))

    def choose(self, name: str) -> None:
        """Click a filter in the list."""
        self.child("_list_box", Gtk.ListBox).emit("row-activated", self.row(name))

    def type_name(self, name: str) -> None:
        self.child("_name_entry", Gtk.Entry).set_text(name)

    def give_name(self, name: str) -> None:
        """Type a name and press the button beside it."""
        self.type_name(name)
        click(self.done_button)

    @property
    def done_button(self) -> Gtk.Button:
        return self.child("_done_button", Gtk.Button)

    @property
    def name(self) -> str:
        """The name in the entry."""
        return self.child("_name_entry", Gtk.Entry).get_text()


class FilterHelpPage(Page[FilterHelp]):
    """The examples of filters."""

    def click_example(self, position: int) -> None:
        rows = self.child("_list_box", Gtk.ListBox)
        row = rows.get_row_at_index(position)
        assert row is not None
        rows.emit("row-activated", row)


class JumpPage(Page[JumpDialog]):
    """The dialog to go to an entry."""

    @property
    def entry(self) -> Gtk.Entry:
        return self.child("_entry", Gtk.Entry)

    def type_place(self, text: str) -> None:
        self.entry.set_text(text)

    def press_enter(self) -> None:
        self.entry.emit("activate")

    @property
    def has_error(self) -> bool:
        return self.child("_hint_label", Gtk.Label).has_css_class("error")
