"""A peer's combining marks stay in their own row."""

from __future__ import annotations

import pytest
from gi.repository import Gtk

from spacebeam.ui.chat.chat_row import ChatRow
from spacebeam.ui.inspector.json_row import JsonRow
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.support.waiting import eventually
from tests.ui.doing import descendants, serving
from tests.ui.pageobjects.tab import opened_tab

TOWER = "a" + "".join(map(chr, range(0x300, 0x370)))


def drawn(widget: Gtk.Widget) -> tuple[float, float]:
    """Return the upper and lower edge of what a widget draws, from its own upper edge."""
    snapshot, parent = Gtk.Snapshot(), widget.get_parent()
    assert parent is not None
    parent.snapshot_child(widget, snapshot)
    node = snapshot.to_node()
    assert node is not None
    place = widget.translate_coordinates(parent, 0, 0)
    assert place is not None
    bounds = node.get_bounds()
    top = bounds.get_y() - place[1]
    return top, top + bounds.get_height()


@pytest.mark.parametrize("kind", [TimelineRow, JsonRow, ChatRow])
async def test_towers_of_marks_do_not_spill_over_other_rows(kind: type[Gtk.Widget]) -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.say(f'{{"{TOWER}":"{TOWER}"}}')
        await eventually(lambda: tab.timeline.length == 3)
        if kind is ChatRow:
            tab.do("tab.chat")
        else:
            await tab.session_page.select(2)

        def rows() -> list[Gtk.Widget]:
            found = (one for one in descendants(tab.session_page.widget, kind) if one.get_mapped())
            return [one for one in found if one.get_height() > 0]

        await eventually(rows)
        for row in rows():
            top, bottom = drawn(row)
            assert top >= 0
            assert bottom <= row.get_height()
