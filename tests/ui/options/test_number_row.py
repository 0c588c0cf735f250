"""A number keeps to its bounds, and says its unit or what is wrong with it."""

from __future__ import annotations

from spacebeam.ui.options.number_row import NumberRow
from tests.ui.doing import Heard, shown, words


async def test_a_number_is_shown_with_its_unit_and_within_its_bounds() -> None:
    row = NumberRow()
    row.set_title("Time")
    row.set_subtitle("Seconds")
    row.bound(1, 60, digits=0)
    async with shown(row):
        row.value = 7
        assert row.value == 7
        assert isinstance(row.value, int)
        row.value = 1000
        assert row.value == 60
        assert {"Time", "Seconds"} <= set(words(row))


async def test_a_number_may_have_a_digit_behind_the_point() -> None:
    row = NumberRow()
    row.bound(0.1, 60, digits=1)
    row.value = 0.5
    assert row.value == 0.5


async def test_every_change_is_told() -> None:
    row = NumberRow()
    row.bound(1, 60, digits=0)
    changes = Heard(row, "changed")
    row._spin_button.set_value(9)
    assert changes


async def test_what_is_wrong_takes_the_units_place_and_gives_it_back() -> None:
    row = NumberRow()
    row.set_subtitle("Seconds")
    row.explain("It is <b>longer</b> & longer.")
    async with shown(row):
        assert "It is <b>longer</b> & longer." in words(row)
        row.explain("")
        assert "Seconds" in words(row)
