"""The pinned values above the timeline: a strip of them, and their chart."""

from __future__ import annotations

import time
from collections.abc import Sequence

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.recording.rates import Measure
from spacebeam.ui.actions import insert
from spacebeam.ui.rates.bars import duration, edge_words
from spacebeam.ui.template import menu, template
from spacebeam.ui.values.chart import ValueChart, values_at
from spacebeam.ui.values.pin_chip import PinChip
from spacebeam.ui.values.value_plot import ValuePlot
from spacebeam.wording.i18n import _

_MEASURES = {"messages": Measure.ENTRIES, "bytes": Measure.BYTES}
_TIMES = {"recent": _("5 min"), "whole": _("Whole")}
_TIME_NAMES = {"recent": _("the last 5 minutes"), "whole": _("the whole recording")}


@template("value_pane.ui")
class ValuePane(Gtk.Box):
    """Shown while values are pinned.

    Emits `unpinned` (a path); `charted` when other values are to be in the chart, or another time;
    `range-chosen` (begin and end as Unix times in seconds) and `range-cleared` as the rate graph
    does; `filter-requested` (a filter); and `save-requested` (a file name's suffix).
    """

    __gtype_name__ = "SpacebeamValuePane"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "unpinned": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "charted": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "range-chosen": (GObject.SignalFlags.RUN_FIRST, None, (float, float)),
        "range-cleared": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "filter-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "save-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _strip_box: Gtk.Box = Gtk.Template.Child()
    _chart_box: Gtk.Box = Gtk.Template.Child()
    _info_label: Gtk.Label = Gtk.Template.Child()
    _progress_label: Gtk.Label = Gtk.Template.Child()
    _breaks_button: Gtk.Button = Gtk.Template.Child()
    _menu_button: Gtk.MenuButton = Gtk.Template.Child()
    plot: ValuePlot = Gtk.Template.Child("_plot")

    def __init__(self) -> None:
        GObject.type_ensure(ValuePlot)  # the template has one
        super().__init__()
        self._menu_button.set_menu_model(menu(__name__, "value_pane.ui", "values_menu"))
        self._chips: dict[str, PinChip] = {}
        self._breaks_path = ""
        actions = Gio.SimpleActionGroup()
        self._time = Gio.SimpleAction.new_stateful(
            "time", GLib.VariantType.new("s"), GLib.Variant.new_string("whole")
        )
        self._states = Gio.SimpleAction.new_stateful(
            "states", GLib.VariantType.new("s"), GLib.Variant.new_string("bands")
        )
        for action in (self._time, self._states):
            action.connect("notify::state", self._on_action_notify_state)
            actions.add_action(action)
        save = Gio.SimpleAction.new("save", GLib.VariantType.new("s"))
        save.connect("activate", self._on_save_activate)
        actions.add_action(save)
        insert(self, "values", actions)
        self._name_menu()

    @property
    def is_whole(self) -> bool:
        """Whether the chart is of the whole recording, or else of the last 5 minutes."""
        state = self._time.get_state()
        return state is None or state.get_string() == "whole"

    @property
    def state_measure(self) -> Measure | None:
        """The rate that is shown of states; None: they are bands."""
        state = self._states.get_state()
        return None if state is None else _MEASURES.get(state.get_string())

    def show_whole(self, *, is_whole: bool) -> None:
        """Show the whole recording in the chart, or the last 5 minutes."""
        self._time.set_state(GLib.Variant.new_string("whole" if is_whole else "recent"))

    @property
    def charted(self) -> list[str]:
        """The paths of the values in the chart."""
        return [path for path, chip in self._chips.items() if chip.is_charted]

    def show_pins(self, paths: Sequence[str]) -> None:
        """Show a chip for each path."""
        for path in self._chips.keys() - set(paths):
            self._strip_box.remove(self._chips.pop(path))
        for path in paths:
            if path not in self._chips:
                chip = self._chips[path] = PinChip(path)
                chip.connect("toggled", self._on_chip_toggled)
                chip.connect("unpinned", self._on_chip_unpinned)
                self._strip_box.append(chip)
        self.set_visible(bool(paths))
        self._show_chart_box()

    def show_value(self, path: str, text: str | None, heights: Sequence[float | None]) -> None:
        """Show a pin's newest value and its course."""
        if (chip := self._chips.get(path)) is not None:
            chip.show_value(text, heights)

    def chart(self, path: str) -> None:
        """Show a pinned value in the chart."""
        if (chip := self._chips.get(path)) is not None:
            chip.chart()

    def show_chart(self, chart: ValueChart, breaks_path: str, breaks: str, progress: str) -> None:
        """Show a chart.

        `breaks` are the breaks of a sequence in words, and `breaks_path` its path; `progress` says
        how much was read.
        """
        if not self.plot.is_dragged:
            self.plot.show_chart(chart)
        self._breaks_path = breaks_path
        self._breaks_button.set_label(breaks)
        self._breaks_button.set_visible(bool(breaks))
        self._progress_label.set_text(progress)
        self._progress_label.set_visible(bool(progress))
        self._show_info()

    def clear_range(self) -> None:
        """Clear the selection without a signal."""
        self.plot.clear()

    def _show_chart_box(self) -> None:
        self._chart_box.set_visible(bool(self.charted))

    def _show_info(self) -> None:
        """Show the selected time, or the values under the pointer or the keys' cursor."""
        selection, chart = self.plot.selection, self.plot.chart
        words = ""
        if (span := selection.shown) is not None:
            words = duration(span.ended - span.began)
        elif (span := selection.cursor or selection.pointed) is not None:
            clock = edge_words(span.began + time.localtime(span.began).tm_gmtoff, chart.view)
            values = values_at(chart, (span.began + span.ended) / 2)
            words = f"{clock} · {values}" if values else clock
        self._info_label.set_text(words)
        self._info_label.set_tooltip_text(words)

    def _name_menu(self) -> None:
        name = "whole" if self.is_whole else "recent"
        self._menu_button.set_label(_TIMES[name])
        what = _("Values in {time}").format(time=_TIME_NAMES[name])
        self._menu_button.update_property(
            [Gtk.AccessibleProperty.LABEL], [_("Chart: {what}").format(what=what)]
        )
        self.plot.update_property(
            [Gtk.AccessibleProperty.LABEL, Gtk.AccessibleProperty.DESCRIPTION],
            [
                what,
                _(
                    "Left and Right move through time; with Shift they select a time span. Enter "
                    "filters by the selection, and Escape clears it."
                ),
            ],
        )

    def _on_chip_toggled(self, _chip: PinChip, _is_charted: bool) -> None:
        self._show_chart_box()
        self.emit("charted")

    def _on_chip_unpinned(self, chip: PinChip) -> None:
        self.emit("unpinned", chip.path)

    def _on_action_notify_state(self, _action: Gio.SimpleAction, _property: object) -> None:
        self._name_menu()
        self.emit("charted")

    def _on_save_activate(self, _action: Gio.SimpleAction, suffix: GLib.Variant) -> None:
        self.emit("save-requested", suffix.get_string())

    @Gtk.Template.Callback()
    def _on_breaks_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("filter-requested", f"gap:json:{self._breaks_path}")

    @Gtk.Template.Callback()
    def _on_plot_changed(self, _plot: ValuePlot) -> None:
        self._show_info()

    @Gtk.Template.Callback()
    def _on_plot_chosen(self, _plot: ValuePlot, began: float, ended: float) -> None:
        self.emit("range-chosen", began, ended)

    @Gtk.Template.Callback()
    def _on_plot_cleared(self, _plot: ValuePlot) -> None:
        self.emit("range-cleared")

    @Gtk.Template.Callback()
    def _on_plot_resized(self, _plot: ValuePlot) -> None:
        self.emit("charted")
