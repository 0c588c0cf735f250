"""The composer grows with its text, and can be dragged larger."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from gi.repository import Gtk

from spacebeam.library.settings import load
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.height_handle import HeightHandle
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, serving, shown
from tests.ui.pageobjects.composer import ComposerPage
from tests.ui.pageobjects.tab import opened_tab

HEIGHT = 600  # pixels of the window


@contextlib.asynccontextmanager
async def composing() -> AsyncIterator[ComposerPage]:
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    composer = Composer()
    box.append(Gtk.Label(vexpand=True))
    box.append(composer)
    async with shown(box, 800, HEIGHT):
        page = ComposerPage(composer)
        await settled(lambda: page.height)
        yield page


def drag(handle: HeightHandle, upwards: int) -> None:
    """Drag the handle."""
    (gesture,) = (one for one in handle.observe_controllers() if isinstance(one, Gtk.GestureDrag))
    gesture.emit("drag-begin", 5.0, 0.0)
    gesture.emit("drag-update", 0.0, float(-upwards))
    gesture.emit("drag-end", 0.0, 0.0)  # the handle has moved along


async def test_the_text_grows_to_a_third_of_the_window_and_then_scrolls() -> None:
    async with composing() as page:
        one_line = page.height
        page.type_message("\n".join("12345"))
        await eventually(lambda: page.height > one_line + 30)
        page.type_message("\n" * 500)
        await eventually(lambda: abs(page.height - HEIGHT // 3) < 30)
        page.type_message("")
        await eventually(lambda: page.height == one_line)


async def test_a_text_is_scrolled_only_once_the_field_grows_no_more() -> None:
    async with composing() as page:
        field, scrolled = page.field, page.child("_scrolled_window", Gtk.ScrolledWindow)
        adjustment = scrolled.get_vadjustment()

        def is_scrolled() -> bool:
            return adjustment.get_value() > 0

        while not is_scrolled():
            before = page.height
            field.emit("insert-at-cursor", "line\n")
            field.scroll_mark_onscreen(field.get_buffer().get_insert())  # as typing does
            await eventually(lambda before=before: page.height > before or is_scrolled())  # type: ignore[misc]
        assert abs(page.height - HEIGHT // 3) < 30
        await eventually(lambda: scrolled.get_policy()[1] is Gtk.PolicyType.AUTOMATIC)
        page.type_message("one\ntwo")
        await eventually(lambda: scrolled.get_policy()[1] is Gtk.PolicyType.EXTERNAL)
        assert not is_scrolled()


async def test_it_is_dragged_larger_and_a_double_click_ends_that() -> None:
    async with composing() as page:
        one_line, handle = page.height, page.widget.height_handle
        chosen = Heard(handle, "height-chosen")
        drag(handle, 150)
        await eventually(lambda: page.height == one_line + 150)
        assert chosen == [one_line + 150]
        drag(handle, 5000)
        await eventually(lambda: page.height == int(HEIGHT * 0.6))
        (click,) = (
            one for one in handle.observe_controllers() if isinstance(one, Gtk.GestureClick)
        )
        click.emit("released", 2, 1.0, 1.0)
        await eventually(lambda: page.height == one_line)
        assert chosen[-1] == 0


async def test_the_height_is_saved_and_shown_in_every_tab(settings_path: Path) -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        before = tab.composer.height
        drag(tab.composer.widget.height_handle, 100)
        await eventually(lambda: tab.composer.height == before + 100)
        assert load(settings_path).composer_height == before + 100
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.composer.height == before + 100)


async def test_a_paste_does_not_move_the_panes_for_good() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await tab.session_page.select(0)
        panes = tab.session_page.widget.panes
        await settled(panes.get_position)
        before, height = panes.get_position(), tab.composer.height
        for _ in range(3):
            tab.composer.type_message("line\n" * 100)
            await eventually(lambda: tab.composer.height > height)
            tab.composer.type_message("")
            await eventually(lambda: tab.composer.height == height)
        await eventually(lambda: panes.get_position() == before)
