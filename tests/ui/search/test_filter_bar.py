"""The bar says what to filter by, how much was found, and gets out of the way."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_bar import FilterBar
from tests.support.waiting import eventually
from tests.ui.doing import Heard, button, click, descendants, key, shown, words

BUBBLE = Gtk.PropagationPhase.BUBBLE
CONTROL, SHIFT = Gdk.ModifierType.CONTROL_MASK, Gdk.ModifierType.SHIFT_MASK


@contextlib.asynccontextmanager
async def opened(text: str = "", width: int = 800) -> AsyncIterator[FilterBar]:
    async with shown(FilterBar(), width) as bar:
        bar.open()
        await eventually(bar._entry.get_mapped)
        bar._entry.replace(text)
        yield bar


def has_cursor(bar: FilterBar) -> bool:
    """Whether what is typed goes into the bar's entry."""
    text = bar._entry.get_delegate()
    return isinstance(text, Gtk.Text) and text.is_focus()


async def test_the_bar_is_hidden_until_it_is_opened_and_gets_the_cursor() -> None:
    async with shown(FilterBar()) as bar:
        assert not bar.is_open
        assert not bar._entry.get_mapped()
        bar.open()
        assert bar.is_open
        await eventually(lambda: has_cursor(bar))


async def test_opened_again_all_that_stands_there_is_selected() -> None:
    async with opened("price") as bar:
        bar.open()
        assert bar._entry.get_selection_bounds() == (0, 5)
        assert bar.text == "price"


async def test_every_change_is_said_at_once() -> None:
    async with opened() as bar:
        said = Heard(bar, "filter-changed")
        bar._entry.replace("a")
        bar._entry.replace("ab")
        assert said == ["a", "ab"]


async def test_escape_clears_the_filter_shuts_the_bar_and_remembers() -> None:
    async with opened("price") as bar:
        said, shut = Heard(bar, "filter-changed"), Heard(bar, "closed")
        assert key(bar, Gdk.KEY_Escape, phase=BUBBLE)
        assert said == [""]
        assert shut == [True]
        assert not bar.is_open
        bar.close()
        assert shut == [True]
        bar.open()
        key(bar._entry, Gdk.KEY_Down, phase=BUBBLE)
        assert bar.text == "price"


async def test_the_close_button_does_what_escape_does() -> None:
    async with opened("price") as bar:
        said = Heard(bar, "filter-changed")
        click(button(bar, "Close the filter and show all entries (Escape)"))
        assert said == [""]
        assert not bar.is_open


async def test_a_mistake_is_told_below_and_gone_when_it_is_mended() -> None:
    async with opened("ü is:foo") as bar:
        wrong = parse("ü is:foo").errors[0].message
        assert wrong in words(bar)
        bar._entry.replace("ü is:sent")
        assert wrong not in words(bar)


async def test_matches_are_gone_to_by_keys_and_buttons() -> None:
    async with opened("price") as bar:
        following, before = Heard(bar, "next-match"), Heard(bar, "previous-match")
        bar._entry.emit("activate")
        click(button(bar, "Next match (Enter, Ctrl+G)"))
        assert key(bar, Gdk.KEY_g, CONTROL, BUBBLE)
        assert (len(following), len(before)) == (3, 0)
        assert key(bar, Gdk.KEY_Return, SHIFT, BUBBLE)
        click(button(bar, "Previous match (Shift+Enter, Ctrl+Shift+G)"))
        assert key(bar, Gdk.KEY_G, CONTROL | SHIFT, BUBBLE)
        assert (len(following), len(before)) == (3, 3)


@pytest.mark.parametrize("pressed", [Gdk.KEY_g, Gdk.KEY_Return, Gdk.KEY_a])
async def test_other_keys_are_left_alone(pressed: int) -> None:
    async with opened("price") as bar:
        assert not key(bar, pressed, phase=BUBBLE)


async def test_chips_write_into_the_entry_and_follow_it() -> None:
    async with opened("price") as bar:
        said = Heard(bar, "filter-changed")
        sent = button(bar, "Sent")
        assert isinstance(sent, Gtk.ToggleButton)
        sent.set_active(True)
        assert said == ["price is:sent"]
        bar._entry.replace("price")
        assert not sent.get_active()


async def test_an_example_is_put_behind_what_was_written() -> None:
    async with opened("price") as bar:
        bar._help.emit("example-chosen", "size>10k")
        assert bar.text == "price size>10k"
        assert bar._entry.get_selection_bounds() == (6, 14)


async def test_a_filter_can_be_written_from_elsewhere() -> None:
    async with shown(FilterBar()) as bar:
        said = Heard(bar, "filter-changed")
        bar.show_text("-is:ping")
        assert bar.is_open
        assert bar.text == "-is:ping"
        assert said == ["-is:ping"]


async def test_the_count_is_shown_while_something_is_filtered() -> None:
    async with opened() as bar:
        bar.show_count(10, 10, 10, True)
        assert not any("of" in said.split() for said in words(bar))
        bar._entry.replace("price")
        bar.show_count(123, 10_000, 10_000, True)
        assert "123 of 10,000" in words(bar)


async def test_a_search_that_takes_long_can_be_stopped_and_gone_on_with() -> None:
    async with opened("price") as bar:
        stopped, resumed = Heard(bar, "search-stopped"), Heard(bar, "search-resumed")
        bar.show_count(1, 1000, 100, False)
        assert "1 of 1,000" in words(bar)
        assert not bar._stop_button.get_mapped()
        assert bar._entry.get_progress_fraction() == 0
        await eventually(bar._stop_button.get_mapped)
        bar.show_count(2, 1000, 400, False)
        assert "2 of the first 400" in words(bar)
        assert bar._entry.get_progress_fraction() == pytest.approx(0.4)
        click(button(bar, "Stop"))
        assert stopped
        assert not bar._stop_button.get_mapped()
        assert bar._entry.get_progress_fraction() == 0
        assert "2 of the first 400" in words(bar)
        bar.show_count(2, 1000, 400, False)  # said once more, as a step ended
        assert bar._resume_button.get_visible()
        click(button(bar, "Continue"))
        assert resumed
        assert bar._stop_button.get_visible()
        bar.show_count(5, 1000, 1000, True)
        assert "5 of 1,000" in words(bar)
        assert not bar._stop_button.get_visible()
        assert not bar._resume_button.get_visible()


async def test_a_short_search_shows_no_progress() -> None:
    async with opened("price") as bar:
        bar.show_count(1, 1000, 100, False)
        assert bar._timer
        bar.show_count(5, 1000, 1000, True)
        assert not bar._timer
        assert not bar._stop_button.get_visible()


async def test_another_filter_is_not_stopped_and_has_its_own_count() -> None:
    async with opened("price") as bar:
        bar.show_count(1, 1000, 100, False)
        await eventually(bar._stop_button.get_mapped)
        click(button(bar, "Stop"))
        bar._entry.replace("other")
        assert not bar._resume_button.get_visible()
        assert not any("of" in said.split() for said in words(bar))


async def test_a_button_that_goes_away_leaves_the_cursor_to_the_entry() -> None:
    async with opened("price") as bar:
        bar.show_count(1, 1000, 100, False)
        await eventually(bar._stop_button.get_mapped)
        bar._stop_button.grab_focus()
        bar.show_count(5, 1000, 1000, True)
        assert has_cursor(bar)


async def test_where_nothing_is_found_it_is_said_what_to_try() -> None:
    async with opened("Error") as bar:
        bar.show_count(0, 10, 10, True)
        bar.show_no_matches("Error")
        said = "No entries match “Error”. Case matters. Try /Error/i"
        assert said in words(bar)
        bar.show_count(1, 11, 11, True)
        assert said not in words(bar)
        bar.show_no_matches("Error")
        bar._entry.replace("error")
        assert said not in words(bar)


async def test_in_a_narrow_window_everything_can_be_reached() -> None:
    async with opened("price is:foo", 360) as bar:
        bar.show_narrow(True)
        bar.show_count(123_456, 10_000_000, 4_000_000, False)
        await eventually(bar._stop_button.get_mapped)
        bar.show_count(123_456, 10_000_000, 4_000_000, False)
        assert bar.get_width() <= 360
        assert not bar._count_label.get_layout().is_ellipsized()
        for one in descendants(bar, Gtk.Button):
            if one.get_mapped() and one.get_ancestor(Gtk.ScrolledWindow) is None:
                inside, bounds = one.compute_bounds(bar)
                assert inside
                assert bounds.get_x() + bounds.get_width() <= bar.get_width()
