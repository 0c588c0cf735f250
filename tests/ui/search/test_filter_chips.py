"""The chips follow a filter's text and change it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.search.filter_chips import FilterChips
from tests.ui.doing import Heard, button, descendants, shown


def pressed(chips: FilterChips) -> list[str | None]:
    return [one.get_label() for one in descendants(chips, Gtk.ToggleButton) if one.get_active()]


async def test_chips_follow_the_text_without_a_signal() -> None:
    async with shown(FilterChips()) as chips:
        said = Heard(chips, "text-changed")
        chips.show_text("is:sent price is:starred")
        assert pressed(chips) == ["Sent", "Starred"]
        chips.show_text("")
        assert pressed(chips) == []
        assert said == []


async def test_a_click_changes_the_text() -> None:
    async with shown(FilterChips()) as chips:
        said = Heard(chips, "text-changed")
        chips.show_text("price is:sent")
        toggle(chips, "Received")
        assert said == ["price is:received"]
        chips.show_text("price is:received")
        assert pressed(chips) == ["Received"]
        toggle(chips, "Received")
        assert said[1:] == ["price"]


async def test_chips_scroll_in_a_narrow_window() -> None:
    async with shown(FilterChips(), width=200) as chips:
        assert chips.get_width() <= 200
        last = list(descendants(chips, Gtk.ToggleButton))[-1]
        scrolled = next(descendants(chips, Gtk.ScrolledWindow))
        assert scrolled.get_hadjustment().get_value() == 0
        last.grab_focus()
        adjustment = scrolled.get_hadjustment()
        assert adjustment.get_value() + adjustment.get_page_size() == adjustment.get_upper()


def toggle(chips: FilterChips, label: str) -> None:
    one = button(chips, label)
    assert isinstance(one, Gtk.ToggleButton)
    one.set_active(not one.get_active())
