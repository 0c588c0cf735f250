"""Pins values of a tab's recording, shows their chart, and filters by a time selected in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.edits import with_term
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.series.reader import SeriesReader
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.rates.bars import TimeWindow, ticks
from spacebeam.ui.rates.rate_controller import with_times, without_times
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.values.chart import Lane, ValueChart, break_words, lane, spark
from spacebeam.ui.values.pins import Pins
from spacebeam.ui.values.saving import save_chart
from spacebeam.ui.values.sparkline import SPARK_COLUMNS
from spacebeam.ui.values.value_feed import ValueFeed
from spacebeam.wording.i18n import _
from spacebeam.wording.series import newest_words

_RECENT_S = 300
_MIN_SPAN_S = 5  # of the time axis
_SLICE_S = 0.003


@weak_handlers
class ValueController:
    """Adds the action `pin-value` to the tab's, with the path; `notify` shows a short message."""

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        page: ConversationPage,
        actions: Gio.SimpleActionGroup,
        settings_service: SettingsService,
        tasks: Tasks,
        set_filter: Callable[[str], object],
        notify: Callable[[str], object],
    ) -> None:
        self._tab = tab
        self._session = session
        self._page = page
        self._pane = pane = page.values
        self._tasks = tasks
        self._set_filter = set_filter
        self._notify = notify
        self._pins = Pins(session, settings_service)
        self._recording: Recording | None = None
        self._feed = ValueFeed(self._draw, self._pairs)
        self._drawing = SlicedTask(_SLICE_S, self._on_drawn)
        self._idle = 0
        self._is_draw_due = False  # again, with what changed while it was being drawn
        pin = Gio.SimpleAction.new("pin-value", GLib.VariantType("s"))
        pin.connect("activate", self._on_pin_activate)
        actions.add_action(pin)
        bar = page.filter_bar
        self._handlers: list[tuple[GObject.Object, int]] = [
            (self._pins, self._pins.connect("changed", self._on_pins_changed)),
            (session, session.connect("grown", self._on_session_grown)),
            (page, page.connect("map", self._on_page_map)),
            (page, page.connect("unmap", self._on_page_unmap)),
            (pane, pane.connect("unpinned", self._on_pane_unpinned)),
            (pane, pane.connect("charted", self._on_pane_charted)),
            (pane, pane.connect("range-chosen", self._on_pane_range_chosen)),
            (pane, pane.connect("range-cleared", self._on_pane_range_cleared)),
            (pane, pane.connect("filter-requested", self._on_pane_filter_requested)),
            (pane, pane.connect("save-requested", self._on_pane_save_requested)),
            (bar, bar.connect("filter-changed", self._on_filter_changed)),
        ]
        self._show_pins()

    def close(self) -> None:
        """Stop reading and disconnect all signals."""
        if self._idle:
            GLib.source_remove(self._idle)
            self._idle = 0
        self._feed.stop()
        self._recording = None
        self._drawing.stop()
        self._pins.close()
        for source, handler in self._handlers:
            source.disconnect(handler)

    # Reading

    def _show_pins(self) -> None:
        self._pane.show_pins(self._pins.paths)
        self._start()

    def _start(self) -> None:
        """Read the pinned values of the recording, while the page is seen."""
        self._drawing.stop()
        recording, paths = self._session.recording, self._pins.paths
        if recording is not self._recording:
            self._pane.clear_range()
            self._pane.show_whole(is_whole=True)
        self._recording = recording
        if not paths:
            self._feed.stop()
        elif self._page.get_mapped():
            self._feed.start(recording, paths)

    def _pairs(self, recording: Recording) -> PairIndex:
        return self._page.timeline.wanted.pairs(recording)

    # Drawing

    def _draw(self) -> None:
        self._is_draw_due = self._drawing.is_busy
        if self._feed.reader is not None and not self._is_draw_due:
            self._drawing.start(self._drawn(self._feed.reader, self._session.recording))

    def _drawn(self, reader: SeriesReader, recording: Recording) -> Iterator[None]:
        """Draw the sparklines, then the chart: one series after another."""
        began, ended = recording.began, max(recording.ended, recording.began + 0.001)
        for series in reader.series:
            newest = series.newest
            text = newest and newest_words(series.path, newest.value, newest.text)
            heights = spark(series.buckets, began, ended, SPARK_COLUMNS)
            self._pane.show_value(series.path, text, heights)
            yield
        charted = self._pane.charted
        if not charted:
            return
        is_whole, view = self._pane.is_whole, self._view(recording)
        width = float(max(self._pane.plot.get_width(), 1))
        lanes: list[Lane] = []
        breaks, breaks_path = "", ""
        for series in reader.series:
            if series.path in charted:
                buckets = series.buckets if is_whole else series.recent
                lanes.append(lane(series, buckets, view, width, self._pane.state_measure))
                yield
                self._pane.plot.prepare(len(lanes) - 1, lanes[-1], width)
                if not breaks and (breaks := break_words(series)):
                    breaks_path = series.path
                yield
        offset = time.localtime(view.ended).tm_gmtoff
        chart = ValueChart(view, width, lanes, ticks(view, width, offset))
        progress = (
            "" if reader.share > 0.999 else _("{share} read").format(share=f"{reader.share:.0%}")
        )
        self._pane.show_chart(chart, breaks_path, breaks, progress)

    def _view(self, recording: Recording) -> TimeWindow:
        is_over = "ended" in recording.facts
        now = recording.ended if is_over else self._session.session.clock.now()
        if self._pane.is_whole:
            began = recording.began
            return TimeWindow(began, max(recording.ended, began + _MIN_SPAN_S))
        return TimeWindow(now - _RECENT_S, now)

    def _on_drawn(self) -> None:
        if self._is_draw_due:
            self._draw()

    # Signals

    def _on_pin_activate(self, _action: Gio.SimpleAction, path: GLib.Variant) -> None:
        if why := self._pins.pin(path.get_string()):
            self._notify(why)
            return
        self._pane.chart(path.get_string())

    def _on_pins_changed(self, _pins: Pins) -> None:
        self._show_pins()

    def _on_session_grown(self, session: SessionAdapter) -> None:
        if session.recording is not self._recording:
            self._start()

    def _on_page_map(self, _page: Gtk.Widget) -> None:
        self._start()

    def _on_page_unmap(self, _page: Gtk.Widget) -> None:
        self._feed.pause()
        self._drawing.stop()

    def _on_pane_unpinned(self, _pane: Gtk.Widget, path: str) -> None:
        self._pins.unpin(path)

    def _on_pane_charted(self, _pane: Gtk.Widget) -> None:
        if not self._idle:  # widgets must not change while they are given their places
            self._idle = GLib.idle_add(self._on_idle)

    def _on_idle(self) -> bool:
        self._idle = 0
        self._draw()
        return GLib.SOURCE_REMOVE

    def _on_pane_range_chosen(self, _pane: Gtk.Widget, began: float, ended: float) -> None:
        self._page.timeline.scroll_to(self._session.recording.number_at(began))
        self._set_filter(with_times(self._page.filter_bar.text, began, ended))

    def _on_pane_range_cleared(self, _pane: Gtk.Widget) -> None:
        bar = self._page.filter_bar
        if bar.is_open:
            bar.show_text(without_times(bar.text))

    def _on_pane_filter_requested(self, _pane: Gtk.Widget, term: str) -> None:
        self._set_filter(with_term(self._page.filter_bar.text, term))

    def _on_filter_changed(self, _bar: Gtk.Widget, text: str) -> None:
        if without_times(text) == " ".join(text.split()):
            self._pane.clear_range()

    def _on_pane_save_requested(self, _pane: Gtk.Widget, suffix: str) -> None:
        window, recording = self._tab.get_root(), self._recording
        if isinstance(window, Gtk.Window) and recording is not None:
            chart, pairs = self._pane.plot.chart, self._pairs(recording)
            save = partial(save_chart, window, chart, recording, pairs, self._notify)
            self._tasks.start(save(suffix))
