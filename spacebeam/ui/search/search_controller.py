"""Searches a tab's recording: the filter bar, steps from match to match, and jumps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.search.decoding import connection_of, schemas_of
from spacebeam.search.edits import like, with_term
from spacebeam.search.filter import Filter, TimeRange
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.violations import lacks_schema
from spacebeam.ui.actions import add, add_switch, enable
from spacebeam.ui.focus import has_focus
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.rates.rate_controller import RateController
from spacebeam.ui.remembered_dialog import show_over
from spacebeam.ui.search.filter_bar import FilterBar
from spacebeam.ui.search.filter_memory import FilterMemory
from spacebeam.ui.search.hiding import Hiding, can_hide
from spacebeam.ui.search.jump import JumpTo
from spacebeam.ui.search.jump_dialog import JumpDialog
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.timeline.mark_controller import MarkController
from spacebeam.wording.i18n import _


@weak_handlers
class SearchController:
    """Connects a tab's filter bar, rate graph and marks with its timeline and inspector."""

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        page: ConversationPage,
        actions: Gio.SimpleActionGroup,
        settings_service: SettingsService,
        show_toast: Callable[[str], Adw.Toast],
    ) -> None:
        """`actions` is the tab's group; the search actions are added to it."""
        self._tab = tab
        self._session = session
        self._page = page
        self._filter: Filter | None = None
        self._jump_dialog: JumpDialog | None = None
        self._actions = actions
        self._marks = MarkController(session, page, actions)
        self._rates = RateController(session, page, weakly(self.show_filter))
        self._memory = FilterMemory(session, page.filter_bar, settings_service, show_toast)
        self._hiding = Hiding(session, page.hidden_button, settings_service, show_toast)
        self._add_actions()
        self._handlers = self._connect_signals()
        self._on_entry_selected(page.timeline, page.timeline.selected)
        enable(self._actions, "hide-shown", False)
        if self._hiding.filters:
            self._on_hiding_changed(self._hiding)

    def close(self) -> None:
        """Disconnect all signals and destroy the dialog."""
        for widget, handler in self._handlers:
            widget.disconnect(handler)
        self._hiding.close()
        self._memory.close()
        self._rates.close()
        self._marks.close()
        if self._jump_dialog is not None:
            self._jump_dialog.destroy()

    def _add_actions(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "find": self._open_bar,
            "next-match": partial(self._step, 1),
            "previous-match": partial(self._step, -1),
            "first": self._go_to_first,
            "go-to": self._present_jump_dialog,
            "pair": self._page.inspector.counterpart_row.go,
            "hide-like": self._hide_like,
            "filter-like": self._filter_like,
            "hide-shown": self._hide_shown,
            "hide-pings": self._hiding.hide_pings,
            "show-hidden": partial(self._hiding.switch_all, False),
        }
        add(self._actions, handlers)
        add_switch(self._actions, "rates", self._on_rates_change_state)
        try_filter = Gio.SimpleAction.new("try-filter", GLib.VariantType("s"))
        try_filter.connect("activate", self._on_try_filter_activate)
        self._actions.add_action(try_filter)

    def _connect_signals(self) -> list[tuple[GObject.Object, int]]:
        bar, timeline, inspector = self._page.filter_bar, self._page.timeline, self._page.inspector
        chat_list = self._page.chat.chat_list
        return [
            (bar, bar.connect("filter-changed", self._on_filter_changed)),
            (bar, bar.connect("next-match", self._on_bar_step, 1)),
            (bar, bar.connect("previous-match", self._on_bar_step, -1)),
            (bar, bar.connect("search-stopped", self._on_search_stopped, True)),
            (bar, bar.connect("search-resumed", self._on_search_stopped, False)),
            (inspector, inspector.connect("entry-requested", self._on_inspector_entry_requested)),
            (bar, bar.connect("closed", self._on_bar_closed)),
            (timeline, timeline.connect("shown", self._on_timeline_shown)),
            (chat_list, chat_list.connect("shown", self._on_timeline_shown)),
            (timeline, timeline.connect("entry-selected", self._on_entry_selected)),
            (inspector, inspector.connect("matches-ended", self._on_matches_ended)),
            (inspector, inspector.connect("filter-requested", self._on_filter_requested)),
            (self._hiding, self._hiding.connect("changed", self._on_hiding_changed)),
        ]

    # The filter

    @property
    def shown_matcher(self) -> Matcher | None:
        """What the filter shows, and is not hidden; None for everything."""
        if self._filter is None and not self._hiding.filters:
            return None
        recording = self._session.recording
        pairs, connection = self._page.timeline.wanted.pairs(recording), connection_of(recording)
        wanted = self._filter or parse("")
        return Matcher(wanted, hidden=self._hiding.filters, connection=connection, pairs=pairs)

    def _open_bar(self) -> None:
        """Open the filter bar, or in the inspector its own field; there again, the filter bar."""
        inspector = self._page.inspector
        if not (has_focus(inspector) and inspector.find()):
            self._page.filter_bar.open()

    def show_filter(self, text: str) -> None:
        """Show the bar with this filter without moving the focus."""
        self._page.filter_bar.show_text(text)

    def _on_try_filter_activate(self, _action: Gio.SimpleAction, text: GLib.Variant) -> None:
        self._page.filter_bar.replace(text.get_string())

    def _on_filter_requested(self, _inspector: Inspector, term: str) -> None:
        self.show_filter(with_term(self._page.filter_bar.text, term))

    def _hide_like(self) -> None:
        entry = self._page.selected_entry()
        if entry is not None:
            term = like(entry)
            self._hiding.hide((term,), _("Hidden: {term}").format(term=term))
            self._page.timeline.go_to(entry.number)  # or the next entry that is not hidden

    def _filter_like(self) -> None:
        entry = self._page.selected_entry()
        if entry is not None:
            self.show_filter(with_term(self._page.filter_bar.text, like(entry)))

    def _hide_shown(self) -> None:
        """Hide what the filter shows, and clear the filter, which would show nothing."""
        bar = self._page.filter_bar
        if can_hide(text := bar.text.strip()):
            self._hiding.hide((text,), _("Hidden: {text}").format(text=text))
            bar.show_text("")

    def _show_counts(self, filter_: Filter) -> None:
        bar, counts, recording = (
            self._page.filter_bar,
            self._page.counts,
            self._session.recording,
        )
        every = len(recording) - max(recording.first_number, self._session.shown_from)
        every -= counts.hidden
        if not filter_.terms:  # a filter of errors alone matches every entry
            every = 0
        scanned = max(counts.scanned - counts.hidden, 0)
        bar.show_count(counts.passing, every, scanned, counts.is_complete)
        bar.show_unsearched(counts.unsearched)
        if lacks_schema((filter_,), schemas_of(recording)):
            bar.show_no_schema()
        elif counts.is_complete and not counts.passing and not filter_.errors:
            bar.show_no_matches(bar.text)

    # Matches

    def _step(self, step: int) -> None:
        """Go to the next match, or the previous one with -1: in the message, then in the list."""
        inspector = self._page.inspector
        if self._page.is_chat:
            return  # it has the matches alone
        if inspector.get_visible() and (self._filter is not None or inspector.finding.is_on):
            has_more = inspector.next_match() if step > 0 else inspector.previous_match()
            if has_more:
                return
        self._step_entry(step)

    def _step_entry(self, step: int) -> None:
        """Select the next entry, and go to its first match if the inspector is open."""
        inspector, timeline = self._page.inspector, self._page.timeline
        before = timeline.selected
        timeline.step(step)
        if timeline.selected != before and inspector.get_visible():
            inspector.enter(step)

    # Jumps

    def _go_to_first(self) -> None:
        self._page.timeline.go_to(0)

    def _present_jump_dialog(self) -> None:
        if self._jump_dialog is None:
            self._jump_dialog = JumpDialog()
            self._jump_dialog.connect("jump-requested", self._on_jump_requested)
        recording = self._session.recording
        self._jump_dialog.show_recording(recording.began, recording.ended, len(recording))
        show_over(self._jump_dialog, self._tab)

    def _on_jump_requested(self, _dialog: JumpDialog, target: JumpTo) -> None:
        number = target.number
        if target.is_last:
            self._page.timeline.follow()
        elif target.time is not None:
            number = self._session.recording.number_at(target.time)
        if number is not None:
            if number < self._session.shown_from:
                self._session.show_cleared()
            self._page.timeline.go_to(number)

    # Signals

    def _on_rates_change_state(self, action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        action.set_state(is_on)
        self._rates.show(is_on.get_boolean())

    def _on_filter_changed(self, _bar: FilterBar, text: str) -> None:
        self._filter = parse(text) if text.strip() else None
        self._show_filtered()
        enable(self._actions, "hide-shown", can_hide(text))
        self._page.inspector.show_highlights(self._filter)
        conditions = () if self._filter is None else self._filter.conditions
        if not any(isinstance(one, TimeRange) for one in conditions):
            self._page.rate_graph.clear_range()

    def _on_hiding_changed(self, _hiding: Hiding) -> None:
        self._show_filtered()

    def search_again(self) -> None:
        """Filter again, as payloads are read in another way."""
        if self._filter is not None or self._hiding.filters:
            self._show_filtered()

    def _show_filtered(self) -> None:
        for view in (self._page.timeline, self._page.chat.chat_list):
            view.show_filtered(self._filter, self._hiding.filters)

    def _on_bar_step(self, _bar: FilterBar, step: int) -> None:
        self._step(step)

    def _on_bar_closed(self, _bar: FilterBar) -> None:
        if self._page.timeline.selected >= 0:
            self._page.timeline.focus_row()
        else:
            self._page.composer.focus()

    def _on_inspector_entry_requested(self, _inspector: Inspector, number: int) -> None:
        self._page.timeline.go_to(number)

    def _on_search_stopped(self, _bar: FilterBar, is_stopped: bool) -> None:
        self._page.timeline.stop_search(is_stopped=is_stopped)

    def _on_timeline_shown(self, _timeline: Gtk.Widget) -> None:
        self._page.hidden_button.show_count(self._page.counts.hidden)
        if self._filter is not None and self._page.filter_bar.is_open:
            self._show_counts(self._filter)

    def _on_entry_selected(self, _timeline: Gtk.Widget, number: int) -> None:
        for name in ("hide-like", "filter-like"):
            enable(self._actions, name, number >= 0)

    def _on_matches_ended(self, _inspector: Gtk.Widget, step: int) -> None:
        self._step_entry(step)
