"""Shows a tab's questions and answers: on the rows, in the inspector, in the filter, as calls."""

from __future__ import annotations

import time

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.recording.measured import Measured
from spacebeam.search.edits import pair_term, with_term
from spacebeam.search.filter import Pair, Quality
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compat import set_parent
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.pairs.calls_window import CallsWindow
from spacebeam.ui.pairs.pair_reader import PairReader
from spacebeam.ui.search.search_controller import SearchController
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.timeline.pair_note import OVERDUE_S

_SEARCH_INTERVAL_S = 1.0  # between two searches for what is unanswered by now
_MARK_INTERVAL_MS = 1000


@weak_handlers
class PairController:
    """Reads the recording's pairs; adds `calls`, `filter-pair` and `pin-latency` to the actions."""

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        page: ConversationPage,
        search: SearchController,
        actions: Gio.SimpleActionGroup,
    ) -> None:
        self._tab = tab
        self._session = session
        self._page = page
        self._search = search
        self._actions = actions
        self._reader = PairReader()
        self._window: CallsWindow | None = None
        self._answered = 0  # questions, when `is:unanswered` was searched for
        self._searched_at = 0.0  # by the monotonic clock
        self._timer = 0
        page.timeline.wanted.pairs = page.chat.chat_list.pairs = self._reader.index
        page.filter_bar.propose_pairs(weakly(self._names))
        of_one = {"filter-pair": self._filter_pair, "pin-latency": self._pin_latency}
        add(actions, {"calls": self._present_calls, **of_one})
        for name in of_one:
            enable(actions, name, False)
        timeline = page.timeline
        self._handlers: list[tuple[GObject.Object, int]] = [
            (session, session.connect("grown", self._on_session_grown)),
            (self._reader, self._reader.connect("read", self._on_reader_read)),
            (timeline, timeline.connect("entry-selected", self._on_timeline_entry_selected)),
        ]

    def close(self) -> None:
        """Stop reading, disconnect all signals and destroy the window."""
        for widget, handler in self._handlers:
            widget.disconnect(handler)
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        if self._window is not None:
            self._window.destroy()
            self._window = None
        self._page.timeline.rows.show_pairs(None)
        self._reader.close()

    @property
    def _index(self) -> PairIndex:
        return self._reader.index(self._session.recording)

    def _names(self) -> list[str]:
        return self._index.known_names

    # The window of calls

    def _present_calls(self) -> None:
        if self._window is None:
            self._window = CallsWindow(self._reader)
            self._window.connect("call-chosen", self._on_window_call_chosen)
            self._window.connect("close-request", self._on_window_close_request)
        root = self._tab.get_root()
        if isinstance(root, Gtk.Window):
            set_parent(self._window, root)
        self._window.show_recording(self._session.recording)
        self._window.present()

    def _on_window_call_chosen(self, _window: CallsWindow, name: str, number: int) -> None:
        """Show the calls of a name alone, and select the slowest answer."""
        if self._page.is_chat:
            self._tab.activate_action("tab.chat", None)
        term = pair_term(name)
        if term:
            self._search.show_filter(with_term(_without_pairs(self._page.filter_bar.text), term))
        if number >= 0:
            if number < self._session.shown_from:
                self._session.show_cleared()
            self._page.timeline.go_to(number)

    def _on_window_close_request(self, _window: Adw.Window) -> bool:
        self._window = None
        return False

    # One call

    def _filter_pair(self) -> None:
        found = self._index.counterpart(number := self._page.timeline.selected)
        if found is not None:
            question = number if found.is_answer else found.number
            self._search.show_filter(f"pair:#{question + 1}")

    def _pin_latency(self) -> None:
        """Chart the latency of all answers to questions like the selected one."""
        found = self._index.counterpart(self._page.timeline.selected)
        if found is not None:
            path = GLib.Variant.new_string(f"{Measured.LATENCY}{found.name}")
            self._tab.activate_action("tab.pin-value", path)

    def _enable(self) -> None:
        found = self._index.counterpart(self._page.timeline.selected)
        for name in ("filter-pair", "pin-latency"):
            enable(self._actions, name, found is not None)

    def _on_timeline_entry_selected(self, _timeline: Gtk.Widget, _number: int) -> None:
        self._enable()

    # What was read

    def _on_session_grown(self, session: SessionAdapter) -> None:
        recording = session.recording
        self._page.timeline.rows.show_pairs(self._index)
        self._reader.read_on(recording)
        if self._window is not None:
            self._window.show_recording(recording)

    def _on_reader_read(self, _reader: PairReader) -> None:
        index = self._index
        self._page.timeline.rows.show_pairs(index)
        row = self._page.inspector.counterpart_row
        row.pairs = index
        row.update()
        self._enable()
        self._mark_later(index)
        if index.is_current:
            self._search_again(index)

    def _search_again(self, index: PairIndex) -> None:
        """Search again for what is unanswered, if questions were answered since."""
        now = time.monotonic()
        if index.answered == self._answered:
            return
        if now - self._searched_at < _SEARCH_INTERVAL_S:
            self._mark_later(index, is_certain=True)
            return
        self._answered, self._searched_at = index.answered, now
        for view in (self._page.timeline, self._page.chat.chat_list):
            view.search_again(Quality.UNANSWERED)

    def _mark_later(self, index: PairIndex, *, is_certain: bool = False) -> None:
        """Look again in a second, if a question may have no answer for too long by then."""
        is_young = time.time() - index.newest_question < OVERDUE_S + 1
        if not self._timer and ((is_young and index.unanswered) or is_certain):
            self._timer = GLib.timeout_add(_MARK_INTERVAL_MS, self._on_timer)

    def _on_timer(self) -> bool:
        self._timer = 0
        index = self._index
        self._page.timeline.rows.show_pairs(index)
        self._mark_later(index)
        if index.is_current:
            self._search_again(index)
        return GLib.SOURCE_REMOVE


def _without_pairs(text: str) -> str:
    """Return a filter without its terms about a pair's name."""
    for term in reversed(parse(text).terms):
        if isinstance(term.condition, Pair):
            text = text[: term.start] + text[term.end :]
    return " ".join(text.split())
