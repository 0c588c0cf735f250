"""A number row keeps its number within limits and shows the unit or an error."""

from __future__ import annotations

from gi.repository import Adw

from spacebeam.ui.options.number_row import NumberRow
from tests.ui.doing import Heard, shown, words
from tests.ui.pageobjects.form import FormPage


async def test_a_number_is_shown_with_its_unit_and_within_its_limits() -> None:
    row = NumberRow()
    row.set_title("Time")
    row.set_subtitle("Seconds")
    row.set_limits(1, 60, digits=0)
    async with shown(row):
        row.value = 7
        assert row.value == 7
        assert isinstance(row.value, int)
        row.value = 1000
        assert row.value == 60
        assert {"Time", "Seconds"} <= set(words(row))


async def test_a_number_may_have_decimals() -> None:
    row = NumberRow()
    row.set_limits(0.1, 60, digits=1)
    row.value = 0.5
    assert row.value == 0.5


async def test_an_entered_number_emits_changed() -> None:
    row, group = NumberRow(), Adw.PreferencesGroup()
    row.set_title("Time")
    row.set_limits(1, 60, digits=0)
    group.add(row)
    changes = Heard(row, "changed")
    FormPage(group).enter_number("Time", 9)
    assert changes
    assert row.value == 9


async def test_an_error_replaces_the_unit_until_it_is_corrected() -> None:
    row = NumberRow()
    row.set_subtitle("Seconds")
    row.show_error("It is <b>longer</b> & longer.")
    async with shown(row):
        assert "It is <b>longer</b> & longer." in words(row)
        row.show_error("")
        assert "Seconds" in words(row)
