"""A text view scrolls to its cursor, also while lines are being laid out."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from gi.repository import Gtk

from spacebeam.ui.inspector.cursor_scroller import CursorScroller
from tests.support.waiting import eventually, settled
from tests.ui.doing import shown


@contextlib.asynccontextmanager
async def text_view(lines: int) -> AsyncIterator[tuple[CursorScroller, Gtk.Adjustment]]:
    """A view of `lines` lines, with the cursor in the last one; some of them are laid out."""
    view = Gtk.TextView()
    async with shown(Gtk.ScrolledWindow(child=view)):
        await eventually(view.get_height)
        adjustment = view.get_vadjustment()
        assert adjustment is not None
        before = adjustment.get_upper()
        view.get_buffer().set_text("\n".join(["a line"] * lines))
        view.get_buffer().place_cursor(view.get_buffer().get_end_iter())
        await eventually(lambda: lines == 1 or adjustment.get_upper() > before)
        yield CursorScroller(view), adjustment


async def test_the_cursor_is_scrolled_to_while_lines_are_being_laid_out() -> None:
    async with text_view(50_000) as (scroller, adjustment):
        begun = adjustment.get_upper()
        scroller.scroll()
        await eventually(lambda: scroller.is_done)
        assert adjustment.get_upper() > begun
        await settled(adjustment.get_value)
        assert adjustment.get_value() == adjustment.get_upper() - adjustment.get_page_size()


async def test_scrolling_ends_when_the_person_scrolls() -> None:
    async with text_view(50_000) as (scroller, adjustment):
        scroller.scroll()
        adjustment.set_value(100)
        await eventually(lambda: scroller.is_done)
        await settled(lambda: (adjustment.get_value(), adjustment.get_upper()))
        # GTK keeps the line in sight, not the number, while those above get their heights.
        assert adjustment.get_value() < 1000 < adjustment.get_upper() / 2


async def test_a_visible_cursor_is_not_scrolled_to() -> None:
    async with text_view(1) as (scroller, adjustment):
        scroller.scroll()
        await eventually(lambda: scroller.is_done)
        assert adjustment.get_value() == 0
