"""A long text is shown in pages, and only one of them is laid out."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest
from gi.repository import Gtk

from spacebeam.decode.hex import HexRendering
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.text import TextRendering
from spacebeam.ui.inspector.paged_text import PagedText
from spacebeam.ui.inspector.pages import MAX_LINE, PAGE_CHARACTERS
from tests.support.waiting import eventually, settled
from tests.ui.doing import shown
from tests.ui.pageobjects.inspector import InspectorPage

MIB = 1024 * 1024
MAX_PAGE = PAGE_CHARACTERS + MAX_LINE + 1
LINES = b"".join(b"line %d\n" % number for number in range(20_000))
JSON = b"[" + b",".join(b'{"number":%d,"name":"trade"}' % number for number in range(5000)) + b"]"


async def opened(view: PagedText, payload: bytes) -> InspectorPage:
    """Show a payload as text, and wait for its first page."""
    page = InspectorPage(view)
    view.show_rendering(TextRendering(payload), len(payload))
    await settled(lambda: page.size)
    return page


async def turn(page: InspectorPage, label: str) -> None:
    """Press a button, and wait until another page is complete."""
    before = page.words
    page.press(label)
    await eventually(lambda: page.words != before)
    await settled(lambda: page.size)


async def test_a_short_text_has_no_pages() -> None:
    async with shown(PagedText()) as view:
        page = await opened(view, b"short")
        assert page.text == "short"
        assert not page.offers("Next page")
        assert page.words == []


@pytest.mark.parametrize(
    "rendering",
    [
        JsonRendering(b"[" * 293 * 1024),
        JsonRendering(JSON),
        TextRendering(b"x" * 5 * MIB),
        HexRendering(bytes(16 * MIB)),
    ],
    ids=["brackets", "json", "one line", "binary"],
)
async def test_at_most_one_page_is_laid_out_and_inserted_in_small_parts(
    rendering: JsonRendering | TextRendering | HexRendering,
) -> None:
    inserted: list[int] = []
    original = Gtk.TextBuffer.insert

    def insert(buffer: Gtk.TextBuffer, place: Gtk.TextIter, text: str) -> None:
        inserted.append(len(text))
        original(buffer, place, text)

    with patch.object(Gtk.TextBuffer, "insert", insert):
        async with shown(PagedText()) as view:
            page = InspectorPage(view)
            view.show_rendering(rendering, 16 * MIB)
            await page.wait_for("Page 1")
            await settled(lambda: page.size)
            assert 0 < page.size <= MAX_PAGE
            assert max(map(len, page.text.split("\n"))) <= MAX_LINE
            assert sum(inserted) == page.size
            assert max(inserted) <= 4096


async def test_every_line_is_on_a_page_and_pages_turn_both_ways() -> None:
    async with shown(PagedText()) as view:
        page = await opened(view, LINES)
        assert not page.offers("Previous page")
        read = page.text
        while page.offers("Next page"):
            await turn(page, "Next page")
            read += page.text
        assert read == LINES.decode()
        count = page.page
        assert page.words == [f"Page {count} of {count}"]
        page.press("Previous page")
        await eventually(lambda: not page.text.endswith("line 19999\n"))
        await page.wait_for(f"Page {count - 1} of {count}")
        await eventually(lambda: page.is_at_end and page.scrolled)
        page.press("First page")
        await eventually(lambda: page.text.startswith("line 0\n"))
        await settled(lambda: (page.size, page.scrolled, page.height))
        assert page.scrolled == 0


async def test_progress_is_shown_until_the_last_page_is_read() -> None:
    async with shown(PagedText()) as view:
        page = await opened(view, LINES * 40)
        first = page.text
        page.press("Last page")
        await eventually(lambda: page.progress)
        assert page.text == first
        await eventually(lambda: page.text.endswith("line 19999\n"))
        assert page.progress is None
        assert not page.offers("Next page")
        await eventually(lambda: page.is_at_end and page.scrolled)


async def test_the_end_of_a_dump_does_not_scroll_it_sideways() -> None:
    async with shown(PagedText(), 360, 400) as view:
        page = InspectorPage(view)
        view.show_rendering(HexRendering(bytes(200_000)), 200_000, is_wrapped=False)
        await page.wait_for("Page 1")
        page.press("Last page")
        await eventually(lambda: page.is_at_end and page.scrolled)
        assert page.scrolled_sideways == 0


async def test_stop_leaves_the_page_that_is_shown() -> None:
    async with shown(PagedText()) as view:
        page = await opened(view, b"x\n" * 32 * MIB)
        first = page.text
        page.press("Last page")
        await eventually(lambda: page.progress)
        page.press("Stop")
        assert page.progress is None
        assert page.text == first
        assert page.words == ["Page 1"]
        page.press("Next page")
        await page.wait_for("Page 2")


async def test_another_text_replaces_a_text_that_is_being_read() -> None:
    async with shown(PagedText()) as view:
        page = await opened(view, b"x\n" * 32 * MIB)
        page.press("Last page")
        await eventually(lambda: page.progress)
        view.show_rendering(TextRendering(b"short"), 5)
        await page.shows("short")
        assert page.progress is None
        view.clear()
        assert page.text == ""
        assert page.words == []


async def test_each_page_is_coloured_by_its_own_text() -> None:
    async with shown(PagedText()) as view:
        page = InspectorPage(view)
        view.show_rendering(JsonRendering(JSON), len(JSON))
        await eventually(lambda: page.offers("Next page"))
        page.press("Next page")
        await page.wait_for("Page 2")
        await eventually(lambda: len(page.coloured("number")) == page.text.count('"number": '))
        assert set(page.coloured("key")) == {'"number"', '"name"'}
        assert set(page.coloured("string")) == {'"trade"'}
        assert all(number.isdigit() for number in page.coloured("number"))


async def test_selected_text_is_dragged_and_pasted_without_the_breaks_of_long_lines() -> None:
    async with shown(PagedText()) as view:
        page = await opened(view, b"x" * 3 * MAX_LINE)
        assert page.text.count("\n") == 2
        assert await page.dragged(MAX_LINE - 5) is None  # nothing is selected
        page.select(MAX_LINE - 10, MAX_LINE + 11)
        assert await page.dragged(MAX_LINE - 5) == "x" * 20
        assert await page.dragged(5) is None  # a press there selects
        while await page.offered_to_middle_click() != "x" * 20:
            await asyncio.sleep(0.01)
        page.select(0, 0)
        assert await page.dragged(MAX_LINE - 5) is None
