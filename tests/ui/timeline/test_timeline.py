"""The list follows the newest entries until the person scrolls up, and is lazy about the rest."""

from __future__ import annotations

import gc
import weakref

import pytest
from gi.repository import Gdk, Gio, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import TimelineItem
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, button, click, key, resize, shown, words
from tests.ui.recordings import add, numbered, recording
from tests.ui.timeline.lists import at_rest, in_sight


def texts(timeline: Timeline) -> list[str]:
    """The payloads of the rows that exist, top to bottom."""
    return [seen for seen in words(timeline) if not seen[:2].isdigit()]


def end(timeline: Timeline) -> float:
    adjustment = timeline._scrolled_window.get_vadjustment()
    return adjustment.get_upper() - adjustment.get_page_size()


def place(timeline: Timeline) -> float:
    return timeline._scrolled_window.get_vadjustment().get_value()


async def filled(timeline: Timeline, shows: Recording) -> None:
    """Show a recording and wait until the list stands still at its end."""
    timeline.show_recording(shows)
    await eventually(lambda: timeline._model.get_n_items() == len(shows))
    await settled(lambda: (place(timeline), end(timeline)))


async def resized(window: Gtk.Window, height: int) -> None:
    await resize(window, 600, height, lambda: abs(window.get_height() - height) < 30)


async def scroll_up(timeline: Timeline, pixels: float = 400) -> None:
    adjustment = timeline._scrolled_window.get_vadjustment()
    adjustment.set_value(adjustment.get_value() - pixels)
    await settled(lambda: place(timeline))


async def test_an_empty_timeline_says_so_until_something_is_said() -> None:
    async with shown(Timeline()) as timeline:
        assert "No entries yet" in words(timeline)
        await filled(timeline, recording("hello"))
        assert "No entries yet" not in words(timeline)
        assert "hello" in words(timeline)
        await filled(timeline, Recording())
        assert "No entries yet" in words(timeline)


async def test_it_follows_the_newest_entry() -> None:
    async with shown(Timeline()) as timeline:
        said = numbered(5000)
        await filled(timeline, said)
        assert timeline.is_following
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        add(said, "the newest")
        await filled(timeline, said)
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        assert "the newest" in words(timeline)


async def test_scrolling_up_lets_go_and_new_entries_do_not_move_the_list() -> None:
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


async def test_the_newest_button_goes_back_and_follows_again() -> None:
    async with shown(Timeline()) as timeline:
        said = numbered(5000)
        await filled(timeline, said)
        assert not timeline._newest_revealer.get_reveal_child()
        await scroll_up(timeline)
        assert timeline._newest_revealer.get_reveal_child()
        add(said, "the newest")
        click(button(timeline, "Follow the newest entries (Ctrl+End)"))
        await filled(timeline, said)
        assert timeline.is_following
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        assert "the newest" in words(timeline)
        assert not timeline._newest_revealer.get_reveal_child()


async def test_scrolling_to_the_end_by_hand_follows_again() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, numbered(5000))
        await scroll_up(timeline)
        timeline._scrolled_window.get_vadjustment().set_value(end(timeline))
        await eventually(lambda: timeline.is_following)


async def test_a_list_that_fits_always_follows() -> None:
    async with shown(Timeline()) as timeline:
        said = recording("one", "two")
        await filled(timeline, said)
        add(said, "three")
        await filled(timeline, said)
        assert timeline.is_following
        assert not timeline._newest_revealer.get_reveal_child()


async def test_a_window_made_larger_and_smaller_still_follows() -> None:
    async with shown(Timeline(), 600, 400) as timeline:
        await filled(timeline, numbered(5000))
        window = timeline.get_root()
        assert isinstance(window, Gtk.Window)
        for height in (700, 250, 500):
            await resized(window, height)
            await settled(lambda: (place(timeline), end(timeline)))
            assert timeline.is_following
            assert place(timeline) == pytest.approx(end(timeline), abs=2)


async def test_the_selected_entry_is_told_by_its_number() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording("one", "two", "three"))
        selected = Heard(timeline, "entry-selected")
        timeline._selection.set_selected(1)
        assert selected == [1]
        assert timeline.selected == 1


async def test_nothing_is_selected_by_itself() -> None:
    async with shown(Timeline()) as timeline:
        selected = Heard(timeline, "entry-selected")
        await filled(timeline, recording("one"))
        assert timeline.selected == -1
        assert selected == []


async def test_escape_lets_go_of_the_selected_entry() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording("one", "two"))
        assert not key(timeline._list_view, Gdk.KEY_Escape)
        timeline._selection.set_selected(0)
        selected = Heard(timeline, "entry-selected")
        assert key(timeline._list_view, Gdk.KEY_Escape)
        assert selected == [-1]


async def test_enter_selects_the_row_the_person_is_at() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording("one", "two"))
        timeline._list_view.emit("activate", 1)
        assert timeline.selected == 1


async def test_ctrl_c_copies_the_selected_entry_and_nothing_without_one() -> None:
    async with shown(Timeline()) as timeline:
        copied: list[str] = []
        action = Gio.SimpleAction.new("copy", None)
        action.connect("activate", lambda *_: copied.append("once"))
        group = Gio.SimpleActionGroup()
        group.add_action(action)
        timeline.insert_action_group("tab", group)
        await filled(timeline, recording("one", "two"))
        control = Gdk.ModifierType.CONTROL_MASK
        assert not key(timeline._list_view, Gdk.KEY_c, control)
        timeline._selection.set_selected(0)
        assert not key(timeline._list_view, Gdk.KEY_c)
        assert copied == []
        assert key(timeline._list_view, Gdk.KEY_c, control)
        assert copied == ["once"]


async def test_a_selected_entry_stays_selected_while_the_list_grows() -> None:
    async with shown(Timeline()) as timeline:
        said = recording("one", "two")
        await filled(timeline, said)
        timeline._selection.set_selected(0)
        add(said, "three")
        await filled(timeline, said)
        assert timeline.selected == 0


async def test_another_recording_has_nothing_selected_and_is_followed() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, numbered(100))
        timeline._selection.set_selected(50)
        await filled(timeline, recording("another"))
        assert timeline.selected == -1
        assert texts(timeline)[-3:-1] == ["text", "another"]


async def test_new_entries_are_told_when_they_are_in_the_list() -> None:
    async with shown(Timeline()) as timeline:
        shown_now = Heard(timeline, "shown")
        await filled(timeline, recording("one"))
        assert shown_now


async def test_a_million_entries_are_a_few_hundred_objects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive: weakref.WeakSet[TimelineItem] = weakref.WeakSet()
    made = 0
    original = TimelineItem.__init__

    def counted(item: TimelineItem, recording: Recording, number: int) -> None:
        nonlocal made
        original(item, recording, number)
        alive.add(item)
        made += 1

    monkeypatch.setattr(TimelineItem, "__init__", counted)
    async with shown(Timeline()) as timeline:
        await filled(timeline, numbered(1_000_000))
        for part in (0.0, 0.5, 0.25, 0.75, 1.0):
            timeline._scrolled_window.get_vadjustment().set_value(part * end(timeline))
            await settled(lambda: place(timeline), rounds=20)
        gc.collect()
        assert 0 < len(alive) < 500
        assert made < 10_000


async def test_a_million_entries_that_arrive_at_once_do_not_stop_the_window() -> None:
    async with shown(Timeline()) as timeline:
        said = Recording()
        timeline.show_recording(said)
        gaps: list[float] = []
        last = 0.0

        def on_tick(_widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
            nonlocal last
            now = clock.get_frame_time() / 1000
            if last:
                gaps.append(now - last)
            last = now
            return True

        timeline.add_tick_callback(on_tick)
        await eventually(lambda: len(gaps) > 5)
        arrived = numbered(1_000_000)
        gaps.clear()
        last = 0.0
        await filled(timeline, arrived)
        await eventually(lambda: len(gaps) > 60)
        assert max(gaps) < 500  # milliseconds; 17 on a machine with nothing else to do


@pytest.mark.parametrize("above", [2, 8, 15, 20])
async def test_the_entry_that_is_selected_stays_in_sight_when_the_inspector_opens(
    above: int,
) -> None:
    async with shown(Timeline(), 600, 600) as timeline:
        await filled(timeline, numbered(1000))
        number = 1000 - above
        timeline._selection.set_selected(number)
        assert not timeline.is_following
        window = timeline.get_root()
        assert isinstance(window, Gtk.Window)
        await resized(window, 300)
        await eventually(lambda: number in in_sight(timeline))
        await at_rest(timeline)
        assert number in in_sight(timeline)
        assert timeline.selected == number


async def test_with_the_newest_selected_it_goes_on_following() -> None:
    async with shown(Timeline()) as timeline:
        growing = numbered(1000)
        await filled(timeline, growing)
        timeline._selection.set_selected(999)
        assert timeline.is_following
        add(growing, "one more")
        await filled(timeline, growing)
        assert timeline.is_following
        assert place(timeline) == end(timeline)
