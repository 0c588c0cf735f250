"""The handshake window: stages with their times, facts, certificates, request and response."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import lines
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_reading import ReportError, from_json
from spacebeam.ui.clipboard import put
from spacebeam.ui.handshake.fact_list import FactList
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.long_lines import copy_whole, show_text
from spacebeam.ui.remembered_dialog import make_remembered
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.report import report_sections, report_text, span_label, stage_meaning

# A recording may come from anyone, so the number of widgets is limited.
_MAX_STAGES = 100
_MAX_SECTIONS = 20
_MAX_PART = 16 * 1024  # characters of a head or a body, so that later parts are shown too
_MAX_TEXT = 64 * 1024  # characters in total; longer lines take too long to lay out


class Handshakes:
    """The handshakes of a recording, the oldest first.

    `recorded` has, for each, the number of the next entry and the report as JSON without secrets.
    """

    def __init__(self, recorded: Sequence[tuple[int, str]]) -> None:
        self._recorded = tuple(recorded)

    def __len__(self) -> int:
        return len(self._recorded)

    def report(self, position: int) -> HandshakeReport:
        """Return the report at a position, from 0. Raises ReportError."""
        return from_json(self._recorded[position][1])

    def position_for(self, entry: int) -> int:
        """Return the position of the last handshake before an entry."""
        return max(0, bisect_right(self._recorded, entry, key=itemgetter(0)) - 1)

    @property
    def newest(self) -> int:
        """The position of the newest handshake."""
        return len(self) - 1


@template("handshake_window.ui")
class HandshakeWindow(Adw.Window):
    """Shows the handshakes of a recording, one at a time."""

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
    _text_view: Gtk.TextView = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        never_hyphenate(self._text_view.get_buffer())
        copy_whole(self._text_view)
        make_remembered(self, self._copy_button)
        self._handshakes = Handshakes(())
        self._position = 0
        self._report: HandshakeReport | None = None

    def show_handshakes(self, handshakes: Handshakes, position: int) -> None:
        """Show the handshake at a position, from 0; buttons lead to the others."""
        self._handshakes = handshakes
        self._show_position(position)

    def _show_position(self, position: int) -> None:
        self._position = position
        self._places_box.set_visible(len(self._handshakes) > 1)
        self._previous_button.set_sensitive(position > 0)
        self._next_button.set_sensitive(position < self._handshakes.newest)
        error = ""
        try:
            self._report = self._handshakes.report(position)
        except ReportError as caught:
            self._report, error = (
                None,
                _("{caught} The rest of the recording can be read.").format(caught=caught),
            )
        self._fault_page.set_description(error)
        self._fault_page.set_visible(bool(error))
        self._report_window.set_visible(not error)
        self._copy_button.set_sensitive(not error)
        self._show_title()
        if self._report is not None:
            self._show_report(self._report)

    def _show_title(self) -> None:
        count, began = len(self._handshakes), self._report and self._report.began
        parts = (
            [_("{number:,} of {count:,}").format(number=self._position + 1, count=count)]
            if count > 1
            else []
        )
        if began:
            parts.append(datetime.fromtimestamp(began).strftime("%Y-%m-%d %H:%M:%S"))
        self._title.set_subtitle(" · ".join(parts))

    def _show_report(self, report: HandshakeReport) -> None:
        self._show_stages(report)
        _empty(self._facts_box)
        sections = report_sections(report)
        for section in [one for one in sections if one.facts][:_MAX_SECTIONS]:
            self._facts_box.append(FactList(section))
        texts = [_cut(section.text, _MAX_PART) for section in sections if section.text]
        show_text(self._text_view, lines(_cut("\n\n".join(texts), _MAX_TEXT)))

    def _show_stages(self, report: HandshakeReport) -> None:
        _empty(self._stages_grid)
        bars = report.waterfall()
        for row, stage in enumerate(bars[:_MAX_STAGES]):
            name, took = span_label(report, stage.span), f"{stage.span.took:.1f} ms"
            bar = WaterfallBar(stage)
            bar.set_tooltip_text(stage_meaning(stage.span.stage))
            bar.update_property([Gtk.AccessibleProperty.LABEL], [f"{name}: {took}"])
            time_label = Gtk.Label(label=took, xalign=1)
            time_label.add_css_class("numeric")
            self._stages_grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
            self._stages_grid.attach(bar, 1, row, 1, 1)
            self._stages_grid.attach(time_label, 2, row, 1, 1)
        left = len(bars) - _MAX_STAGES
        more = _("{left:,} more stages; ").format(left=left) if left > 0 else ""
        self._total_label.set_text(
            _("{more}{total:.1f} ms in total").format(more=more, total=report.total)
        )

    def _turn(self, by: int) -> None:
        self._show_position(self._position + by)
        # The pressed button may be insensitive now.
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
            put(lines(report_text(self._report)), self.get_clipboard())


def _cut(text: str, most: int) -> str:
    left = len(text) - most
    return (
        _("{text}\n… ({left:,} more characters in the copied report)").format(
            text=text[:most], left=left
        )
        if left > 0
        else text
    )


def _empty(parent: Gtk.Grid | Gtk.Box) -> None:
    while (child := parent.get_first_child()) is not None:
        parent.remove(child)
