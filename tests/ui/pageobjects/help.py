"""The window of the help as a person uses it."""

from __future__ import annotations

from gi.repository import Adw, Gdk, Gtk

from spacebeam.ui.help.help_view import HelpView
from spacebeam.ui.help.help_window import HelpWindow
from spacebeam.ui.help.topic_row import TopicRow
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, descendants, key, text
from tests.ui.pageobjects.page import Page


class HelpWindowPage(Page[HelpWindow]):
    """The help: its topics, the page that is shown, its links, and the search."""

    @property
    def view(self) -> HelpView:
        view = self.child("_stack", Gtk.Stack).get_visible_child()
        assert view is not None
        return next(descendants(view, HelpView))

    @property
    def rows(self) -> list[TopicRow]:
        return list(descendants(self.child("_topics_list_box", Gtk.ListBox), TopicRow))

    @property
    def topics(self) -> list[str]:
        return [row.topic for row in self.rows]

    @property
    def selected(self) -> str:
        """The selected topic."""
        row = self.child("_topics_list_box", Gtk.ListBox).get_selected_row()
        assert isinstance(row, TopicRow)
        return row.topic

    def choose(self, topic: str) -> None:
        """Click a topic."""
        (row,) = (one for one in self.rows if one.topic == topic)
        self.child("_topics_list_box", Gtk.ListBox).emit("row-activated", row)

    @property
    def text(self) -> str:
        """The page's text."""
        return text(self.view.get_buffer())

    @property
    def title(self) -> str:
        return self.widget.get_title() or ""

    @property
    def topics_are_shown(self) -> bool:
        return bool(self.child("_flap", Adw.Flap).get_reveal_flap())

    @property
    def is_folded(self) -> bool:
        return bool(self.child("_flap", Adw.Flap).get_folded())

    # Links

    @property
    def selection(self) -> str:
        """The selected text."""
        buffer = self.view.get_buffer()
        bounds = buffer.get_selection_bounds()
        return buffer.get_text(*bounds, include_hidden_chars=True) if bounds else ""

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key on the page; return whether the page used it."""
        return key(self.view, pressed, state)

    def tab_to(self, link: str) -> None:
        """Press Tab until this link is selected."""
        while self.selection != link:
            assert self.press_key(Gdk.KEY_Tab), f"there is no link {link}"

    def follow(self, link: str) -> None:
        """Select a link by Tab, and press Enter."""
        self.tab_to(link)
        assert self.press_key(Gdk.KEY_Return)

    def point(self, words: str) -> tuple[float, float]:
        """Return the middle of these words in the view."""
        start = self.view.get_buffer().get_iter_at_offset(self.text.index(words))
        place = self.view.get_iter_location(start)
        x, y = self.view.buffer_to_window_coords(
            Gtk.TextWindowType.WIDGET, place.x + place.width // 2, place.y + place.height // 2
        )
        return float(x), float(y)

    def click(self, words: str) -> None:
        """Click on these words."""
        every = self.view.observe_controllers()
        clicks = [one for one in every if isinstance(one, Gtk.GestureClick)]
        for one in clicks:
            if one.get_propagation_phase() == Gtk.PropagationPhase.BUBBLE:
                one.emit("released", 1, *self.point(words))

    async def is_at(self, heading: str) -> None:
        """Wait until this heading is at the top edge."""
        await eventually(lambda: 0 <= self.point(heading)[1] < 60)

    # Searching

    @property
    def search_entry(self) -> Gtk.SearchEntry:
        return self.child("_search_entry", Gtk.SearchEntry)

    @property
    def is_searching(self) -> bool:
        return self.child("_search_bar", Gtk.SearchBar).get_search_mode()

    def search(self, words: str) -> None:
        """Open the search and type these words."""
        self.do("help.find")
        self.search_entry.set_text(words)

    @property
    def match_words(self) -> str:
        return self.child("_match_label", Gtk.Label).get_text()

    def counts(self) -> dict[str, str]:
        """Return the counts of matches that are shown beside the topics."""
        badges = {row.topic: list(descendants(row, Gtk.Label))[-1] for row in self.rows}
        return {topic: one.get_text() for topic, one in badges.items() if one.get_mapped()}


def help_window(program: Gtk.Application) -> HelpWindowPage | None:
    """Return the window of the help, if it is open."""
    found = (one for one in program.get_windows() if isinstance(one, HelpWindow))
    return next((HelpWindowPage(one) for one in found), None)


async def opened_help(program: Gtk.Application) -> HelpWindowPage:
    """Wait for the window of the help."""
    await eventually(lambda: (page := help_window(program)) is not None and page.is_shown)
    found = help_window(program)
    assert found is not None
    return found
