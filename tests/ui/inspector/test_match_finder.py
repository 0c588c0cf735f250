"""Matches are found in a text that grows as in one that is whole, and nothing waits for it."""

from __future__ import annotations

import re
import time

import pytest
from gi.repository import Gtk
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.search.parser import parse
from spacebeam.ui.inspector.match_finder import MOST, MatchFinder
from tests.support.waiting import eventually

DENSE = ("ab" * 1000 + "\n") * 10  # as no text in the inspector has longer lines


class Searched:
    """A buffer that grows as it is told to."""

    def __init__(self, text: str = "") -> None:
        self.buffer = Gtk.TextBuffer()
        self.buffer.set_text(text)
        self.is_growing = False
        self.told = 0
        self.finder = MatchFinder(self.buffer, lambda: self.is_growing, self._on_found)

    def add(self, text: str, *, is_last: bool = False) -> None:
        self.buffer.insert(self.buffer.get_end_iter(), text)
        self.is_growing = not is_last
        self.finder.wake()

    @property
    def found(self) -> list[tuple[int, int]]:
        return list(zip(self.finder._starts, self.finder._ends, strict=True))

    @property
    def coloured(self) -> list[tuple[int, int]]:
        """Where the buffer has the colour of a match."""
        tag, place = self.finder._tag, self.buffer.get_start_iter()
        ranges = []
        while place.starts_tag(tag) or place.forward_to_tag_toggle(tag):
            if not place.starts_tag(tag):
                continue
            start = place.get_offset()
            place.forward_to_tag_toggle(tag)
            ranges.append((start, place.get_offset()))
        return ranges

    def _on_found(self) -> None:
        self.told += 1


def everywhere(word: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(word), text)]


def test_in_a_short_text_matches_are_there_at_once() -> None:
    searched = Searched("größer ist größer")
    searched.finder.look_for(parse("größ"))
    assert searched.finder.is_done
    assert searched.found == searched.coloured == [(0, 4), (11, 15)]


def test_anchors_mean_the_whole_text() -> None:
    searched = Searched("one\none")
    searched.finder.look_for(parse("/^one/"))
    assert searched.found == [(0, 3)]
    searched.finder.look_for(parse("/one$/"))
    assert searched.found == searched.coloured == [(4, 7)]


async def test_a_long_text_is_searched_to_its_end() -> None:
    text = "x" * 2040 + "needle" + "y" * 2045 + "needle" + "z" * 100_000 + "needle"
    searched = Searched(text)
    searched.finder.look_for(parse("needle"))
    await eventually(lambda: searched.finder.is_done)
    assert searched.found == searched.coloured == everywhere("needle", text)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=6), st.sampled_from([1, 700, 5000]))
def test_a_text_that_grows_gives_what_a_whole_one_does(gaps: list[int], piece: int) -> None:
    text = "".join("." * gap + "needle" for gap in gaps)
    searched = Searched()
    searched.is_growing = True
    searched.finder.look_for(parse("needle"))
    for start in range(0, len(text), max(piece, len(text) // 50)):
        searched.buffer.insert(
            searched.buffer.get_end_iter(), text[start : start + max(piece, len(text) // 50)]
        )
        searched.finder._go_on()
    searched.is_growing = False
    while searched.finder._go_on():
        pass
    searched.finder.stop()
    assert searched.found == searched.coloured == everywhere("needle", text)


async def test_a_match_over_many_windows_is_one() -> None:
    searched = Searched("." + "a" * 10_000 + ".")
    searched.finder.look_for(parse("/a+/"))
    await eventually(lambda: searched.finder.is_done)
    assert searched.found == searched.coloured == [(1, 10_001)]


async def test_while_the_text_grows_it_waits_for_more() -> None:
    searched = Searched()
    searched.is_growing = True
    searched.finder.look_for(parse("needle"))
    searched.add("needle" + "." * 8000 + "nee")
    await eventually(lambda: searched.finder._source == 0)
    assert not searched.finder.is_done
    assert searched.found == [(0, 6)]
    searched.add("dle", is_last=True)
    await eventually(lambda: searched.finder.is_done)
    assert searched.found == [(0, 6), (8006, 8012)]


async def test_no_more_than_so_many_are_found() -> None:
    searched = Searched(DENSE)
    searched.finder.look_for(parse("a"))
    await eventually(lambda: searched.finder.is_done)
    assert len(searched.finder) == MOST
    assert len(searched.coloured) == MOST


async def test_nothing_takes_long_however_many_there_are() -> None:
    """The bound is far above the slice of 2 ms, for other programs run too."""
    searched = Searched(DENSE)
    turns = []
    for wanted in ("a", "/[b]/i", ""):
        began = time.thread_time()
        searched.finder.look_for(parse(wanted))
        goes_on = True
        while goes_on:
            turns.append(time.thread_time() - began)
            began = time.thread_time()
            goes_on = searched.finder._go_on()
        searched.finder.stop()
    print(f"longest turn: {max(turns) * 1000:.1f} ms of {len(turns)}")
    assert max(turns) < 0.03


async def test_another_filter_takes_the_colour_of_the_one_before() -> None:
    searched = Searched(DENSE)
    searched.finder.look_for(parse("a"))
    await eventually(lambda: searched.finder.is_done)
    searched.finder.look_for(parse("needle"))
    searched.finder.look_for(parse("ba"))  # before all was taken away
    searched.finder.look_for(parse("/b\\n/"))
    await eventually(lambda: searched.finder.is_done)
    assert searched.coloured == searched.found


@pytest.mark.parametrize("text", ["", "is:sent size>10", "-one", "json:length(one)"])
def test_a_filter_without_a_text_colours_nothing(text: str) -> None:
    searched = Searched("one")
    searched.finder.look_for(parse("one"))
    assert searched.coloured
    searched.finder.look_for(parse(text))
    assert not searched.finder.is_on
    assert searched.finder.is_done
    assert searched.coloured == []


def test_the_one_that_is_gone_to_has_a_colour_of_its_own() -> None:
    searched = Searched("one two one")
    searched.finder.look_for(parse("one"))
    assert searched.finder.current == -1
    tag = searched.finder._current_tag
    assert searched.finder.go_to(1).get_offset() == 8
    assert searched.buffer.get_iter_at_offset(8).starts_tag(tag)
    searched.finder.go_to(0)
    assert searched.finder.current == 0
    assert searched.buffer.get_iter_at_offset(0).starts_tag(tag)
    assert not searched.buffer.get_iter_at_offset(8).has_tag(tag)


async def test_stop_leaves_nothing_running() -> None:
    searched = Searched(DENSE)
    searched.finder.look_for(parse("a"))
    searched.finder.stop()
    assert searched.finder.is_done
    assert not searched.finder._source
    count = len(searched.finder)
    searched.finder.wake()
    assert not searched.finder._source
    assert len(searched.finder) == count
