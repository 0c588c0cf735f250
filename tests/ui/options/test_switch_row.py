"""A switch in a row: one click on the row is enough."""

from __future__ import annotations

from gi.repository import Adw

from spacebeam.ui.options.switch_row import SwitchRow
from tests.ui.doing import shown, words


async def test_the_row_and_its_switch_are_of_one_mind() -> None:
    row = SwitchRow()
    row.set_title("Check & see")
    group = Adw.PreferencesGroup()
    group.add(row)
    async with shown(group):
        assert "Check & see" in words(group)
        assert not row.active
        row.activate()
        assert row.active
        row.active = False
        assert not row._switch.get_active()
