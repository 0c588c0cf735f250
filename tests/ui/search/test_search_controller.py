"""Searching a tab's recording: the filter bar, the rate graph and the timeline together."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from gi.repository import Gdk

from spacebeam.search.filter import TimeRange
from spacebeam.search.parser import parse
from tests.library.files import NOON, write_recording
from tests.support.waiting import eventually
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.tab import TabPage, opened_tab


@contextlib.asynccontextmanager
async def showing(folder: Path) -> AsyncIterator[TabPage]:
    """A tab with a recording of three entries, and the filter bar open."""
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(folder / "a.beam", "one", "two", "three"))
        tab.do("tab.find")
        await eventually(tab.session_page.filter.entry.get_mapped)
        yield tab


async def test_closing_the_bar_focuses_the_selected_match(tmp_path: Path) -> None:
    async with showing(tmp_path) as tab:
        page = tab.session_page
        page.filter.type_filter("two")
        await tab.timeline.at_rest()
        tab.do("tab.next-match")
        await tab.timeline.at_rest()
        page.filter.press_key(Gdk.KEY_Escape)
        await tab.timeline.at_rest()
        assert tab.timeline.selected == 1
        assert tab.timeline.numbers == [0, 1, 2]
        assert has_focus(tab.timeline.list_view)


async def test_actions_on_an_entry_need_a_selection(tmp_path: Path) -> None:
    async with showing(tmp_path) as tab:
        actions = ("tab.star", "tab.hide-like", "tab.copy")
        assert not any(map(tab.can, actions))
        tab.timeline.widget.go_to(1)
        await tab.timeline.at_rest()
        assert all(map(tab.can, actions))
        tab.timeline.widget.unselect()
        assert not any(map(tab.can, actions))


async def test_hiding_entries_like_one_selects_the_next_entry(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        said = ('{"type":"beat"}', '{"type":"beat"}', '{"type":"trade"}', '{"type":"beat"}')
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", *said))
        tab.timeline.widget.go_to(1)
        await tab.timeline.at_rest()
        tab.do("tab.hide-like")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [2]
        assert tab.timeline.selected == 2
        assert has_focus(tab.timeline.list_view)


async def test_a_filter_of_errors_alone_counts_nothing(tmp_path: Path) -> None:
    async with showing(tmp_path) as tab:
        page = tab.session_page
        for text, count in (("two", "1 of 3"), ("is:foo", ""), ("two is:foo", "1 of 3")):
            page.filter.type_filter(text)
            await tab.timeline.at_rest()
            assert page.filter.count == count
        page.filter.type_filter("nowhere is:foo")
        await tab.timeline.at_rest()
        assert not page.filter.explains_no_matches


async def test_messages_that_cannot_be_searched_are_reported(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
        await tab.widget.open_recording(
            write_recording(tmp_path / "a.beam", deep, '{"a":[]}', deep)
        )
        page = tab.session_page
        page.filter.widget.show_text("json:to_string(a)=[]")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [1]
        said = "2 messages could not be searched: they are too long or nested too deeply."
        assert said in page.filter.words
        page.filter.widget.show_text("json:a")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [0, 1, 2]
        assert said not in page.filter.words


async def test_opening_a_recording_focuses_its_timeline(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(
            write_recording(tmp_path / "a.beam", *map(str, range(2000)))
        )
        await tab.timeline.at_rest()
        assert has_focus(tab.timeline.list_view)
        assert tab.timeline.widget.is_following
        assert tab.timeline.selected == -1


async def test_a_jump_shows_the_entries_around_it_above_the_inspector(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", *map(str, range(500))))
        page = tab.session_page
        await tab.timeline.at_rest()
        tab.timeline.widget.go_to(250)
        await tab.timeline.at_rest()
        assert page.is_inspecting
        assert {248, 250, 252} <= set(tab.timeline.in_sight)


async def test_a_selected_time_span_is_shown_from_its_start(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(
            write_recording(tmp_path / "a.beam", *map(str, range(2000)))
        )
        page = tab.session_page
        await tab.timeline.at_rest()
        page.rates.widget.emit("range-chosen", NOON + 500, NOON + 1500)
        await tab.timeline.at_rest()
        assert len(tab.timeline.numbers) == 1000
        first = tab.timeline.numbers[0]
        assert first in tab.timeline.in_sight
        page.filter.press_key(Gdk.KEY_Escape)
        await tab.timeline.at_rest()
        assert first in tab.timeline.in_sight


async def test_each_step_goes_to_another_match(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        said = ("hay and hay", "straw", "hay")
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", *said))
        page = tab.session_page
        tab.do("tab.find")
        page.filter.type_filter("hay")
        await tab.timeline.at_rest()
        seen = []
        for action in ["tab.next-match"] * 3 + ["tab.previous-match"] * 2:
            tab.do(action)
            await tab.timeline.at_rest()
            await eventually(lambda: page.inspector.is_searched and page.inspector.match >= 0)
            seen.append((tab.timeline.selected, page.inspector.match))
        assert seen == [(0, 0), (0, 1), (2, 0), (0, 1), (0, 0)]


async def test_a_step_skips_matches_beyond_the_shown_part(
    tmp_path: Path,
) -> None:
    async with opened_tab() as tab:
        hay = "hay " * 150_000  # it is beyond what is shown of it
        said = (hay + "needle", hay + "needle", hay)
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", *said))
        page = tab.session_page
        tab.do("tab.find")
        page.filter.type_filter("needle")
        await tab.timeline.at_rest()
        for number in (0, 1):
            tab.do("tab.next-match")
            await eventually(lambda: page.inspector.is_searched)
            await tab.timeline.at_rest()
            assert tab.timeline.selected == number


async def test_closing_the_bar_without_a_selection_focuses_the_composer(
    tmp_path: Path,
) -> None:
    async with showing(tmp_path) as tab:
        page = tab.session_page
        page.filter.press_key(Gdk.KEY_Escape)
        assert tab.composer.has_focus


@pytest.mark.parametrize(("hour", "is_twice"), [(0, False), (1, True), (2, True), (3, False)])
async def test_a_selected_time_in_a_repeated_hour_is_unambiguous(
    hour: int, is_twice: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        began = datetime(2026, 10, 25, hour, 50).timestamp()
        async with showing(tmp_path) as tab:
            page = tab.session_page
            page.rates.widget.emit("range-chosen", began, began + 1200)
            chosen = parse(page.filter.text).conditions
            asked = [one.moment.unix_time for one in chosen if isinstance(one, TimeRange)]
            assert asked == [began, began + 1200]
            assert ("@" in page.filter.text) is is_twice
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_the_graph_clears_its_selection_when_the_filter_drops_the_time(
    tmp_path: Path,
) -> None:
    async with showing(tmp_path) as tab:
        page = tab.session_page
        tab.do("tab.rates")
        await eventually(lambda: page.rates.is_drawn)
        page.rates.plot.drag(0.1, 0.4)
        assert page.rates.widget.chosen is not None
        assert "after:" in page.filter.text
        page.filter.type_filter(f"three {page.filter.text}")
        assert page.rates.widget.chosen is not None
        page.filter.type_filter("three")
        assert page.rates.widget.chosen is None


async def test_the_selected_entry_stays_in_its_place_while_a_filter_is_typed(
    tmp_path: Path,
) -> None:
    said = [f"n{number}" if number % 7 else f"seven n{number}" for number in range(2000)]
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", *said))
        tab.do("tab.find")
        tab.timeline.widget.go_to(1000)
        await tab.timeline.at_rest()

        def top() -> int:
            """Return where the selected row or the next one is, in pixels."""
            shown = tab.timeline.tops_in_sight
            return next(round(top) for top, row in shown if row.number >= 1000)

        before = top()
        assert before > tab.timeline.row_height
        for typed in ("n1", "n10", "N1", "-x", ""):
            tab.session_page.filter.type_filter(typed)
            await tab.timeline.at_rest()
            assert abs(top() - before) <= 1, typed
        assert tab.timeline.selected == 1000
