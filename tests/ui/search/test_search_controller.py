"""Finding in a tab's recording: the bar, the graph and the timeline together."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam.search.filter import TimeRange
from spacebeam.search.parser import parse
from spacebeam.ui.window.tab import Tab
from tests.library.files import NOON, write_recording
from tests.support.waiting import eventually
from tests.ui.doing import shown_tab, words
from tests.ui.inspector.inspector_page import InspectorPage
from tests.ui.timeline.lists import at_rest, in_sight, numbers


@contextlib.asynccontextmanager
async def showing(folder: Path) -> AsyncIterator[Tab]:
    """A tab with a recording in it, and the filter's bar open."""
    async with shown_tab() as tab:
        await tab.open_recording(write_recording(folder / "a.beam", "one", "two", "three"))
        tab.activate_action("tab.find", None)
        await eventually(tab._conversation_page.filter_bar._entry.get_mapped)
        yield tab


def cursor(tab: Tab) -> Gtk.Widget | None:
    root = tab.get_root()
    return root.get_focus() if isinstance(root, Gtk.Window) else None


async def test_when_the_bar_is_shut_keys_go_to_what_was_found(tmp_path: Path) -> None:
    async with showing(tmp_path) as tab:
        page = tab._conversation_page
        page.filter_bar.show_text("two")
        await at_rest(page.timeline)
        tab.activate_action("tab.next-match", None)
        await at_rest(page.timeline)
        page.filter_bar.close()
        await at_rest(page.timeline)
        assert page.timeline.selected == 1
        assert numbers(page.timeline) == [0, 1, 2]
        held = cursor(tab)
        assert held is not None
        assert held.is_ancestor(page.timeline._list_view)


async def test_what_is_done_to_an_entry_needs_one_that_is_selected(tmp_path: Path) -> None:
    async with showing(tmp_path) as tab:
        names = ("star", "hide-like", "copy")
        assert not any(map(tab._actions.get_action_enabled, names))
        tab._conversation_page.timeline.go_to(1)
        await at_rest(tab._conversation_page.timeline)
        assert all(map(tab._actions.get_action_enabled, names))
        tab._conversation_page.timeline.unselect()
        assert not any(map(tab._actions.get_action_enabled, names))


async def test_where_entries_like_one_are_hidden_the_next_is_selected(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        said = ('{"type":"beat"}', '{"type":"beat"}', '{"type":"trade"}', '{"type":"beat"}')
        await tab.open_recording(write_recording(tmp_path / "a.beam", *said))
        timeline = tab._conversation_page.timeline
        timeline.go_to(1)
        await at_rest(timeline)
        tab.activate_action("tab.hide-like", None)
        await at_rest(timeline)
        assert numbers(timeline) == [2]
        assert timeline.selected == 2
        held = cursor(tab)
        assert held is not None
        assert held.is_ancestor(timeline._list_view)


async def test_what_is_nothing_but_a_mistake_counts_nothing(tmp_path: Path) -> None:
    async with showing(tmp_path) as tab:
        page = tab._conversation_page
        for text, count in (("two", "1 of 3"), ("is:foo", ""), ("two is:foo", "1 of 3")):
            page.filter_bar.show_text(text)
            await at_rest(page.timeline)
            assert page.filter_bar._count_label.get_text() == count
        page.filter_bar.show_text("nowhere is:foo")
        await at_rest(page.timeline)
        assert not page.filter_bar._no_matches_label.get_visible()


async def test_messages_that_cannot_be_searched_are_reported(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        deep = '{"a":' + "[" * 5000 + "]" * 5000 + "}"
        await tab.open_recording(write_recording(tmp_path / "a.beam", deep, '{"a":[]}', deep))
        page = tab._conversation_page
        page.filter_bar.show_text("json:to_string(a)=[]")
        await at_rest(page.timeline)
        assert numbers(page.timeline) == [1]
        said = "2 messages could not be searched: the JSON is nested too deeply."
        assert said in words(page.filter_bar)
        page.filter_bar.show_text("json:a")
        await at_rest(page.timeline)
        assert numbers(page.timeline) == [0, 1, 2]
        assert said not in words(page.filter_bar)


async def test_the_cursor_is_in_the_timeline_of_what_was_recorded_earlier(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        await tab.open_recording(write_recording(tmp_path / "a.beam", *map(str, range(2000))))
        timeline = tab._conversation_page.timeline
        await at_rest(timeline)
        held = cursor(tab)
        assert held is not None
        assert held.is_ancestor(timeline._list_view)
        assert timeline.is_following
        assert timeline.selected == -1


async def test_what_stands_around_a_place_is_seen_beside_the_inspector_too(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        await tab.open_recording(write_recording(tmp_path / "a.beam", *map(str, range(500))))
        page = tab._conversation_page
        await at_rest(page.timeline)
        page.timeline.go_to(250)
        await at_rest(page.timeline)
        assert page.inspector.get_mapped()
        assert {248, 250, 252} <= set(in_sight(page.timeline))


async def test_a_time_that_is_chosen_is_seen_from_its_beginning(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        await tab.open_recording(write_recording(tmp_path / "a.beam", *map(str, range(2000))))
        page = tab._conversation_page
        await at_rest(page.timeline)
        page.rate_graph.emit("range-chosen", NOON + 500, NOON + 1500)
        await at_rest(page.timeline)
        assert len(numbers(page.timeline)) == 1000
        first = numbers(page.timeline)[0]
        assert first in in_sight(page.timeline)
        page.filter_bar.close()
        await at_rest(page.timeline)
        assert first in in_sight(page.timeline)


async def test_each_step_is_to_another_match(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        said = ("hay and hay", "straw", "hay")
        await tab.open_recording(write_recording(tmp_path / "a.beam", *said))
        page = tab._conversation_page
        tab.activate_action("tab.find", None)
        page.filter_bar.show_text("hay")
        await at_rest(page.timeline)
        seen, inspector = [], InspectorPage(page.inspector)
        for action in ["tab.next-match"] * 3 + ["tab.previous-match"] * 2:
            tab.activate_action(action, None)
            await at_rest(page.timeline)
            await eventually(lambda: inspector.is_searched and inspector.match >= 0)
            seen.append((page.timeline.selected, inspector.match))
        assert seen == [(0, 0), (0, 1), (2, 0), (0, 1), (0, 0)]


async def test_where_nothing_can_be_seen_of_a_match_each_step_is_to_another_entry(
    tmp_path: Path,
) -> None:
    async with shown_tab() as tab:
        hay = "hay " * 150_000  # it is beyond what is shown of it
        said = (hay + "needle", hay + "needle", hay)
        await tab.open_recording(write_recording(tmp_path / "a.beam", *said))
        page = tab._conversation_page
        tab.activate_action("tab.find", None)
        page.filter_bar.show_text("needle")
        await at_rest(page.timeline)
        for number in (0, 1):
            tab.activate_action("tab.next-match", None)
            await eventually(lambda: InspectorPage(page.inspector).is_searched)
            await at_rest(page.timeline)
            assert page.timeline.selected == number


async def test_when_the_bar_is_shut_with_nothing_selected_a_message_can_be_written(
    tmp_path: Path,
) -> None:
    async with showing(tmp_path) as tab:
        page = tab._conversation_page
        page.filter_bar.close()
        assert cursor(tab) is page.composer._text_view


@pytest.mark.parametrize(("hour", "is_twice"), [(0, False), (1, True), (2, True), (3, False)])
async def test_a_time_in_the_hour_that_comes_twice_is_the_one_that_was_chosen(
    hour: int, is_twice: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        began = datetime(2026, 10, 25, hour, 50).timestamp()
        async with showing(tmp_path) as tab:
            page = tab._conversation_page
            page.rate_graph.emit("range-chosen", began, began + 1200)
            chosen = parse(page.filter_bar.text).conditions
            asked = [one.moment.resolve(0.0) for one in chosen if isinstance(one, TimeRange)]
            assert asked == [began, began + 1200]
            assert ("@" in page.filter_bar.text) is is_twice
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_a_time_that_is_filtered_for_no_longer_is_not_shown_as_chosen(
    tmp_path: Path,
) -> None:
    async with showing(tmp_path) as tab:
        page = tab._conversation_page
        tab.activate_action("tab.rates", None)
        began = tab._session.recording.began
        page.rate_graph._plot.selection.drag(began, began + 1)
        page.rate_graph._plot.selection.choose()
        page.rate_graph.emit("range-chosen", began, began + 1)
        assert page.rate_graph.chosen is not None
        assert "after:" in page.filter_bar.text
        page.filter_bar.show_text(f"three {page.filter_bar.text}")
        assert page.rate_graph.chosen is not None
        page.filter_bar.show_text("three")
        assert page.rate_graph.chosen is None
