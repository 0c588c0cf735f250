"""The filter bar: its text, its count, the progress of a search, and closing it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_bar import FilterBar
from tests.support.waiting import eventually
from tests.ui.doing import Heard, descendants, shown
from tests.ui.pageobjects.search import FilterPage

CONTROL, SHIFT = Gdk.ModifierType.CONTROL_MASK, Gdk.ModifierType.SHIFT_MASK


@contextlib.asynccontextmanager
async def opened(text: str = "", width: int = 800) -> AsyncIterator[FilterPage]:
    async with shown(FilterBar(), width) as widget:
        bar = FilterPage(widget)
        widget.open()
        await eventually(bar.entry.get_mapped)
        bar.type_filter(text)
        yield bar


async def test_only_the_entry_is_shown_until_it_is_opened_and_focused() -> None:
    async with shown(FilterBar()) as widget:
        bar = FilterPage(widget)
        assert not bar.widget.is_open
        assert bar.entry.get_mapped()
        assert not bar.shows_button("Sent")
        bar.widget.open()
        await eventually(lambda: bar.shows_button("Sent"))
        assert bar.widget.is_open
        await eventually(lambda: bar.has_cursor)


async def test_in_a_narrow_window_the_entry_takes_the_place_of_what_is_beside_it() -> None:
    async with shown(FilterBar(), 360) as widget:
        bar, count, menu = (
            FilterPage(widget),
            Gtk.Label(label="7 entries"),
            Gtk.Button(label="More"),
        )
        widget.put_beside(count, menu)
        widget.show_narrow(True)
        assert bar.shows_button("Find and filter (Ctrl+F)")
        assert not bar.entry.get_mapped()
        widget.open()
        await eventually(lambda: bar.has_cursor)
        assert not count.get_mapped()
        assert not menu.get_mapped()
        widget.close()
        await eventually(count.get_mapped)
        assert not bar.entry.get_mapped()
        widget.show_narrow(False)
        assert count.get_mapped()
        assert bar.entry.get_visible()


async def test_opening_again_selects_the_text() -> None:
    async with opened("price") as bar:
        bar.widget.open()
        assert bar.text == bar.selected_text == "price"


async def test_every_change_is_emitted_at_once() -> None:
    async with opened() as bar:
        said = Heard(bar.widget, "filter-changed")
        bar.type_filter("a")
        bar.type_filter("ab")
        assert said == ["a", "ab"]


async def test_closing_clears_and_remembers_the_filter() -> None:
    async with opened("price") as bar:
        said, shut = Heard(bar.widget, "filter-changed"), Heard(bar.widget, "closed")
        bar.widget.close()
        assert said == [""]
        assert shut == [True]
        assert not bar.widget.is_open
        bar.widget.close()
        assert shut == [True]
        bar.widget.open()
        bar.press_key_in_entry(Gdk.KEY_Down)
        assert bar.text == "price"


async def test_the_close_button_closes_the_bar() -> None:
    async with opened("price") as bar:
        said = Heard(bar.widget, "filter-changed")
        bar.press("Close the filter and show all entries (Escape)")
        assert said == [""]
        assert not bar.widget.is_open


async def test_an_error_is_explained_until_it_is_corrected() -> None:
    async with opened("ü is:foo") as bar:
        wrong = parse("ü is:foo").errors[0].message
        assert wrong in bar.words
        bar.type_filter("ü is:sent")
        assert wrong not in bar.words


async def test_keys_and_buttons_go_to_the_next_and_previous_match() -> None:
    async with opened("price") as bar:
        following, before = Heard(bar.widget, "next-match"), Heard(bar.widget, "previous-match")
        bar.entry.emit("activate")
        bar.press("Next match (Enter, Ctrl+G)")
        assert bar.press_key(Gdk.KEY_g, CONTROL)
        assert (len(following), len(before)) == (3, 0)
        assert bar.press_key(Gdk.KEY_Return, SHIFT)
        bar.press("Previous match (Shift+Enter, Ctrl+Shift+G)")
        assert bar.press_key(Gdk.KEY_G, CONTROL | SHIFT)
        assert (len(following), len(before)) == (3, 3)


@pytest.mark.parametrize("pressed", [Gdk.KEY_g, Gdk.KEY_Return, Gdk.KEY_a])
async def test_other_keys_are_left_alone(pressed: int) -> None:
    async with opened("price") as bar:
        assert not bar.press_key(pressed)


async def test_chips_change_the_text_and_follow_it() -> None:
    async with opened("price") as bar:
        said = Heard(bar.widget, "filter-changed")
        sent = bar.button("Sent")
        assert isinstance(sent, Gtk.ToggleButton)
        sent.set_active(True)
        assert said == ["price is:sent"]
        bar.type_filter("price")
        assert not sent.get_active()


async def test_an_example_is_appended_and_selected() -> None:
    async with opened("price") as bar:
        bar.choose_example("size>10k")
        assert bar.text == "price size>10k"
        assert bar.selected_text == "size>10k"


async def test_a_filter_can_be_set_by_the_program() -> None:
    async with shown(FilterBar()) as widget:
        bar = FilterPage(widget)
        said = Heard(bar.widget, "filter-changed")
        bar.widget.show_text("-is:ping")
        assert bar.widget.is_open
        assert bar.text == "-is:ping"
        assert said == ["-is:ping"]


async def test_the_count_is_shown_while_there_is_a_filter() -> None:
    async with opened() as bar:
        bar.widget.show_count(10, 10, 10, True)
        assert not any("of" in said.split() for said in bar.words)
        bar.type_filter("price")
        bar.widget.show_count(123, 10_000, 10_000, True)
        assert "123 of 10,000" in bar.words


async def test_a_long_search_can_be_stopped_and_continued() -> None:
    async with opened("price") as bar:
        stopped, resumed = Heard(bar.widget, "search-stopped"), Heard(bar.widget, "search-resumed")
        bar.widget.show_count(1, 1000, 100, False)
        assert "1 of 1,000" in bar.words
        assert not bar.stop_button.get_mapped()
        assert bar.progress == 0
        await eventually(bar.stop_button.get_mapped)
        bar.widget.show_count(2, 1000, 400, False)
        assert "2 of the first 400" in bar.words
        assert bar.progress == pytest.approx(0.4)
        bar.press("Stop")
        assert stopped
        assert not bar.stop_button.get_mapped()
        assert bar.progress == 0
        assert "2 of the first 400" in bar.words
        bar.widget.show_count(2, 1000, 400, False)  # said once more, as a step ended
        assert bar.can_continue
        bar.press("Continue")
        assert resumed
        assert bar.can_stop
        bar.widget.show_count(5, 1000, 1000, True)
        assert "5 of 1,000" in bar.words
        assert not bar.can_stop
        assert not bar.can_continue


async def test_a_short_search_shows_no_progress() -> None:
    async with opened("price") as bar:
        bar.widget.show_count(1, 1000, 100, False)
        assert bar.is_waiting
        bar.widget.show_count(5, 1000, 1000, True)
        assert not bar.is_waiting
        assert not bar.can_stop


async def test_another_filter_starts_a_new_search() -> None:
    async with opened("price") as bar:
        bar.widget.show_count(1, 1000, 100, False)
        await eventually(bar.stop_button.get_mapped)
        bar.press("Stop")
        bar.type_filter("other")
        assert not bar.can_continue
        assert not any("of" in said.split() for said in bar.words)


async def test_a_button_that_is_hidden_leaves_the_focus_to_the_entry() -> None:
    async with opened("price") as bar:
        bar.widget.show_count(1, 1000, 100, False)
        await eventually(bar.stop_button.get_mapped)
        bar.stop_button.grab_focus()
        bar.widget.show_count(5, 1000, 1000, True)
        assert bar.has_cursor


async def test_without_matches_another_filter_is_suggested() -> None:
    async with opened("Error") as bar:
        bar.widget.show_count(0, 10, 10, True)
        bar.widget.show_no_matches("Error")
        said = "No entries match “Error”."
        assert said in bar.words
        bar.widget.show_count(1, 11, 11, True)
        assert said not in bar.words
        bar.widget.show_no_matches("Error")
        bar.type_filter("error")
        assert said not in bar.words


async def test_the_bar_fits_a_narrow_window() -> None:
    async with opened("price is:foo", 360) as bar:
        bar.widget.show_narrow(True)
        bar.widget.show_count(123_456, 10_000_000, 4_000_000, False)
        await eventually(bar.stop_button.get_mapped)
        bar.widget.show_count(123_456, 10_000_000, 4_000_000, False)
        assert bar.widget.get_width() <= 360
        assert not bar.count_label.get_layout().is_ellipsized()
        for one in descendants(bar.widget, Gtk.Button):
            if one.get_mapped() and one.get_ancestor(Gtk.ScrolledWindow) is None:
                inside, bounds = one.compute_bounds(bar.widget)
                assert inside
                assert bounds.get_x() + bounds.get_width() <= bar.widget.get_width()
