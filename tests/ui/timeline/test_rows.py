"""Visible rows are filled at once, and the other rows while the main loop is idle."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline.rows import Rows
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.support.waiting import eventually
from tests.ui.doing import resize, shown
from tests.ui.pageobjects.timeline import RowPage, TimelinePage
from tests.ui.timeline.lists import (
    Frames,
    at_rest,
    counted,
    filled,
    in_sight,
    numbers,
    recorded,
    said,
    show_filter,
)


def preview(number: int) -> str:
    """Return the preview of an entry: its bytes, as it is binary."""
    return f"{number} {'odd' if number % 2 else 'even'}".encode().hex(" ")


@contextlib.contextmanager
def none_unfilled(timeline: Timeline) -> Iterator[None]:
    """Check that every row that a frame shows while the block runs is filled with its entry."""
    wrong: list[tuple[list[str], list[str]]] = []
    page = TimelinePage(timeline)

    def on_after_paint(_clock: Gdk.FrameClock) -> None:
        found, right = page.previews_in_sight, [preview(number) for number in page.in_sight]
        if found != right:
            wrong.append((found, right))

    clock = timeline.get_frame_clock()
    assert clock is not None
    handler = clock.connect("after-paint", on_after_paint)
    yield
    clock.disconnect(handler)
    assert wrong == []


@pytest.fixture
def shown_entries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the entries that rows were filled with."""
    heard: list[int] = []
    original = TimelineRow.show_entry

    def show_entry(row: TimelineRow, entry: Entry, *about: object) -> None:
        heard.append(entry.number)
        original(row, entry, *about)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(TimelineRow, "show_entry", show_entry)
    return heard


@pytest.mark.parametrize("to", [0, 70_000, 99_999, 50_000])
async def test_rows_in_sight_after_a_jump_are_filled_at_once(
    to: int, shown_entries: list[int]
) -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(100_000))
        shown_entries.clear()
        with none_unfilled(timeline):
            timeline.go_to(to)
            await eventually(lambda: to in in_sight(timeline))
            # Only then come those that nobody sees yet.
            assert len(shown_entries) < 100
            await at_rest(timeline)


async def test_all_rows_are_filled_in_the_end() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(100_000))
        timeline.go_to(50_000)
        await at_rest(timeline)
        found = [RowPage(row).preview for _cell, row in TimelinePage(timeline).cells]
        assert len(found) > 150
        assert len(set(found)) == len(found)
        assert preview(max(in_sight(timeline)) + 50) in found


async def test_rows_that_scroll_into_sight_are_filled() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(100_000))
        adjustment = TimelinePage(timeline).adjustment
        frames = Frames(timeline)
        with none_unfilled(timeline):
            for share in (0.3, 0.8, 0.1):
                adjustment.set_value(share * adjustment.get_upper())
                for _step in range(10):
                    frames.clear()
                    await eventually(lambda: len(frames) > 1)
                    adjustment.set_value(adjustment.get_value() + 400)
            await at_rest(timeline)
        frames.stop()


async def test_a_following_list_fills_only_rows_in_sight(shown_entries: list[int]) -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        await filled(timeline, growing)
        shown_entries.clear()
        with none_unfilled(timeline):
            for length in range(2000, 22_000, 1000):
                growing.append(counted(length, length - 1000))
                timeline.show_recording(growing)
                await eventually(lambda: len(growing) - 1 in in_sight(timeline))
            assert len(shown_entries) < 20 * 100
            await at_rest(timeline)


async def test_rows_in_sight_after_a_resize_are_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rows, "fill_rest", lambda _rows: True)
    monkeypatch.setattr(Rows, "are_filled", True)
    async with shown(Timeline(), height=300) as timeline:
        await filled(timeline, recorded(100_000))
        timeline.go_to(50_000)
        await at_rest(timeline)
        before = len(in_sight(timeline))
        window = timeline.get_root()
        assert isinstance(window, Gtk.Window)
        with none_unfilled(timeline):
            await resize(window, 600, 900, lambda: len(in_sight(timeline)) > 2 * before)
            await at_rest(timeline)


async def test_all_rows_are_shown_with_the_decoder_that_is_chosen() -> None:
    async with shown(Timeline(), 400, 300) as timeline:
        await filled(timeline, recorded(60))

        def texts() -> set[str]:
            return {RowPage(row).preview for _cell, row in TimelinePage(timeline).cells}

        assert preview(59) in texts()
        timeline.rows.choose_decoder(Kind.BINARY, "Text")
        assert "59 odd" in TimelinePage(timeline).previews_in_sight
        await at_rest(timeline)
        assert texts() == {f"{number} {'odd' if number % 2 else 'even'}" for number in range(60)}
        timeline.rows.choose_decoder(Kind.TEXT, "Hex")
        timeline.rows.choose_decoder(Kind.BINARY, "")
        await at_rest(timeline)
        assert texts() == set(map(preview, range(60)))


def days(timeline: Timeline) -> list[str]:
    return [RowPage(row).day for _top, row in TimelinePage(timeline).tops_in_sight]


async def test_a_row_has_the_date_if_a_new_day_begins_with_it() -> None:
    recording = Recording()
    for second in (58, 59, 60, 61):
        when = datetime(2026, 11, 28, 23, 59).timestamp() + second
        recording.append(said(str(second), time=when))
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording)
        assert days(timeline) == ["", "", "2026-11-29", ""]
        show_filter(timeline, "-60")
        await at_rest(timeline)
        assert days(timeline) == ["", "", "2026-11-29"]
        show_filter(timeline, "after:00:00:00 before:00:00:02")
        await at_rest(timeline)
        assert numbers(timeline) == [2, 3]
