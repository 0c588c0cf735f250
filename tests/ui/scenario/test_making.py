"""A scenario is made of the selected entries, or of what is shown, and passes when it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.scenario.feed import feed
from tests.support.waiting import eventually
from tests.ui.pageobjects.scenario import opened_scenario, scenario_pages
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, opened_window

ASKED = ({"op": "sub", "id": 7, "ticks": 2}, {"op": "who", "id": 8, "token": "t-7"})
ENTRIES = 8  # connected, welcome, sub, two ticks, subscribed, who, you


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


async def _talked(window: WindowPage, host: str) -> TabPage:
    tab = await window.connect(f"ws://{host}/feed")
    await eventually(lambda: len(tab.recording) == 2)
    await tab.session.session.send(json.dumps(ASKED[0]))
    await eventually(lambda: len(tab.recording) == 6)
    await tab.session.session.send(json.dumps(ASKED[1]))
    await eventually(lambda: len(tab.recording) == ENTRIES)
    await tab.timeline.at_rest()
    return tab


async def test_what_is_shown_becomes_a_scenario_that_passes(host: str) -> None:
    async with opened_window() as window:
        tab = await _talked(window, host)
        tab.do("tab.make-scenario")
        page = await opened_scenario()
        assert f"WEBSOCKET ws://{host}/feed" in page.text
        assert json.dumps(ASKED[0]) in page.text
        assert page.title.startswith("• ")
        assert page.status == "1 scenario"
        await page.run()
        assert page.status.startswith("1 passed")
        page.widget.close_at_once()


async def test_a_filter_leaves_messages_out_and_the_selected_ones_are_taken(host: str) -> None:
    async with opened_window() as window:
        tab = await _talked(window, host)
        assert not tab.can("tab.make-scenario-selected")
        tab.session_page.filter.type_filter("-json:type=tick")
        await eventually(lambda: tab.timeline.length == ENTRIES - 2)
        tab.do("tab.make-scenario")
        page = await opened_scenario()
        assert "tick" not in page.text.replace('"ticks"', "")
        page.widget.close_at_once()
        await eventually(lambda: not scenario_pages())
        tab.session_page.filter.type_filter("")
        await eventually(lambda: tab.timeline.length == ENTRIES)
        tab.timeline.select(2)
        tab.do("tab.make-scenario-selected")
        page = await opened_scenario()
        assert page.text.count("WEBSOCKET") == 1
        assert json.dumps(ASKED[0]) in page.text
        assert "@expect" not in page.text
        page.widget.close_at_once()


async def test_entries_without_a_message_make_no_scenario(host: str) -> None:
    async with opened_window() as window:
        tab = await _talked(window, host)
        tab.timeline.select(0)
        tab.do("tab.make-scenario-selected")
        await eventually(lambda: tab.says("no text or binary message"))
        assert not scenario_pages()
