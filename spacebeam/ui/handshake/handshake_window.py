"""The handshake report: how long its stages took, facts, certificates, and what was said."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import lines
from spacebeam.ui.handshake.fact_list import FactList
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from spacebeam.ui.kept_dialog import keep
from spacebeam.ui.template import template
from spacebeam.wire.report import Report


@template("handshake_window.ui")
class HandshakeWindow(Adw.Window):
    """Shows one report."""

    __gtype_name__ = "SpacebeamHandshakeWindow"

    _copy_button: Gtk.Button = Gtk.Template.Child()
    _stages_grid: Gtk.Grid = Gtk.Template.Child()
    _total_label: Gtk.Label = Gtk.Template.Child()
    _facts_box: Gtk.Box = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        keep(self, self._copy_button)
        self._report: Report | None = None

    def show_report(self, report: Report) -> None:
        """Show another handshake."""
        self._report = report
        _empty(self._stages_grid)
        _empty(self._facts_box)
        for row, stage in enumerate(report.waterfall()):
            name, took = report.label(stage.span), f"{stage.span.took:.1f} ms"
            bar = WaterfallBar(stage)
            bar.set_tooltip_text(stage.span.stage.meaning)
            bar.update_property([Gtk.AccessibleProperty.LABEL], [f"{name}: {took}"])
            time_label = Gtk.Label(label=took, xalign=1)
            time_label.add_css_class("numeric")
            self._stages_grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
            self._stages_grid.attach(bar, 1, row, 1, 1)
            self._stages_grid.attach(time_label, 2, row, 1, 1)
        self._total_label.set_text(f"{report.total:.1f} ms in all")
        sections = report.sections()
        for section in sections:
            if section.facts:
                self._facts_box.append(FactList(section))
        said = [section.text for section in sections if section.text]
        self._text_view.get_buffer().set_text(lines("\n\n".join(said)))

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        if self._report is not None:
            self.get_clipboard().set(lines(self._report.as_text()))


def _empty(parent: Gtk.Grid | Gtk.Box) -> None:
    while (child := parent.get_first_child()) is not None:
        parent.remove(child)
