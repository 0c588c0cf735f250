"""A row with a switch: clicking the row toggles it."""

from __future__ import annotations

from gi.repository import Adw

from spacebeam.ui.options.switch_row import SwitchRow
from tests.ui.doing import shown
from tests.ui.pageobjects.form import FormPage


async def test_the_row_and_its_switch_have_the_same_state() -> None:
    row = SwitchRow()
    row.set_title("Check & see")
    group = Adw.PreferencesGroup()
    group.add(row)
    async with shown(group):
        page = FormPage(group)
        assert "Check & see" in page.words
        assert not row.active
        row.activate()
        assert row.active
        assert page.is_switched_on("Check & see")
        row.active = False
        assert not page.is_switched_on("Check & see")
