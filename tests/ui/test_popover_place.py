"""Popovers of the filter stay inside a narrow and low window."""

from __future__ import annotations

from typing import Any

import pytest
from gi.repository import Gtk

from tests.support.waiting import eventually, settled
from tests.ui.doing import descendants, resize, serving
from tests.ui.pageobjects.window import WindowPage, opened_window

HIDDEN = "What is hidden at this address"


async def is_inside(popover: Gtk.Popover) -> bool:
    """Open it; return whether its content is inside the window, shadows not counted."""
    popover.popup()
    content = popover.get_child()
    assert content is not None
    await eventually(lambda: content.get_width() > 1)
    surface: Any = popover.get_surface()  # a Gdk.Popup
    window = surface.get_parent()
    across = (surface.get_width() - content.get_width()) / 2
    along = (surface.get_height() - content.get_height()) / 2
    left, top = surface.get_position_x() + across, surface.get_position_y() + along
    right, bottom = left + content.get_width(), top + content.get_height()
    edges = right <= window.get_width(), bottom <= window.get_height()
    return left >= 0 and top >= 0 and all(edges)


def right_of(widget: Gtk.Widget, window: Gtk.Window) -> float:
    """The right edge of a widget in its window, in pixels."""
    place = widget.translate_coordinates(window, widget.get_width(), 0)
    assert place is not None
    return place[0]


def popover_of(page: WindowPage, name: str) -> Gtk.Popover:
    """The popover of the button with this accessible name or tooltip."""
    buttons = descendants(page.tab.session_page.widget, Gtk.MenuButton)
    found = next(one for one in buttons if one.get_tooltip_text() == name).get_popover()
    assert found is not None
    return found


@pytest.mark.parametrize("button", ["Filter examples", "Save, hide, and earlier filters", HIDDEN])
async def test_the_popovers_of_the_filter_stay_in_a_small_window(button: str) -> None:
    async with serving() as url, opened_window() as page:
        await page.tab.connect(f"{url}/echo")
        session = page.tab.session_page
        for number in range(30):
            session.filter.type_filter(f"is:ping word{number} and more words than there is room")
            page.tab.do("tab.hide-shown")
        session.filter.type_filter("x")
        if button == HIDDEN:
            session.widget.filter_bar.close()  # it takes the button's place
        window = page.widget
        await resize(window, 400, 480, lambda: 0 < window.get_width() <= 410)
        popover = popover_of(page, button)
        parent = popover.get_parent()
        assert parent is not None
        await eventually(lambda: parent.get_mapped() and right_of(parent, window) <= 400)
        await settled(lambda: (window.get_width(), right_of(parent, window)), rounds=30)
        assert await is_inside(popover)
        popover.popdown()
