"""The search finds matches on all pages of a payload, in small steps."""

from __future__ import annotations

import re

import pytest
from gi.repository import GLib
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.decode.hex import HexRendering
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.text import TextRendering
from spacebeam.search.parser import parse
from spacebeam.ui.inspector.match_finder import MAX_MATCHES, MatchFinder
from spacebeam.ui.inspector.pages import MAX_LINE, PAGE_CHARACTERS, PageReader
from tests.support.waiting import eventually

DENSE = "ab" * 20_000


class Searched:
    """A finder that searches a text."""

    def __init__(self, text: str, wanted: str = "") -> None:
        self.reports = 0
        self.finder = MatchFinder(self._on_found)
        payload = text.encode()
        self.finder.search(PageReader(TextRendering(payload)), len(payload))
        if wanted:
            self.finder.look_for(parse(wanted))

    @property
    def found(self) -> list[tuple[int, int]]:
        """The matches, in the whole text."""
        return [self.finder[place] for place in range(len(self.finder))]

    async def all(self) -> list[tuple[int, int]]:
        await eventually(lambda: self.finder.is_done)
        return self.found

    def _on_found(self) -> None:
        self.reports += 1


def everywhere(word: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(word), text)]


async def test_matches_are_found_in_order() -> None:
    searched = Searched("größer ist größer", "größ")
    assert await searched.all() == [(0, 4), (11, 15)]
    assert searched.reports


async def test_anchors_match_only_at_the_ends_of_the_text() -> None:
    assert await Searched("one\none", "/^one/").all() == [(0, 3)]
    assert await Searched("one\none", "/one$/").all() == [(4, 7)]


async def test_a_long_text_is_searched_to_its_end() -> None:
    text = "x" * 2040 + "needle" + "y" * 2045 + "needle" + "z" * 300_000 + "needle"
    searched = Searched(text, "needle")
    assert await searched.all() == everywhere("needle", text)
    pages = [searched.finder.page_of(place) for place in range(3)]
    assert pages == sorted(pages)
    assert pages[0] == 0 < pages[2]
    assert searched.finder.first_on_page(1) == 2


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=6))
def test_matches_are_found_wherever_windows_and_pages_end(gaps: list[int]) -> None:
    text = "".join("." * gap + "needle" for gap in gaps)
    searched = Searched(text)
    searched.finder.look_for(parse("needle"))
    while not searched.finder.is_done:
        GLib.MainContext.default().iteration(may_block=True)
    assert searched.found == everywhere("needle", text)


@pytest.mark.parametrize("before", range(MAX_LINE - 6, MAX_LINE + 1))
async def test_a_match_where_a_long_line_is_broken_is_found(before: int) -> None:
    text = "x" * before + "needle"
    assert await Searched(text, "needle").all() == [(before, before + 6)]


async def test_a_match_longer_than_a_window_is_one_match() -> None:
    assert await Searched("." + "a" * 10_000 + ".", "/a+/").all() == [(1, 10_001)]


async def test_a_match_over_two_pages_is_on_both() -> None:
    text = "." * (PAGE_CHARACTERS - 200) + "a" * 400 + "." * PAGE_CHARACTERS
    searched = Searched(text, "/a+/")
    ((start, end),) = await searched.all()
    ((_first, on_first),) = searched.finder.on_page(0)
    ((_second, on_second),) = searched.finder.on_page(1)
    assert (on_first[1] - on_first[0]) + (on_second[1] - on_second[0]) == end - start == 400
    assert on_first[0] == start
    assert on_second[0] == 0
    assert list(searched.finder.on_page(2)) == []


async def test_the_number_of_matches_is_limited() -> None:
    searched = Searched(DENSE, "a")
    assert len(await searched.all()) == MAX_MATCHES


async def test_another_filter_replaces_the_search() -> None:
    searched = Searched(DENSE, "a")
    searched.finder.look_for(parse("needle"))
    searched.finder.look_for(parse("b"))
    assert await searched.all() == everywhere("b", DENSE)[:MAX_MATCHES]


@pytest.mark.parametrize("text", ["", "is:sent size>10", "-one", "json:length(one)"])
async def test_a_filter_without_a_text_finds_nothing(text: str) -> None:
    searched = Searched("one", "one")
    assert await searched.all()
    searched.finder.look_for(parse(text))
    assert not searched.finder.is_on
    assert searched.finder.is_done
    assert searched.found == []


async def test_after_stop_the_matches_and_the_progress_remain() -> None:
    text = "needle" + "x" * 5_000_000
    searched = Searched(text, "needle")
    await eventually(lambda: searched.finder.progress > 0)
    assert not searched.finder.is_done
    searched.finder.stop()
    assert searched.finder.is_done
    assert searched.finder.is_stopped
    assert 0 < searched.finder.progress < 1
    assert searched.found == [(0, 6)]


async def test_text_added_by_a_decoder_is_never_a_match() -> None:
    finder = MatchFinder(lambda: None)
    finder.look_for(parse("00"))
    finder.search(PageReader(HexRendering(b"\x00\x01 100 \xff" + bytes(40))), 48)
    await eventually(lambda: finder.is_done)
    assert [found for _place, found in finder.on_page(0)] == [(64, 66)]
    finder.look_for(parse("levels"))
    finder.search(PageReader(JsonRendering(b"[" * 40)), 40)
    await eventually(lambda: finder.is_done)
    assert len(finder) == 0
