"""The arrangement of a conversation is remembered, and is the same in all tabs."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gtk

from spacebeam.library.settings import load
from tests.library.files import write_recording
from tests.support.waiting import eventually, settled
from tests.ui.doing import application, descendants, resize
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, opened_window


def share(tab: TabPage) -> float:
    """Return the timeline's share of the space."""
    paned = tab.session_page.paned
    beside = paned.get_orientation() == Gtk.Orientation.HORIZONTAL
    return paned.get_position() / max(1, paned.get_width() if beside else paned.get_height())


async def inspecting(window: WindowPage, path: Path) -> TabPage:
    """Open a recording and select its first entry."""
    await window.tab.widget.open_recording(path)
    tab = window.tab
    await eventually(lambda: tab.timeline.length)
    await tab.session_page.select(0)
    return tab


async def test_a_moved_handle_and_the_shown_text_are_for_all_tabs_and_the_next_start(
    tmp_path: Path, settings_path: Path
) -> None:
    first, second = (write_recording(tmp_path / f"{one}.beam", '{"a": 1}') for one in "12")
    async with application() as program:
        window = WindowPage(program.open_window())
        await eventually(lambda: window.is_shown)
        tab = await inspecting(window, first)
        await eventually(lambda: abs(share(tab) - 0.6) < 0.01)
        tab.session_page.paned.set_position(round(tab.session_page.paned.get_width() * 0.4))
        tab.session_page.inspector.toggle_tree()
        await tab.session_page.inspector.shows('{\n  "a": 1\n}')
        window.add_tab()
        other = await inspecting(window, second)
        await eventually(lambda: abs(share(other) - 0.4) < 0.01)
        await other.session_page.inspector.shows('{\n  "a": 1\n}')
        window.close()
        await eventually(lambda: not program.get_windows())
    saved = load(settings_path).view
    assert abs(saved.share_beside - 0.4) < 0.01
    assert not saved.json_tree
    assert saved.share_below == 0.5
    async with opened_window() as window:
        again = await inspecting(window, first)
        await eventually(lambda: abs(share(again) - 0.4) < 0.01)
        await again.session_page.inspector.shows('{\n  "a": 1\n}')


ROWS, LINES = 14, 12


async def test_at_900_pixels_many_rows_and_lines_are_seen_with_the_filter_on(
    tmp_path: Path,
) -> None:
    values = ", ".join(f'"key {number}": {number}' for number in range(30))
    path = write_recording(tmp_path / "one.beam", *[f"{{{values}}}"] * 60)
    async with opened_window() as window:
        await window.tab.widget.open_recording(path)
        tab, wide = window.tab, window.widget
        await resize(wide, 900, 660, lambda: abs(wide.get_height() - 660) < 20)
        tab.do("tab.find")
        tab.session_page.filter.type_filter("key")
        await eventually(lambda: tab.timeline.length == 60)
        tab.do("tab.next-match")
        await eventually(lambda: tab.session_page.is_inspecting)
        await settled(lambda: len(tab.timeline.words))
        assert wide.get_height() <= 660
        assert len(seen(tab.timeline.widget, "row")) >= ROWS
        assert len(seen(tab.session_page.inspector.widget, "row")) >= LINES


def seen(inside: Gtk.Widget, css_name: str) -> list[Gtk.Widget]:
    """Return the rows of the list inside that are seen whole."""
    (scrolled,) = (
        one
        for one in descendants(inside, Gtk.ScrolledWindow)
        if one.get_mapped() and isinstance(one.get_child(), Gtk.ListView)
    )
    rows = [one for one in descendants(scrolled, Gtk.Widget) if one.get_css_name() == css_name]
    whole = []
    for row in rows:
        known, bounds = row.compute_bounds(scrolled)
        is_inside = bounds.get_y() >= 0 and bounds.get_y() + bounds.get_height() <= (
            scrolled.get_height() + 0.5
        )
        if known and row.get_mapped() and bounds.get_height() > 0 and is_inside:
            whole.append(row)
    return whole
