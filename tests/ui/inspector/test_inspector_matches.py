"""Moving between the matches of a payload, over all of its pages."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Kind
from spacebeam.search.parser import parse
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.pages import PAGE_CHARACTERS
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.recordings import entry

HAY = b"a long line of hay without a point\n" * 8000  # five pages
DENSE = ("ab" * 900 + "\n") * 10


async def test_matches_are_shown_in_turn_and_counted() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two one two one"))
        await page.wait_for("3 in this message")
        await eventually(lambda: page.coloured("match") == ["one"] * 3)
        assert inspector.next_match()
        assert "1 of 3 in this message" in page.words
        assert page.ranges("current-match") == [(0, 3)]
        assert inspector.next_match()
        assert inspector.next_match()
        assert page.ranges("current-match") == [(16, 19)]
        assert not inspector.next_match()
        assert "3 of 3 in this message" in page.words
        assert inspector.previous_match()
        assert "2 of 3 in this message" in page.words


async def test_previous_match_begins_with_the_last() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two one"))
        await page.wait_for("2 in this message")
        assert inspector.previous_match()
        assert "2 of 2 in this message" in page.words
        assert inspector.previous_match()
        assert not inspector.previous_match()


async def test_without_a_filter_no_match_is_offered() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"one"))
        assert not inspector.next_match()
        assert not page.offers("Next match in this message")
        inspector.show_highlights(parse("one"))
        await page.wait_for("1 in this message")
        assert page.offers("Next match in this message")
        inspector.show_highlights(None)
        assert not page.offers("Next match in this message")
        assert not inspector.next_match()
        await eventually(lambda: page.coloured("match") == [])


async def test_another_format_is_searched_again() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse('"a":1'))
        inspector.show_highlights(parse("/a.*1/"))
        inspector.show_entry(entry(b'{"a":1}'))
        page.toggle_tree()
        await page.wait_for("1 in this message")
        inspector.next_match()
        page.choose("Text")
        await page.wait_for("1 in this message")
        await eventually(lambda: page.ranges("match") == [(2, 6)])


@pytest.mark.parametrize("before", [b"line\n" * 500, HAY], ids=["this page", "another page"])
async def test_the_first_match_of_an_entry_is_scrolled_to(before: bytes) -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(before + b"needle"))
        await eventually(lambda: page.scrolled > 0 and page.text.endswith("needle"))
        await eventually(lambda: page.coloured("match") == ["needle"])


async def test_the_first_match_is_not_scrolled_to_after_the_person_scrolled() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(HAY + b"needle"))
        await eventually(lambda: page.size >= PAGE_CHARACTERS)
        inspector.show_highlights(parse("needle"))
        await page.wait_for("1 in this message")
        assert page.scrolled == 0

        inspector.show_entry(entry(HAY * 10 + b"needle"))
        # The height is the earlier entry's until the page is there.
        await eventually(lambda: page.size >= PAGE_CHARACTERS and page.height > 2000)
        page.scroll(1000)
        await page.wait_for("1 in this message")
        await settled(lambda: page.scrolled)
        # GTK keeps the line in sight, not the number, while those above get their heights.
        assert page.scrolled > 0
        assert page.page == 1


async def test_next_match_waits_until_the_search_finds_one() -> None:
    async with shown(Inspector()) as inspector:
        page, ended = InspectorPage(inspector), Heard(inspector, "matches-ended")
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(b"needle" + HAY + b"needle"))
        assert inspector.next_match()
        await eventually(lambda: page.match == 0)
        assert inspector.next_match()
        await page.wait_for("2 of 2 in this message")
        await eventually(lambda: page.text.endswith("needle"))  # the last page
        await eventually(lambda: page.coloured("current-match") == ["needle"])
        assert ended == []
        assert not inspector.next_match()
        assert inspector.previous_match()
        await eventually(lambda: page.ranges("current-match") == [(0, 6)])
        assert any(one.startswith("Page 1 of ") for one in page.words)


async def test_next_match_begins_at_the_page_that_is_shown() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"needle" + HAY + b"needle"))
        await eventually(lambda: page.offers("Next page"))
        page.press("Next page")
        await page.wait_for("Page 2")
        inspector.show_highlights(parse("needle"))
        assert inspector.next_match()
        await page.wait_for("2 of 2 in this message")
        await eventually(lambda: page.page > 2 and not page.offers("Next page"))


async def test_matches_ended_is_emitted_if_no_further_match_is_found() -> None:
    async with shown(Inspector()) as inspector:
        page, ended = InspectorPage(inspector), Heard(inspector, "matches-ended")
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(b"needle" + HAY * 4))
        assert inspector.next_match()
        await eventually(lambda: page.match == 0)
        assert inspector.next_match()
        await eventually(lambda: ended)
        assert ended == [1]
        assert "1 of 1 in this message" in page.words


async def test_a_pending_next_match_is_dropped_with_its_entry() -> None:
    async with shown(Inspector()) as inspector:
        page, ended = InspectorPage(inspector), Heard(inspector, "matches-ended")
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(HAY))
        assert inspector.next_match()
        inspector.show_entry(entry(b"needle"))
        await page.wait_for("1 in this message")
        inspector.clear()
        assert ended == []
        assert not page.offers("Next match in this message")


async def test_matches_of_a_partial_payload_are_counted_as_such() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two", size=1000))
        await InspectorPage(inspector).wait_for("1 in the part shown")


async def test_the_buttons_move_between_matches() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two one"))
        await page.wait_for("2 in this message")
        page.press("Next match in this message")
        assert "1 of 2 in this message" in page.words
        page.press("Next match in this message")
        page.press("Previous match in this message")
        assert "1 of 2 in this message" in page.words


async def test_a_long_search_shows_its_progress_and_can_be_stopped() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(HAY * 200))
        await eventually(lambda: "Looking for matches… 1%" in page.words)
        page.press("Stop")
        (words,) = [one for one in page.words if "match" in one]
        assert words.startswith("No match in the first ")
        assert not page.offers("Stop")


async def test_in_a_dump_only_the_payload_matches() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("00"))
        inspector.show_entry(entry(b"\x00\x01 100 \xff" + b"\x00" * 40, Kind.BINARY))
        await page.wait_for("1 in this message")
        assert inspector.next_match()
        await eventually(lambda: page.ranges("current-match") == [(64, 66)])
        inspector.show_highlights(parse("ff"))
        await page.wait_for("No match in this view")


async def test_another_filter_replaces_the_colours() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(DENSE.encode()))
        inspector.show_highlights(parse("a"))
        await eventually(lambda: len(page.ranges("match")) > 10)
        inspector.show_highlights(parse("needle"))
        inspector.show_highlights(parse("/b\\n/"))
        await eventually(lambda: page.coloured("match") == ["b\n"] * 10)


async def test_many_matches_on_a_page_are_all_coloured() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"a.b." * 1200))
        inspector.show_highlights(parse("a"))
        await page.wait_for("1,200 in this message")  # to look at all of them takes long
        await eventually(lambda: len(page.ranges("match")) == 1200)


async def test_a_match_across_the_break_of_a_long_line_is_coloured_whole() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(b"x" * 497 + b"needle" + b"x" * 900 + b"needle"))
        await eventually(lambda: page.coloured("match") == ["nee\ndle", "needle"])


async def test_an_entry_shown_before_the_inspector_has_a_size_is_not_scrolled() -> None:
    """Without a size every character would have a line of its own."""
    inspector = Inspector()
    inspector.show_highlights(parse("needle"))
    lines = b"a line that is not long\n" * 4
    inspector.show_entry(entry(lines + b"needle\n" + lines * 10))
    async with shown(inspector, 360, 400):
        page = InspectorPage(inspector)
        await page.wait_for("1 in this message")
        await settled(lambda: (page.scrolled, page.height))
        assert page.scrolled == 0
