"""The bar with the number of matches and the buttons between them."""

from __future__ import annotations

import pytest

from spacebeam.ui.inspector.match_bar import MatchBar
from tests.ui.doing import Heard, button, click, shown, words
from tests.ui.pageobjects.inspector import InspectorPage


async def test_each_button_emits_its_signal() -> None:
    async with shown(MatchBar()) as bar:
        before, behind = Heard(bar, "previous-match"), Heard(bar, "next-match")
        bar.show_matches("2 of 3", 1, 3)
        assert words(bar) == ["2 of 3"]
        click(button(bar, "Next match in this message"))
        assert (len(before), len(behind)) == (0, 1)
        click(button(bar, "Previous match in this message"))
        assert (len(before), len(behind)) == (1, 1)


@pytest.mark.parametrize(
    ("current", "count", "back", "forth"),
    [
        (-1, 0, False, False),
        (-1, 2, True, True),
        (0, 2, False, True),
        (1, 2, True, False),
        (0, 1, False, False),
    ],
)
async def test_buttons_are_enabled_where_there_is_another_match(
    current: int, count: int, back: bool, forth: bool
) -> None:
    async with shown(MatchBar()) as bar:
        bar.show_matches("", current, count)
        assert InspectorPage(bar).offers("Previous match in this message") is back
        assert InspectorPage(bar).offers("Next match in this message") is forth


async def test_stop_is_offered_while_searching() -> None:
    async with shown(MatchBar()) as bar:
        stopped = Heard(bar, "stopped")
        bar.show_matches("0 so far", -1, 0, is_searching=True)
        click(button(bar, "Stop"))
        assert stopped
        bar.show_matches("No match", -1, 0)
        assert not InspectorPage(bar).offers("Stop")
