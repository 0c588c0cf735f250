"""The timeline follows the newest entries until the person scrolls up, with few rows and items."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import pytest
from gi.repository import Gdk, Gio, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import TimelineItem
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, resize, shown, words
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.recordings import add, numbered, recording
from tests.ui.timeline.lists import at_rest, end, filled, in_sight, place


async def resized(window: Gtk.Window, height: int) -> None:
    await resize(window, 600, height, lambda: abs(window.get_height() - height) < 30)


async def scroll_up(timeline: Timeline, pixels: float = 400) -> None:
    adjustment = TimelinePage(timeline).adjustment
    adjustment.set_value(adjustment.get_value() - pixels)
    await settled(lambda: place(timeline))


async def test_an_empty_timeline_says_so_until_entries_come() -> None:
    async with shown(Timeline()) as timeline:
        assert "No entries yet" in words(timeline)
        await filled(timeline, recording("hello"))
        assert "No entries yet" not in words(timeline)
        assert "hello" in words(timeline)
        await filled(timeline, Recording())
        assert "No entries yet" in words(timeline)


async def test_the_list_follows_the_newest_entry() -> None:
    async with shown(Timeline()) as timeline:
        said = numbered(5000)
        await filled(timeline, said)
        assert timeline.is_following
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        add(said, "the newest")
        await filled(timeline, said)
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        assert "the newest" in words(timeline)


async def test_after_scrolling_up_new_entries_do_not_move_the_list() -> None:
    async with shown(Timeline()) as timeline:
        said = numbered(5000)
        await filled(timeline, said)
        await scroll_up(timeline)
        assert not timeline.is_following
        before = place(timeline)
        add(said, *("more",) * 100)
        await filled(timeline, said)
        assert place(timeline) == pytest.approx(before, abs=2)
        assert not timeline.is_following


async def test_the_newest_button_scrolls_to_the_end_and_follows() -> None:
    async with shown(Timeline()) as timeline:
        said = numbered(5000)
        await filled(timeline, said)
        assert not TimelinePage(timeline).offers_newest
        await scroll_up(timeline)
        assert TimelinePage(timeline).offers_newest
        add(said, "the newest")
        TimelinePage(timeline).press_newest()
        await filled(timeline, said)
        assert timeline.is_following
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        assert "the newest" in words(timeline)
        assert not TimelinePage(timeline).offers_newest


async def test_scrolling_to_the_end_by_hand_follows_again() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, numbered(5000))
        await scroll_up(timeline)
        TimelinePage(timeline).adjustment.set_value(end(timeline))
        await eventually(lambda: timeline.is_following)


async def test_a_list_that_fits_always_follows() -> None:
    async with shown(Timeline()) as timeline:
        said = recording("one", "two")
        await filled(timeline, said)
        add(said, "three")
        await filled(timeline, said)
        assert timeline.is_following
        assert not TimelinePage(timeline).offers_newest


async def test_the_list_still_follows_after_a_resize() -> None:
    async with shown(Timeline(), 600, 400) as timeline:
        await filled(timeline, numbered(5000))
        window = timeline.get_root()
        assert isinstance(window, Gtk.Window)
        for height in (700, 250, 500):
            await resized(window, height)
            await settled(lambda: (place(timeline), end(timeline)))
            assert timeline.is_following
            assert place(timeline) == pytest.approx(end(timeline), abs=2)


async def test_the_number_of_the_selected_entry_is_emitted() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording("one", "two", "three"))
        selected = Heard(timeline, "entry-selected")
        TimelinePage(timeline).select(1)
        assert selected == [1]
        assert timeline.selected == 1


async def test_nothing_is_selected_at_first() -> None:
    async with shown(Timeline()) as timeline:
        selected = Heard(timeline, "entry-selected")
        await filled(timeline, recording("one"))
        assert timeline.selected == -1
        assert selected == []


async def test_enter_selects_the_focused_row() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording("one", "two"))
        TimelinePage(timeline).activate(1)
        assert timeline.selected == 1


async def test_ctrl_c_copies_only_a_selected_entry() -> None:
    copied: list[str] = []
    action = Gio.SimpleAction.new("copy", None)
    action.connect("activate", lambda *_: copied.append("once"))
    group = Gio.SimpleActionGroup()
    group.add_action(action)
    timeline = Timeline()
    timeline.insert_action_group("tab", group)
    async with shown(timeline):
        await filled(timeline, recording("one", "two"))
        control = Gdk.ModifierType.CONTROL_MASK
        assert not TimelinePage(timeline).press_key(Gdk.KEY_c, control)
        TimelinePage(timeline).select(0)
        assert not TimelinePage(timeline).press_key(Gdk.KEY_c)
        assert copied == []
        assert TimelinePage(timeline).press_key(Gdk.KEY_c, control)
        assert copied == ["once"]


async def test_a_selected_entry_stays_selected_while_the_list_grows() -> None:
    async with shown(Timeline()) as timeline:
        said = recording("one", "two")
        await filled(timeline, said)
        TimelinePage(timeline).select(0)
        add(said, "three")
        await filled(timeline, said)
        assert timeline.selected == 0


async def test_another_recording_is_followed_without_a_selection() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, numbered(100))
        TimelinePage(timeline).select(50)
        await filled(timeline, recording("another"))
        assert timeline.selected == -1
        assert TimelinePage(timeline).previews_in_sight == ["another"]


async def test_shown_is_emitted_when_entries_are_in_the_list() -> None:
    async with shown(Timeline()) as timeline:
        shown_now = Heard(timeline, "shown")
        await filled(timeline, recording("one"))
        assert shown_now


async def test_a_million_entries_have_a_few_hundred_items(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive: weakref.WeakSet[TimelineItem] = weakref.WeakSet()
    made = 0
    original = TimelineItem.__init__

    def counted(item: TimelineItem, recording: Recording, number: int, before: int) -> None:
        nonlocal made
        original(item, recording, number, before)
        alive.add(item)
        made += 1

    monkeypatch.setattr(TimelineItem, "__init__", counted)
    async with shown(Timeline()) as timeline:
        await filled(timeline, numbered(1_000_000))
        for part in (0.0, 0.5, 0.25, 0.75, 1.0):
            TimelinePage(timeline).adjustment.set_value(part * end(timeline))
            await settled(lambda: place(timeline), rounds=20)
        gc.collect()
        assert 0 < len(alive) < 500
        assert made < 10_000


async def test_a_million_entries_that_arrive_at_once_get_their_rows_over_many_frames() -> None:
    async with shown(Timeline()) as timeline:
        page = TimelinePage(timeline)
        await filled(timeline, Recording())
        rows: list[int] = []  # how many there are in each frame

        def on_tick(_widget: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
            if count := len(list(page.cells)):
                rows.append(count)
            return True

        timeline.add_tick_callback(on_tick)
        await filled(timeline, numbered(1_000_000))
        assert page.length == 1_000_000
        assert rows[0] < 150 < rows[-1] < 300
        assert max(after - before for before, after in pairwise(rows)) <= 10


@pytest.mark.parametrize("above", [2, 8, 15, 20])
async def test_the_selected_entry_stays_in_sight_when_the_list_becomes_shorter(
    above: int,
) -> None:
    async with shown(Timeline(), 600, 600) as timeline:
        await filled(timeline, numbered(1000))
        number = 1000 - above
        TimelinePage(timeline).select(number)
        assert not timeline.is_following
        window = timeline.get_root()
        assert isinstance(window, Gtk.Window)
        await resized(window, 300)
        await eventually(lambda: number in in_sight(timeline))
        await at_rest(timeline)
        assert number in in_sight(timeline)
        assert timeline.selected == number


async def test_the_list_still_follows_with_the_newest_entry_selected() -> None:
    async with shown(Timeline()) as timeline:
        growing = numbered(1000)
        await filled(timeline, growing)
        TimelinePage(timeline).select(999)
        assert timeline.is_following
        add(growing, "one more")
        await filled(timeline, growing)
        assert timeline.is_following
        assert place(timeline) == end(timeline)
