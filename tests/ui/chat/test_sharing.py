"""Sharing the room: other computers join once the person has allowed it, and never before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from gi.repository import Adw

from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.chat.share_dialog import ShareDialog
from tests.server.test_shared_room import ELSEWHERE, computer
from tests.support.waiting import eventually
from tests.ui.chat.test_chat import chat_of, tab_page
from tests.ui.pageobjects.chat import SharePage
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.tab import TabPage

ALLOW = "Allow Other Computers on This Network"


@pytest.fixture(autouse=True)
def networks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """This computer's addresses in its networks."""
    found = [ELSEWHERE]

    def network_addresses() -> Sequence[str]:
        return found

    monkeypatch.setattr("spacebeam.net.interfaces.network_addresses", network_addresses)
    return found


async def share_dialog(tab: TabPage) -> SharePage:
    tab.connect_page.press_chat()
    await eventually(lambda: chat_of(tab).people)
    return SharePage(await tab.open_dialog("tab.share-chat", ShareDialog))


async def test_nothing_is_shared_until_the_person_allows_it(local_chat: LocalChat) -> None:
    async with tab_page(local_chat) as tab:
        page = await share_dialog(tab)
        assert page.says("Only this computer can join.")
        assert page.address == ""
        assert local_chat.shared_urls == []
        page.press(ALLOW)
        await eventually(lambda: page.address)
        assert [page.address] == local_chat.shared_urls
        page.press("Stop Sharing")
        await eventually(lambda: page.says("Only this computer can join."))
        await eventually(lambda: local_chat.shared_urls == [])


@pytest.mark.parametrize(("response", "is_allowed"), [("allow", True), ("refuse", False)])
async def test_each_computer_is_asked_about(
    local_chat: LocalChat, response: str, is_allowed: bool
) -> None:
    async with tab_page(local_chat) as tab:
        page = await share_dialog(tab)
        page.press(ALLOW)
        await eventually(lambda: page.address)
        async with computer(page.address):
            question = await dialog_of(page.widget, Adw.MessageDialog)
            assert question.get_heading() == "Allow 127.0.0.2 to join?"
            assert chat_of(tab).names == ["Guest 1 (you)"]
            question.response(response)
            if is_allowed:
                await eventually(lambda: chat_of(tab).names == ["Guest 1 (you)", "Guest 2"])
            else:
                await eventually(lambda: not find_dialog(page.widget, Adw.MessageDialog))
                assert chat_of(tab).names == ["Guest 1 (you)"]


async def test_the_question_goes_with_the_computer(local_chat: LocalChat) -> None:
    async with tab_page(local_chat) as tab:
        page = await share_dialog(tab)
        page.press(ALLOW)
        await eventually(lambda: page.address)
        async with computer(page.address):
            await dialog_of(page.widget, Adw.MessageDialog)
        await eventually(lambda: not find_dialog(page.widget, Adw.MessageDialog))


async def test_closing_the_tab_ends_the_sharing(local_chat: LocalChat) -> None:
    async with tab_page(local_chat) as tab:
        page = await share_dialog(tab)
        page.press(ALLOW)
        await eventually(lambda: local_chat.shared_urls)
    assert local_chat.shared_urls == []


async def test_without_a_network_the_dialog_says_so(
    local_chat: LocalChat, networks: list[str]
) -> None:
    networks.clear()
    async with tab_page(local_chat) as tab:
        page = await share_dialog(tab)
        page.press(ALLOW)
        assert page.says("This computer is in no network.")
        assert page.address == ""


async def test_only_the_program_that_opened_the_room_shares_it(local_chat: LocalChat) -> None:
    other = LocalChat(int(local_chat.url.rpartition(":")[2].partition("/")[0]))
    other.address()
    try:
        async with tab_page(local_chat) as tab:
            page = await share_dialog(tab)
            assert not page.offers(ALLOW)
            assert page.says("Another Spacebeam on this computer has opened the room.")
    finally:
        await other.stop()
