"""A list of facts: names, and values that can be selected."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.handshake.fact_list import FactList
from spacebeam.wording.report import ReportSection
from tests.ui.doing import descendants, shown, words


async def test_values_can_be_selected() -> None:
    section = ReportSection("Connection", (("Address", "<b>x</b> & y"), ("Server", "z\n\x1b")))
    facts = FactList(section)
    async with shown(Gtk.ScrolledWindow(child=facts)):  # as its window has it
        assert words(facts) == ["Connection", "Address", "<b>x</b> & y", "Server", "z␊␛"]
        selectable = [
            one.get_text() for one in descendants(facts, Gtk.Label) if one.get_selectable()
        ]
        assert selectable == ["<b>x</b> & y", "z␊␛"]


async def test_a_long_value_fits_a_narrow_window() -> None:
    facts = FactList(ReportSection("Certificate", (("SHA-256", "ab" * 32),)))
    async with shown(Gtk.ScrolledWindow(child=facts)):
        minimum, _natural, *_rest = facts.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 320
