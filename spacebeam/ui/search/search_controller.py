"""What a tab's recording is searched with: the filter bar, jumps, the rate graph and marks.

Made by the tab and told of nothing else; it observes the session.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from math import floor

from gi.repository import Gio, GLib, Gtk

from spacebeam.recording.entry import Mark
from spacebeam.search.edits import hide_like, with_term
from spacebeam.search.filter import Filter, TimeRange
from spacebeam.search.parser import parse
from spacebeam.ui.actions import add, add_switch, enable, turn
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.rates.rate_graph import RateGraph
from spacebeam.ui.remembered_dialog import show_over
from spacebeam.ui.search.filter_bar import FilterBar
from spacebeam.ui.search.jump import JumpTo
from spacebeam.ui.search.jump_dialog import JumpDialog
from spacebeam.ui.session_adapter import SessionAdapter

_RATES_TICK = 250  # milliseconds
_OF_ONE = ("star", "hide-like", "copy")  # what is done to the selected entry
_LONGEST_NOTE = 10_000  # characters


class SearchController:
    """Finds entries of one tab's recording and says what the person thinks of them."""

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        page: ConversationPage,
        actions: Gio.SimpleActionGroup,
    ) -> None:
        """`actions` are the tab's; what can be done here is added to them."""
        self._tab = tab
        self._session = session
        self._page = page
        self._filter: Filter | None = None
        self._rates_timer = 0
        self._jump_dialog: JumpDialog | None = None
        self._actions = actions
        self._add_actions()
        bar, graph = page.filter_bar, page.rate_graph
        self._handlers = [
            (bar, bar.connect("filter-changed", self._on_filter_changed)),
            (bar, bar.connect("next-match", lambda _bar: self._step(1))),
            (bar, bar.connect("previous-match", lambda _bar: self._step(-1))),
            (bar, bar.connect("search-stopped", self._on_search_stopped, True)),
            (bar, bar.connect("search-resumed", self._on_search_stopped, False)),
            (bar, bar.connect("was-shut", self._on_bar_was_shut)),
            (graph, graph.connect("range-chosen", self._on_range_chosen)),
            (graph, graph.connect("range-cleared", lambda _graph: self._without_times())),
            (page.timeline, page.timeline.connect("shown", self._on_timeline_shown)),
            (page.timeline, page.timeline.connect("entry-selected", self._on_entry_selected)),
            (page, page.connect("star-toggled", self._on_star_toggled)),
            (page, page.connect("note-changed", self._on_note_changed)),
            (page.inspector, page.inspector.connect("matches-ended", self._on_matches_ended)),
        ]
        self._on_entry_selected(page.timeline, page.timeline.selected)

    def leave(self) -> None:
        """Let go of everything."""
        for widget, handler in self._handlers:
            widget.disconnect(handler)
        if self._rates_timer:
            GLib.source_remove(self._rates_timer)
        if self._jump_dialog is not None:
            self._jump_dialog.destroy()

    def _add_actions(self) -> None:
        reactions: dict[str, Callable[[], object]] = {
            "find": self.open,
            "next-match": partial(self._step, 1),
            "previous-match": partial(self._step, -1),
            "first": lambda: self._page.timeline.go_to(0),
            "go-to": self._present_jump,
            "hide-like": self._hide_like,
            "star": self._toggle_star,
        }
        add(self._actions, reactions)
        for name, show in (("filter-bar", self._show_bar), ("rates", self._show_rates)):
            add_switch(self._actions, name, partial(self._on_switch_change_state, show))

    def _on_switch_change_state(
        self, show: Callable[[bool], None], action: Gio.SimpleAction, is_on: GLib.Variant
    ) -> None:
        action.set_state(is_on)
        show(is_on.get_boolean())

    def _on_entry_selected(self, _timeline: Gtk.Widget, number: int) -> None:
        for name in _OF_ONE:
            enable(self._actions, name, number >= 0)

    # The filter

    def _show_bar(self, is_open: bool) -> None:
        if is_open:
            self._page.filter_bar.open()
        else:
            self._page.filter_bar.shut()

    def open(self) -> None:
        """Let the person write a filter."""
        turn(self._actions, "filter-bar", True)
        self._page.filter_bar.open()

    def _on_filter_changed(self, _bar: FilterBar, text: str) -> None:
        self._filter = parse(text) if text.strip() else None
        self._page.timeline.show_filtered(self._filter)
        self._page.inspector.show_highlights(self._filter)
        asked = () if self._filter is None else self._filter.conditions
        if not any(isinstance(one, TimeRange) for one in asked):
            self._page.rate_graph.clear_range()

    def _on_bar_was_shut(self, _bar: FilterBar) -> None:
        turn(self._actions, "filter-bar", False)
        if self._page.timeline.selected >= 0:
            self._page.timeline.take_cursor()
        else:
            self._page.composer.focus()

    def _on_search_stopped(self, _bar: FilterBar, is_stopped: bool) -> None:
        self._page.timeline.stop_looking(is_stopped=is_stopped)

    def _write(self, text: str) -> None:
        """Write a filter, and leave the cursor where it is."""
        turn(self._actions, "filter-bar", True)
        self._page.filter_bar.show_text(text)

    def _on_timeline_shown(self, timeline: Gtk.Widget) -> None:
        bar = self._page.filter_bar
        if self._filter is None or not bar.is_open:
            return
        counts, recording = self._page.timeline.counts, self._session.recording
        every = len(recording) - max(recording.first_number, self._session.shown_from)
        if not self._filter.terms:  # nothing but mistakes, which let everything through
            every = 0
        bar.show_count(counts.passing, every, counts.looked_at, counts.is_all_looked_at)
        if counts.is_all_looked_at and not counts.passing and not self._filter.errors:
            bar.show_nothing_found(bar.text)

    def _step(self, step: int) -> None:
        """To the next match or the one before: in the message first, then in the list."""
        inspector = self._page.inspector
        if inspector.get_visible() and self._filter is not None:
            has_more = inspector.next_match() if step > 0 else inspector.previous_match()
            if has_more:
                return
        self._step_on(step)

    def _step_on(self, step: int) -> None:
        """To the next entry, and the first match that is seen in it."""
        inspector, timeline = self._page.inspector, self._page.timeline
        before = timeline.selected
        timeline.step(step)
        if timeline.selected != before and inspector.get_visible():
            inspector.enter(step)

    def _on_matches_ended(self, _inspector: Gtk.Widget, step: int) -> None:
        self._step_on(step)

    def _hide_like(self) -> None:
        entry = self._page.selected_entry()
        if entry is not None:
            self._write(with_term(self._page.filter_bar.text, hide_like(entry)))
            self._page.timeline.go_to(entry.number)  # to the next that is not like it

    # Time

    def _show_rates(self, is_shown: bool) -> None:
        self._page.rate_graph.set_visible(is_shown)
        if is_shown and not self._rates_timer:
            self._on_rates_tick()
            self._rates_timer = GLib.timeout_add(_RATES_TICK, self._on_rates_tick)
        elif not is_shown and self._rates_timer:
            GLib.source_remove(self._rates_timer)
            self._rates_timer = 0

    def _on_rates_tick(self) -> bool:
        recording = self._session.recording
        # Where nothing more comes, time stands still, behind the last second.
        is_over = "ended" in recording.facts
        now = recording.ended + 1 if is_over else time.time()
        self._page.rate_graph.show_rates(recording.rates, now, is_over=is_over)
        return GLib.SOURCE_CONTINUE

    def _on_range_chosen(self, _graph: RateGraph, began: float, ended: float) -> None:
        self._page.timeline.look_at(self._session.recording.number_at(began))
        text = self._timeless()
        text = with_term(text, f"after:{_moment(began)}")
        self._write(with_term(text, f"before:{_moment(ended)}"))

    def _without_times(self) -> None:
        if self._page.filter_bar.is_open:
            self._page.filter_bar.show_text(self._timeless())

    def _timeless(self) -> str:
        """What is written in the bar, without the terms about time."""
        text = self._page.filter_bar.text
        for term in reversed(parse(text).terms):
            if isinstance(term.condition, TimeRange):
                text = text[: term.start] + text[term.end :]
        return " ".join(text.split())

    def _present_jump(self) -> None:
        if self._jump_dialog is None:
            self._jump_dialog = JumpDialog()
            self._jump_dialog.connect("jump-requested", self._on_jump_requested)
        recording = self._session.recording
        self._jump_dialog.show_recording(recording.began, recording.ended, len(recording))
        show_over(self._jump_dialog, self._tab)

    def _on_jump_requested(self, _dialog: JumpDialog, to: JumpTo) -> None:
        number = to.number
        if to.is_last:
            self._page.timeline.follow()
        elif to.time is not None:
            number = self._session.recording.number_at(to.time)
        if number is not None:
            if number < self._session.shown_from:
                self._session.show_cleared()
            self._page.timeline.go_to(number)

    # Marks

    def _toggle_star(self) -> None:
        number = self._page.timeline.selected
        if number >= 0:
            self._star(number, is_starred=number not in self._session.recording.stars)

    def _star(self, number: int, *, is_starred: bool) -> None:
        recording = self._session.recording
        recording.star(number, is_starred=is_starred)
        self._page.show_mark(recording.marks.get(number))
        self._page.timeline.look_again()

    def _on_star_toggled(self, page: ConversationPage, is_starred: bool) -> None:
        if page.timeline.selected >= 0:
            self._star(page.timeline.selected, is_starred=is_starred)

    def _on_note_changed(self, page: ConversationPage, note: str) -> None:
        number, recording = page.timeline.selected, self._session.recording
        if number >= 0:
            is_starred = number in recording.stars
            recording.set_mark(number, Mark(is_starred, note[:_LONGEST_NOTE]))
            page.timeline.show_marks()


def _moment(when: float) -> str:
    """A Unix time as a filter has it: local, with its day, but in the hour that comes twice."""
    moment = datetime.fromtimestamp(when)
    written = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.replace(fold=1 - moment.fold).timestamp() != moment.timestamp():
        return f"@{floor(when)}"
    return written
