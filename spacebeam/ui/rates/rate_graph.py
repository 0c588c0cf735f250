"""The rate graph: messages and bytes over time, with a selectable time span."""

from __future__ import annotations

import time
from math import floor

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.recording.rates import Measure, Rates
from spacebeam.ui.actions import insert
from spacebeam.ui.rates.bars import (
    TimeWindow,
    both_amounts,
    both_rates,
    chosen,
    picture,
    rate,
    scale,
)
from spacebeam.ui.rates.rate_plot import RatePlot
from spacebeam.ui.template import menu, template
from spacebeam.wording.i18n import _

_RECENT_S = 300
_MIN_SPAN_LIVE_S = 60  # minimum time axis of a whole recording while live
_MIN_SPAN_S = 5  # the same after its end
_DRAW_INTERVAL_US = 250_000
_WIDE = 560  # pixels; in narrower graphs the selection's label replaces the rate
_MEASURES = {"messages": Measure.ENTRIES, "bytes": Measure.BYTES}
_TIMES = {"recent": _("5 min"), "whole": _("Whole")}
_TIME_NAMES = {"recent": _("the last 5 minutes"), "whole": _("the whole recording")}
_MEASURE_NAMES = {
    "messages": _("Messages a second in {time}"),
    "bytes": _("Bytes a second in {time}"),
}
_UNITS = {Measure.ENTRIES: 1000, Measure.BYTES: 1024}


@template("rate_graph.ui")
class RateGraph(Gtk.Box):
    """Shows rates.

    Emits `range-chosen` (begin and end as Unix times in seconds) when the person selects a time
    span, and `range-cleared` when they clear it or click.
    """

    __gtype_name__ = "SpacebeamRateGraph"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "range-chosen": (GObject.SignalFlags.RUN_FIRST, None, (float, float)),
        "range-cleared": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _rate_label: Gtk.Label = Gtk.Template.Child()
    _range_label: Gtk.Label = Gtk.Template.Child()
    _menu_button: Gtk.MenuButton = Gtk.Template.Child()
    _plot: RatePlot = Gtk.Template.Child()
    _received_label: Gtk.Label = Gtk.Template.Child()
    _sent_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._menu_button.set_menu_model(menu(__name__, "rate_graph.ui", "rates_menu"))
        self._rates = Rates()
        self._now = time.time()
        self._is_over = False
        self._timer = 0
        self._drawn_at = -_DRAW_INTERVAL_US
        self._plot.take_colors(self._sent_label, self._received_label)
        self._actions = Gio.SimpleActionGroup()
        insert(self, "rates", self._actions)
        self._time = self._add_action("time", "recent")
        self._measure = self._add_action("measure", "messages")
        self._update_names()

    @property
    def chosen(self) -> tuple[float, float] | None:
        """The begin and end of the selected span, as Unix times in seconds."""
        return self._plot.selection.chosen

    def show_rates(self, rates: Rates, now: float, *, is_over: bool = False) -> None:
        """Show rates as of `now` (Unix time in seconds).

        Rates of another recording are shown as a whole if it `is_over`, else the last 5 minutes.
        Cheap: it redraws at most four times a second, and only while the graph is visible. Call it
        at least once a second while a connection is open, so that the axis moves.
        """
        if rates is not self._rates:
            self._plot.clear()
            self._time.set_state(GLib.Variant.new_string("whole" if is_over else "recent"))
        self._rates, self._now, self._is_over = rates, now, is_over
        self._schedule()

    def clear_range(self) -> None:
        """Clear the selection without a signal."""
        self._plot.clear()

    def do_map(self) -> None:
        Gtk.Box.do_map(self)
        self._schedule()

    def do_unmap(self) -> None:
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        Gtk.Box.do_unmap(self)

    def _add_action(self, name: str, state: str) -> Gio.SimpleAction:
        action = Gio.SimpleAction.new_stateful(
            name, GLib.VariantType.new("s"), GLib.Variant.new_string(state)
        )
        action.connect("notify::state", self._on_action_notify_state)
        self._actions.add_action(action)
        return action

    def _schedule(self) -> None:
        if self._timer or not self.get_mapped():
            return
        wait = self._drawn_at + _DRAW_INTERVAL_US - GLib.get_monotonic_time()
        self._timer = GLib.timeout_add(max(wait, 0) // 1000, self._on_timer)

    def _on_timer(self) -> bool:
        self._timer = 0
        self._draw()
        return GLib.SOURCE_REMOVE

    def _draw(self) -> None:
        """Update the labels and the plot."""
        self._drawn_at = GLib.get_monotonic_time()
        self._show_rate()
        if not self._plot.is_dragged:
            self._draw_plot()
        self._show_range()

    def _show_rate(self) -> None:
        """Show the current rate, or the totals of a recording that has ended."""
        second = floor(self._now)
        if self._is_over:
            series = self._rates.whole(Measure.ENTRIES, self._now)
            sums = self._rates.sums(series.began, series.ended)
            self._rate_label.set_text(chosen(series.began, series.ended, sums))
            self._rate_label.set_tooltip_text(both_amounts(sums))
        else:
            newest = self._rates.sums(second - 1, second)
            self._rate_label.set_text(rate(newest))
            self._rate_label.set_tooltip_text(both_rates(newest))

    def _draw_plot(self) -> None:
        measure = _MEASURES[_state(self._measure)]
        if _state(self._time) == "whole":
            series = self._rates.whole(measure, self._now)
            shortest = _MIN_SPAN_S if self._is_over else _MIN_SPAN_LIVE_S
            view = TimeWindow(series.began, max(series.ended, series.began + shortest))
        else:
            series = self._rates.recent(self._now, _RECENT_S, measure)
            view = TimeWindow(series.began, series.ended)
        offset = time.localtime(view.ended).tm_gmtoff
        width = max(self._plot.get_width(), 1)
        drawn = picture(series, view, width, offset, _UNITS[measure])
        self._plot.show_chart(drawn)
        for label, name, bars in (
            (self._received_label, _("Received"), drawn.received),
            (self._sent_label, _("Sent"), drawn.sent),
        ):
            label.set_text(f"{name} · {scale(bars.top, measure)}" if bars.top else name)

    def _show_range(self) -> None:
        """Show the selected span, or else the step under the keys' cursor or the pointer."""
        selection = self._plot.selection
        span = selection.shown or selection.cursor or selection.pointed
        words = chosen(*span, self._rates.sums(*span)) if span else ""
        self._range_label.set_text(words)
        self._range_label.set_tooltip_text(words)
        self._range_label.set_visible(bool(words))
        self._rate_label.set_visible(not words or self.get_width() >= _WIDE)

    def _update_names(self) -> None:
        """Name the graph for screen readers, and its time span on the button."""
        time_span = _state(self._time)
        words = _MEASURE_NAMES[_state(self._measure)]
        what = words.format(time=_TIME_NAMES[time_span])
        self._menu_button.set_label(_TIMES[time_span])
        self._menu_button.update_property(
            [Gtk.AccessibleProperty.LABEL], [_("Graph: {what}").format(what=what)]
        )
        self._plot.update_property(
            [Gtk.AccessibleProperty.LABEL, Gtk.AccessibleProperty.DESCRIPTION],
            [
                what,
                _(
                    "Left and Right move through time; with Shift they select a time span. Enter "
                    "filters by the selection, and Escape clears it."
                ),
            ],
        )

    def _on_action_notify_state(
        self, _action: Gio.SimpleAction, _property: GObject.ParamSpec
    ) -> None:
        self._update_names()
        if self.get_mapped():
            self._draw()

    @Gtk.Template.Callback()
    def _on_plot_changed(self, _plot: RatePlot) -> None:
        self._show_range()

    @Gtk.Template.Callback()
    def _on_plot_chosen(self, _plot: RatePlot, began: float, ended: float) -> None:
        self.emit("range-chosen", began, ended)

    @Gtk.Template.Callback()
    def _on_plot_cleared(self, _plot: RatePlot) -> None:
        self.emit("range-cleared")

    @Gtk.Template.Callback()
    def _on_plot_resized(self, _plot: RatePlot) -> None:
        self._schedule()


def _state(action: Gio.SimpleAction) -> str:
    state = action.get_state()
    return "" if state is None else state.get_string()
