"""What a person sees of a message once it is sent, and of errors about sending."""

from __future__ import annotations

import pytest

from spacebeam.net.connection import ConnectionState
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.ping_dialog import PingDialog
from tests.support.listener import listener
from tests.support.restartable_server import restartable_server
from tests.support.waiting import eventually
from tests.ui.pageobjects.form import FormPage
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.timeline.lists import said

HIDDEN = "Sent; the filter hides it"
PAUSED = "Sent while paused"


def fill(tab: TabPage, count: int = 100) -> None:
    """Add more entries than fit on the screen."""
    tab.recording.append(said(*(f"old {number}" for number in range(count))))


async def newest_is_shown(tab: TabPage) -> None:
    await tab.timeline.at_rest()
    newest = len(tab.recording) - 1
    assert newest in tab.timeline.in_sight


@pytest.mark.parametrize("is_selected", [False, True])
async def test_a_sent_message_is_shown_even_if_the_timeline_was_scrolled_up(
    is_selected: bool,
) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            fill(tab)
            await tab.timeline.at_rest()
            if is_selected:
                await tab.session_page.select(3)
            tab.timeline.widget.scroll_to(3)
            await tab.timeline.at_rest()
            tab.composer.say("new")
            await eventually(lambda: tab.entries[-1] == "new")
            await newest_is_shown(tab)
            assert tab.timeline.selected == (3 if is_selected else -1)


async def test_a_sent_message_is_shown_among_the_matches_of_a_filter() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            fill(tab)
            tab.do("tab.find")
            tab.session_page.filter.type_filter("old")
            await tab.timeline.at_rest()
            tab.timeline.widget.scroll_to(3)
            await tab.timeline.at_rest()
            tab.composer.say("old fashioned")
            await eventually(lambda: tab.entries[-1] == "old fashioned")
            await newest_is_shown(tab)
            assert not tab.says(HIDDEN)


async def test_a_message_that_the_filter_hides_is_announced_and_can_be_shown() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            fill(tab)
            tab.do("tab.find")
            tab.session_page.filter.type_filter("old")
            tab.composer.say("one")
            tab.composer.say("two")
            await eventually(lambda: tab.entries[-1] == "two" and tab.words.count(HIDDEN) == 1)
            tab.press("Show")
            assert tab.session_page.filter.text == ""
            await newest_is_shown(tab)


async def test_the_announcement_goes_with_the_filter() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.do("tab.find")
            tab.session_page.filter.type_filter("old")
            tab.composer.say("one")
            await eventually(lambda: tab.says(HIDDEN))
            tab.session_page.filter.type_filter("")
            await eventually(lambda: not tab.says(HIDDEN))


async def test_a_message_that_a_pause_holds_back_is_announced_and_can_be_shown() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            fill(tab)
            tab.do("tab.pause")
            tab.composer.say("one")
            await eventually(lambda: tab.says(PAUSED))
            tab.press("Resume")
            assert not tab.is_on("tab.pause")
            await newest_is_shown(tab)


async def test_a_ping_that_the_filter_hides_is_announced_too() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.do("tab.find")
            tab.session_page.filter.type_filter("is:text")
            dialog = FormPage(await tab.open_dialog("expert.ping", PingDialog))
            dialog.press("Send")
            await eventually(lambda: tab.says(HIDDEN))


async def test_an_error_about_the_connection_goes_with_the_next_connection() -> None:
    with restartable_server() as server:
        async with opened_tab() as tab:
            await tab.connect(server.url)
            await tab.disconnect()
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.composer.say("not yet")
            assert "Not connected" in tab.composer.error
            tab.do("tab.reconnect")
            await eventually(lambda: tab.is_connected)
            assert tab.composer.error == ""
            assert tab.composer.typed == "not yet"


async def test_an_error_about_the_message_stays_with_the_next_connection() -> None:
    with restartable_server() as server:
        async with opened_tab() as tab:
            await tab.connect(server.url)
            tab.composer.choose_format(PayloadFormat.HEX)
            tab.composer.say("0x0")
            error = tab.composer.error
            assert error
            await tab.disconnect()
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.do("tab.reconnect")
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            assert tab.composer.error == error
