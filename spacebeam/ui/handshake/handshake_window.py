"""The handshake report: how long its stages took, facts, certificates, and what was said."""

from __future__ import annotations

from datetime import datetime

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import lines
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_reading import ReportError
from spacebeam.ui.handshake.fact_list import FactList
from spacebeam.ui.handshake.handshakes import Handshakes
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from spacebeam.ui.remembered_dialog import keep
from spacebeam.ui.template import template

# What anybody can put into a recording is not all made into widgets.
_SHOWN_STAGES = 100
_SHOWN_SECTIONS = 20
_SHOWN_PART = 16 * 1024  # characters of a head or a body, so that what follows is seen
_SHOWN_TEXT = 64 * 1024  # characters in all; four times as many, in one line, take 0.8 s


@template("handshake_window.ui")
class HandshakeWindow(Adw.Window):
    """Shows one report of those that a recording has."""

    __gtype_name__ = "SpacebeamHandshakeWindow"

    _copy_button: Gtk.Button = Gtk.Template.Child()
    _places_box: Gtk.Box = Gtk.Template.Child()
    _previous_button: Gtk.Button = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()
    _title: Adw.WindowTitle = Gtk.Template.Child()
    _fault_page: Adw.StatusPage = Gtk.Template.Child()
    _report_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _stages_grid: Gtk.Grid = Gtk.Template.Child()
    _total_label: Gtk.Label = Gtk.Template.Child()
    _facts_box: Gtk.Box = Gtk.Template.Child()
    _kept_label: Gtk.Label = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        keep(self, self._copy_button)
        self._handshakes = Handshakes(())
        self._place = 0
        self._report: HandshakeReport | None = None

    def show_handshakes(self, handshakes: Handshakes, place: int) -> None:
        """Show the one at this place, counted from 0; the others are a click away."""
        self._handshakes = handshakes
        self._show_place(place)

    def _show_place(self, place: int) -> None:
        self._place = place
        self._places_box.set_visible(len(self._handshakes) > 1)
        self._previous_button.set_sensitive(place > 0)
        self._next_button.set_sensitive(place < self._handshakes.newest)
        fault = ""
        try:
            self._report = self._handshakes.report(place)
        except ReportError as error:
            self._report, fault = None, f"{error} The rest of the recording can be read."
        self._fault_page.set_description(fault)
        self._fault_page.set_visible(bool(fault))
        self._report_window.set_visible(not fault)
        self._copy_button.set_sensitive(not fault)
        self._show_title()
        if self._report is not None:
            self._show_report(self._report)

    def _show_title(self) -> None:
        count, began = len(self._handshakes), self._report and self._report.began
        told = [f"{self._place + 1:,} of {count:,}"] if count > 1 else []
        if began:
            told.append(datetime.fromtimestamp(began).strftime("%Y-%m-%d %H:%M:%S"))
        self._title.set_subtitle(" · ".join(told))

    def _show_report(self, report: HandshakeReport) -> None:
        self._show_stages(report)
        _empty(self._facts_box)
        sections = report.sections()
        for section in [one for one in sections if one.facts][:_SHOWN_SECTIONS]:
            self._facts_box.append(FactList(section))
        said = [_cut(section.text, _SHOWN_PART) for section in sections if section.text]
        self._text_view.get_buffer().set_text(lines(_cut("\n\n".join(said), _SHOWN_TEXT)))
        self._kept_label.set_visible(not self._handshakes.is_whole(self._place))

    def _show_stages(self, report: HandshakeReport) -> None:
        _empty(self._stages_grid)
        bars = report.waterfall()
        for row, stage in enumerate(bars[:_SHOWN_STAGES]):
            name, took = report.label(stage.span), f"{stage.span.took:.1f} ms"
            bar = WaterfallBar(stage)
            bar.set_tooltip_text(stage.span.stage.meaning)
            bar.update_property([Gtk.AccessibleProperty.LABEL], [f"{name}: {took}"])
            time_label = Gtk.Label(label=took, xalign=1)
            time_label.add_css_class("numeric")
            self._stages_grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
            self._stages_grid.attach(bar, 1, row, 1, 1)
            self._stages_grid.attach(time_label, 2, row, 1, 1)
        left = len(bars) - _SHOWN_STAGES
        more = f"{left:,} stages more; " if left > 0 else ""
        self._total_label.set_text(f"{more}{report.total:.1f} ms in all")

    def _turn(self, by: int) -> None:
        self._show_place(self._place + by)
        # The button that was pressed may be of no use any more.
        pressed, other = self._previous_button, self._next_button
        if by > 0:
            pressed, other = other, pressed
        (pressed if pressed.get_sensitive() else other).grab_focus()

    @Gtk.Template.Callback()
    def _on_previous_button_clicked(self, _button: Gtk.Button) -> None:
        self._turn(-1)

    @Gtk.Template.Callback()
    def _on_next_button_clicked(self, _button: Gtk.Button) -> None:
        self._turn(1)

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        if self._report is not None:
            self.get_clipboard().set(lines(self._report.as_text()))


def _cut(text: str, most: int) -> str:
    left = len(text) - most
    return f"{text[:most]}\n… ({left:,} characters more in the copied report)" if left > 0 else text


def _empty(parent: Gtk.Grid | Gtk.Box) -> None:
    while (child := parent.get_first_child()) is not None:
        parent.remove(child)
