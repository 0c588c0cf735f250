"""A row's menu is opened by the mouse and by keys, for the row under it."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.timeline.row_menu import RowMenu
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, shown
from tests.ui.pageobjects.page import has_focus, menu_items
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.timeline.lists import filled, recorded


def menu(timeline: Timeline) -> RowMenu:
    return next(descendants(timeline, RowMenu))


def right_click(page: TimelinePage, number: int) -> None:
    """Press the right mouse button on a row."""
    row = next(one for one in descendants(page.widget, TimelineRow) if one.number == number)
    at = row.translate_coordinates(page.list_view, 20, row.get_height() / 2)
    assert at is not None
    for one in page.list_view.observe_controllers():
        if isinstance(one, Gtk.GestureClick) and one.get_button() == Gdk.BUTTON_SECONDARY:
            one.emit("pressed", 1, *at)


async def test_the_menu_is_of_the_row_under_the_pointer() -> None:
    async with shown(Timeline()) as timeline:
        page = TimelinePage(timeline)
        await filled(timeline, recorded(3))
        right_click(page, 1)
        await eventually(lambda: menu(timeline).get_mapped())
        assert page.selected == 1
        actions = list(menu_items(menu(timeline).get_menu_model()).values())
        assert {"tab.edit-and-resend", "tab.resend", "tab.copy", "tab.copy-as"} <= set(actions)
        assert {"tab.filter-like", "tab.hide-like", "tab.star", "tab.note"} <= set(actions)
        menu(timeline).popdown()


async def test_the_menu_key_opens_it_for_the_row_with_the_focus() -> None:
    async with shown(Timeline()) as timeline:
        page = TimelinePage(timeline)
        await filled(timeline, recorded(3))
        timeline.go_to(2)
        await page.at_rest()
        bubble = Gtk.PropagationPhase.BUBBLE
        assert not key(page.list_view, Gdk.KEY_x, phase=bubble)
        assert key(page.list_view, Gdk.KEY_Menu, phase=bubble)
        await eventually(lambda: menu(timeline).get_mapped())
        assert page.selected == 2
        menu(timeline).popdown()


async def test_several_selected_rows_have_a_menu_of_their_own() -> None:
    async with shown(Timeline()) as timeline:
        page = TimelinePage(timeline)
        await filled(timeline, recorded(4))
        page.select(0)
        page.select_up_to(2)
        right_click(page, 1)
        await eventually(lambda: menu(timeline).get_mapped())
        assert timeline.several == 3
        actions = list(menu_items(menu(timeline).get_menu_model()).values())
        assert actions[:2] == ["tab.copy", "tab.save-payload"]
        assert "tab.star" in actions
        menu(timeline).popdown()
        right_click(page, 3)  # is not one of them
        assert page.selected == 3
        menu(timeline).popdown()


async def test_the_row_is_not_marked_once_its_menu_is_closed() -> None:
    async with shown(Timeline()) as timeline:
        page = TimelinePage(timeline)
        await filled(timeline, recorded(3))
        right_click(page, 1)
        await eventually(lambda: menu(timeline).get_mapped())
        cell = next(cell for cell, row in page.cells if row.number == 1)
        # GTK does this at the press, and undoes it at the release, which the menu gets.
        cell.set_state_flags(Gtk.StateFlags.ACTIVE, False)
        menu(timeline).popdown()
        await eventually(lambda: not cell.get_state_flags() & Gtk.StateFlags.ACTIVE)


async def test_a_closed_menu_gives_the_focus_back_to_its_row() -> None:
    async with shown(Timeline()) as timeline:
        page = TimelinePage(timeline)
        await filled(timeline, recorded(3))
        timeline.go_to(1)
        await page.at_rest()
        assert key(page.list_view, Gdk.KEY_Menu, phase=Gtk.PropagationPhase.BUBBLE)
        await eventually(lambda: has_focus(menu(timeline)))
        menu(timeline).popdown()
        await eventually(lambda: not menu(timeline).get_mapped())
        await page.at_rest()
        assert page.focused_number == 1
