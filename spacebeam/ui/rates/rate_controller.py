"""Feeds a tab's rate graph, and turns a time span selected in it into a filter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import floor

from gi.repository import GLib

from spacebeam.search.edits import with_term
from spacebeam.search.filter import TimeRange
from spacebeam.search.parser import parse
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.rates.rate_graph import RateGraph
from spacebeam.ui.session_adapter import SessionAdapter

_UPDATE_INTERVAL_MS = 250


@weak_handlers
class RateController:
    """Updates the rate graph while it is shown; calls `set_filter` with an edited filter."""

    def __init__(
        self, session: SessionAdapter, page: ConversationPage, set_filter: Callable[[str], object]
    ) -> None:
        self._session = session
        self._page = page
        self._set_filter = set_filter
        self._timer = 0
        graph = page.rate_graph
        self._handlers = [
            graph.connect("range-chosen", self._on_range_chosen),
            graph.connect("range-cleared", self._on_range_cleared),
        ]

    def close(self) -> None:
        """Stop the updates and disconnect all signals."""
        for handler in self._handlers:
            self._page.rate_graph.disconnect(handler)
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def show(self, is_shown: bool) -> None:
        """Show or hide the graph."""
        self._page.rate_graph.set_visible(is_shown)
        if is_shown and not self._timer:
            self._on_timer()
            self._timer = GLib.timeout_add(_UPDATE_INTERVAL_MS, self._on_timer)
        elif not is_shown and self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _on_timer(self) -> bool:
        recording = self._session.recording
        # A recording that has ended is shown up to its last second.
        is_over = "ended" in recording.facts
        now = recording.ended + 1 if is_over else self._session.session.clock.now()
        self._page.rate_graph.show_rates(recording.rates, now, is_over=is_over)
        return GLib.SOURCE_CONTINUE

    def _on_range_chosen(self, _graph: RateGraph, began: float, ended: float) -> None:
        self._page.timeline.scroll_to(self._session.recording.number_at(began))
        self._set_filter(with_times(self._page.filter_bar.text, began, ended))

    def _on_range_cleared(self, _graph: RateGraph) -> None:
        bar = self._page.filter_bar
        if bar.is_open:
            bar.show_text(without_times(bar.text))


def with_times(text: str, began: float, ended: float) -> str:
    """Return a filter with a time span, Unix times in seconds, in place of its terms about time."""
    text = with_term(without_times(text), f"after:{filter_time(began)}")
    return with_term(text, f"before:{filter_time(ended)}")


def without_times(text: str) -> str:
    """Return a filter without its terms about time."""
    for term in reversed(parse(text).terms):
        if isinstance(term.condition, TimeRange):
            text = text[: term.start] + text[term.end :]
    return " ".join(text.split())


def filter_time(when: float) -> str:
    """Return a Unix time as a filter writes it: a local date and time.

    A time in the hour that occurs twice when clocks go back is written as “@” and Unix seconds.
    """
    moment = datetime.fromtimestamp(when)
    if moment.replace(fold=1 - moment.fold).timestamp() != moment.timestamp():
        return f"@{floor(when)}"
    return moment.strftime("%Y-%m-%dT%H:%M:%S")
