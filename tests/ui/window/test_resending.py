"""A message is sent again as it is, or edited first, on another day too."""

from __future__ import annotations

from spacebeam.profiles.profile import Profile
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.tab import TabPage, opened_tab


async def said(tab: TabPage, *texts: str) -> None:
    """Send messages, and wait for their echoes."""
    for text in texts:
        tab.composer.say(text)
        await eventually(lambda text=text: tab.entries.count(text) == 2)  # type: ignore[misc]


async def select(tab: TabPage, position: int) -> None:
    """Click a row."""
    await tab.timeline.at_rest()
    await tab.session_page.select(position)


async def test_an_entry_is_sent_again() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "one", "two")
        await select(tab, 1)
        tab.do("tab.resend")
        await eventually(lambda: tab.entries.count("one") == 4)


async def test_a_received_message_is_edited_and_sent_in_two_actions() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, '{"id":1}')
        await select(tab, 2)
        tab.do("tab.edit-and-resend")
        assert tab.composer.typed == '{"id":1}'
        assert tab.composer.has_focus
        await said(tab, '{"id":2}')


async def test_a_binary_message_is_edited_in_hexadecimal() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await tab.session.send(b"\x00\xff")
        await eventually(lambda: len(tab.recording) == 3)
        await select(tab, 1)
        tab.do("tab.edit-and-resend")
        assert tab.composer.typed == "00 ff"
        tab.composer.press_enter()
        await eventually(lambda: len(tab.recording) == 5)
        assert tab.recording.entry(4).payload == b"\x00\xff"


async def test_a_text_with_nul_is_edited_with_escapes_and_sent_again() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await tab.session.send("CONNECT\n\n\0")
        await eventually(lambda: len(tab.recording) == 3)
        await select(tab, 1)
        tab.do("tab.edit-and-resend")
        assert tab.composer.typed == "CONNECT\n\n\\0"
        tab.composer.press_enter()
        await eventually(lambda: len(tab.recording) == 5)
        assert tab.recording.entry(4).payload == b"CONNECT\n\n\0"


async def test_a_long_message_is_not_put_into_the_field() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await tab.session.send("x" * 300_000)
        await eventually(lambda: len(tab.recording) == 3)
        await select(tab, 1)
        tab.do("tab.edit-and-resend")
        assert tab.composer.typed == ""
        await eventually(lambda: tab.says("Resend sends"))
        tab.do("tab.resend")
        await eventually(lambda: len(tab.recording) == 5)


async def test_only_messages_can_be_sent_again() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        assert not tab.can("tab.resend")
        await select(tab, 0)  # the event
        assert not tab.can("tab.resend")
        assert not tab.can("tab.edit-and-resend")


async def test_sending_again_without_a_connection_says_so() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "one")
        await tab.disconnect()
        await select(tab, 1)
        tab.do("tab.resend")
        await eventually(lambda: tab.says("connect"))


async def test_what_was_sent_is_there_in_another_tab_of_the_same_address_only() -> None:
    with listener() as peer, listener() as other:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.say("remember me")
            await eventually(lambda: "remember me" in tab.entries)
            await tab.disconnect()
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            assert list(tab.composer.widget.recall.read()) == ["remember me"]
        async with opened_tab() as tab:
            await tab.connect(other.url)
            assert list(tab.composer.widget.recall.read()) == []


async def test_a_private_connection_remembers_nothing() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_page.type_address(peer.url)
            await tab.set_options(Profile(record=False))
            await tab.connect(peer.url)
            tab.composer.say("forget me")
            await eventually(lambda: "forget me" in tab.entries)
            assert list(tab.composer.widget.recall.read()) == []


async def test_a_forgotten_address_forgets_what_was_sent_to_it() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.say("forget me")
            await eventually(lambda: "forget me" in tab.entries)
            await tab.disconnect()
            tab.do("tab.address")
            (address,) = tab.connect_page.recent
            tab.connect_page.forget(address)
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            assert list(tab.composer.widget.recall.read()) == []
