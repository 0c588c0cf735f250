"""The rate graph: how much is said at a glance, and a way to ask for a time of it."""

from __future__ import annotations

import time
from math import floor

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.recording.rates import Measure, Rates
from spacebeam.ui.rates.bars import TimeWindow, picture
from spacebeam.ui.rates.labels import both_amounts, both_rates, chosen, rate, scale
from spacebeam.ui.rates.rate_plot import RatePlot
from spacebeam.ui.template import template

_RECENT = 300  # seconds
_SHORTEST = 60  # seconds that a whole recording is drawn over while it goes on, from the left on
_SHORTEST_OVER = 5  # and when it is over
_INTERVAL = 250_000  # microseconds from one drawing to the next
_ROOM_FOR_BOTH = 560  # pixels, below which the chosen time's words take the rate's place
_MEASURES = {"messages": Measure.ENTRIES, "bytes": Measure.BYTES}
_TIMES = {"recent": "5 min", "whole": "Whole"}
_TIMES_SAID = {"recent": "the last 5 minutes", "whole": "the whole recording"}
_UNITS = {Measure.ENTRIES: 1000, Measure.BYTES: 1024}


@template("rate_graph.ui")
class RateGraph(Gtk.Box):
    """Shows rates. `range-chosen` carries the begin and the end of a time that the person chose,
    as Unix times in seconds; `range-cleared` says that they let go of it, or clicked."""

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
        self._rates = Rates()
        self._now = time.time()
        self._is_over = False
        self._timer = 0
        self._drawn_at = -_INTERVAL
        self._plot.take_colors(self._sent_label, self._received_label)
        self._actions = Gio.SimpleActionGroup()
        self.insert_action_group("rates", self._actions)
        self._time = self._add_action("time", "recent")
        self._measure = self._add_action("measure", "messages")
        self._name()

    @property
    def chosen(self) -> tuple[float, float] | None:
        """The begin and the end of the time that is chosen."""
        return self._plot.choice.chosen

    def show_rates(self, rates: Rates, now: float, *, is_over: bool = False) -> None:
        """Show these rates as they are at `now` (Unix time in seconds); of others than before, all
        where it `is_over`, else what is recent.

        Costs nothing: what is shown follows four times a second at most, and only while it can be
        seen. While a connection is open, call it once a second at least, or time stands still.
        """
        if rates is not self._rates:
            self._plot.clear()
            self._time.set_state(GLib.Variant.new_string("whole" if is_over else "recent"))
        self._rates, self._now, self._is_over = rates, now, is_over
        self._wake()

    def clear_range(self) -> None:
        """Let go of the time that is chosen, without saying so."""
        self._plot.clear()

    def do_map(self) -> None:
        Gtk.Box.do_map(self)
        self._wake()

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

    def _wake(self) -> None:
        if self._timer or not self.get_mapped():
            return
        wait = self._drawn_at + _INTERVAL - GLib.get_monotonic_time()
        self._timer = GLib.timeout_add(max(wait, 0) // 1000, self._on_timer)

    def _on_timer(self) -> bool:
        self._timer = 0
        self._draw()
        return GLib.SOURCE_REMOVE

    def _draw(self) -> None:
        """Have everything say what the rates are now."""
        self._drawn_at = GLib.get_monotonic_time()
        self._tell_rate()
        if not self._plot.is_dragged:
            self._draw_plot()
        self._tell_range()

    def _tell_rate(self) -> None:
        """Say how fast it goes, or went."""
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
            shortest = _SHORTEST_OVER if self._is_over else _SHORTEST
            view = TimeWindow(series.began, max(series.ended, series.began + shortest))
        else:
            series = self._rates.recent(self._now, _RECENT, measure)
            view = TimeWindow(series.began, series.ended)
        offset = time.localtime(view.ended).tm_gmtoff
        width = max(self._plot.get_width(), 1)
        drawn = picture(series, view, width, offset, _UNITS[measure])
        self._plot.show_picture(drawn)
        for label, name, bars in (
            (self._received_label, "Received", drawn.received),
            (self._sent_label, "Sent", drawn.sent),
        ):
            label.set_text(f"{name} · {scale(bars.top, measure)}" if bars.top else name)

    def _tell_range(self) -> None:
        """Say what is shown as chosen: that, or what the keys or the pointer are at."""
        choice = self._plot.choice
        span = choice.shown or choice.cursor or choice.pointed
        words = chosen(*span, self._rates.sums(*span)) if span else ""
        self._range_label.set_text(words)
        self._range_label.set_tooltip_text(words)
        self._range_label.set_visible(bool(words))
        self._rate_label.set_visible(not words or self.get_width() >= _ROOM_FOR_BOTH)

    def _name(self) -> None:
        """Say what the graph is of."""
        span = _state(self._time)
        what = f"{_state(self._measure).capitalize()} a second in {_TIMES_SAID[span]}"
        self._menu_button.set_label(_TIMES[span])
        self._menu_button.update_property([Gtk.AccessibleProperty.LABEL], [f"Graph: {what}"])
        self._plot.update_property(
            [Gtk.AccessibleProperty.LABEL, Gtk.AccessibleProperty.DESCRIPTION],
            [
                what,
                "Left and Right move through time, with Shift they choose some of it; Enter takes "
                "what is chosen, and Escape lets go of it.",
            ],
        )

    def _on_action_notify_state(
        self, _action: Gio.SimpleAction, _property: GObject.ParamSpec
    ) -> None:
        self._name()
        if self.get_mapped():
            self._draw()

    @Gtk.Template.Callback()
    def _on_plot_changed(self, _plot: RatePlot) -> None:
        self._tell_range()

    @Gtk.Template.Callback()
    def _on_plot_chosen(self, _plot: RatePlot, began: float, ended: float) -> None:
        self.emit("range-chosen", began, ended)

    @Gtk.Template.Callback()
    def _on_plot_cleared(self, _plot: RatePlot) -> None:
        self.emit("range-cleared")

    @Gtk.Template.Callback()
    def _on_plot_resized(self, _plot: RatePlot) -> None:
        self._wake()


def _state(action: Gio.SimpleAction) -> str:
    state = action.get_state()
    return "" if state is None else state.get_string()
