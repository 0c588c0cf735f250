"""The window of a replay as a person uses it."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.ui.replay.replay_window import ReplayWindow
from spacebeam.ui.replay.server_window import ServerWindow
from spacebeam.ui.replay.turn_row import TurnRow
from tests.support.waiting import eventually
from tests.ui.doing import descendants, words
from tests.ui.pageobjects.page import Page


class ReplayPage(Page[ReplayWindow]):
    """What is played, how, and how the answers compare."""

    def fill(self, name: str, text: str) -> None:
        """Type into a field, by its title."""
        rows = descendants(self.widget, Adw.EntryRow)
        next(one for one in rows if (one.get_title() or "").startswith(name)).set_text(text)

    @property
    def address(self) -> str:
        return self.child("_address_row", Adw.EntryRow).get_text()

    @property
    def target(self) -> str:
        """What the address is said to be."""
        return self.child("_address_row", Adw.EntryRow).get_title()

    async def type_address(self, typed: str) -> None:
        """Click into the field of the address, and type another one."""
        row = self.child("_address_row", Adw.EntryRow)
        text = row.get_delegate()
        assert isinstance(text, Gtk.Text)
        text.grab_focus_without_selecting()
        await eventually(text.has_focus)  # once the window is active
        row.set_text(typed)

    @property
    def proposed(self) -> list[str]:
        """The names that are proposed for the address."""
        row = self.child("_address_row", Adw.EntryRow)
        every = (one for one in descendants(row, Gtk.Popover) if one.get_visible())
        shown = (one for one in every if one.has_css_class("completion"))
        rows = (row for one in shown for row in descendants(one, Gtk.ListBoxRow))
        return [words(one)[0] for one in rows]

    def choose_proposed(self, name: str) -> None:
        """Click a proposal."""
        row = self.child("_address_row", Adw.EntryRow)
        rows = list(descendants(row, Gtk.ListBoxRow))
        next(one for one in rows if words(one)[:1] == [name]).activate()

    def choose_pace(self, words_: str) -> None:
        row = self.child("_pace_row", Adw.ComboRow)
        model = row.get_model()
        assert isinstance(model, Gtk.StringList)
        names = [model.get_string(at) or "" for at in range(model.get_n_items())]
        row.set_selected(next(at for at, one in enumerate(names) if words_ in one))

    @property
    def rows(self) -> list[str]:
        """What the rows say."""
        found = [one for one in descendants(self.widget, TurnRow) if one.get_mapped()]
        return [" ".join(words(one)) for one in found]

    def counted_rows(self) -> list[int]:
        """Return a list that gets the number of rows added at once, each time some are."""
        added: list[int] = []
        model = self.child("_list_view", Gtk.ListView).get_model()
        assert model is not None
        model.connect("items-changed", lambda _model, _at, _removed, count: added.append(count))
        return added

    def choose_row(self, place: int) -> None:
        """Click a row."""
        model = self.child("_list_view", Gtk.ListView).get_model()
        assert isinstance(model, Gtk.SingleSelection)
        model.set_selected(place)

    @property
    def status(self) -> str:
        return self.child("_status_label", Gtk.Label).get_text()

    @property
    def error(self) -> str:
        label = self.child("_error_label", Gtk.Label)
        return label.get_text() if label.get_visible() else ""

    @property
    def is_playing(self) -> bool:
        return self.child("_stop_button", Gtk.Button).get_visible()

    async def play(self) -> None:
        """Play, and wait until that has ended."""
        self.press("_Play")
        await eventually(lambda: self.is_playing)
        await eventually(lambda: not self.is_playing)


async def opened_replay() -> ReplayPage:
    """Wait for the window of a replay."""

    def windows() -> list[ReplayWindow]:
        every = Gtk.Window.list_toplevels()
        return [one for one in every if isinstance(one, ReplayWindow) and one.get_mapped()]

    await eventually(windows)
    return ReplayPage(windows()[0])


class ServerPage(Page[ServerWindow]):
    """The window of a server."""

    @property
    def address(self) -> str:
        return self.child("_address_row", Adw.ActionRow).get_subtitle() or ""

    @property
    def state(self) -> str:
        return self.child("_state_label", Gtk.Label).get_text()

    def type_echo(self, paths: str) -> None:
        self.child("_echo_row", Adw.EntryRow).set_text(paths)

    @property
    def rows(self) -> list[str]:
        """The clients, and the messages that were not answered."""
        rows = descendants(self.widget, Adw.ActionRow)
        return [one.get_title() for one in rows if one.get_mapped()]


async def opened_server() -> ServerPage:
    """Wait for the window of a server."""

    def windows() -> list[ServerWindow]:
        every = Gtk.Window.list_toplevels()
        return [one for one in every if isinstance(one, ServerWindow) and one.get_mapped()]

    await eventually(windows)
    return ServerPage(windows()[0])
