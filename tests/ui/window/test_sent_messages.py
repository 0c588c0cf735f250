"""What was sent to an address is searched from the composer, and forgotten there."""

from __future__ import annotations

from gi.repository import Gdk

from spacebeam.library.sent_history import MAX_MESSAGE_SIZE, SentHistory, default_folder
from spacebeam.profiles.profile import Profile
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.history import HistoryPage, history_of
from tests.ui.pageobjects.tab import TabPage, opened_tab


async def opened_history(tab: TabPage) -> HistoryPage:
    """Open the history by its key's action."""
    assert tab.can("tab.history")
    tab.do("tab.history")
    page = history_of(tab.widget)
    await eventually(lambda: page.is_shown)
    return page


async def said(tab: TabPage, *texts: str) -> None:
    for text in texts:
        tab.composer.say(text)
        await eventually(lambda text=text: tab.entries.count(text) == 2)  # type: ignore[misc]


async def test_a_message_is_found_edited_and_sent() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, '{"op":"subscribe"}', "ping")
        tab.composer.type_message("a draft")
        history = await opened_history(tab)
        history.type_words("SUB")
        await history.shows('{"op":"subscribe"}')
        history.press_enter()
        await eventually(lambda: tab.composer.has_focus)
        assert tab.composer.typed == '{"op":"subscribe"}'
        tab.composer.undo()
        assert tab.composer.typed == "a draft"


async def test_a_message_is_sent_again_at_once_and_the_draft_stays() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "ping")
        tab.composer.type_message("a draft")
        history = await opened_history(tab)
        await history.shows("ping")
        history.press_key(Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        await eventually(lambda: tab.entries.count("ping") == 4)
        assert tab.composer.typed == "a draft"


async def test_escape_leads_back_to_the_message() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        history = await opened_history(tab)
        await eventually(lambda: history.has_cursor)
        history.press_escape()
        await eventually(lambda: tab.composer.has_focus)


async def test_without_a_connection_it_is_said_that_it_is_not_sent() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "ping")
        await tab.disconnect()
        history = await opened_history(tab)
        await history.shows("ping")
        history.press_key(Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        await eventually(lambda: tab.says("Not sent"))


async def test_a_forgotten_message_is_neither_found_nor_recalled_later() -> None:
    async with serving() as url:
        async with opened_tab() as tab:
            await tab.connect(f"{url}/echo")
            await said(tab, "secret", "hello")
            history = await opened_history(tab)
            await history.shows("hello", "secret")
            history.click_forget(1)
        async with opened_tab() as tab:
            await tab.connect(f"{url}/echo")
            history = await opened_history(tab)
            await history.shows("hello")
            assert list(tab.composer.widget.recall.read()) == ["hello"]


async def test_a_message_that_cannot_be_removed_from_the_file_is_told() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "secret", "hello")
        history = await opened_history(tab)
        await history.shows("hello", "secret")
        (file,) = default_folder().iterdir()
        file.unlink()
        file.mkdir()
        history.click_forget(1)
        await eventually(lambda: tab.says("The message is still in the file of sent messages"))


async def test_what_another_window_sent_meanwhile_is_found() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            history = await opened_history(tab)
            await eventually(lambda: history.says("No message was sent"))
            history.press_escape()
            await eventually(lambda: not history.is_shown)
            SentHistory(default_folder(), peer.url).add("from elsewhere", 1_700_000_000.0)
            await (await opened_history(tab)).shows("from elsewhere")


async def test_a_private_connection_has_no_history() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_page.type_address(peer.url)
            await tab.set_options(Profile(record=False))
            await tab.connect(peer.url)
            tab.composer.say("forget me")
            await eventually(lambda: "forget me" in tab.entries)
            assert not tab.can("tab.history")
            assert not default_folder().exists()


async def test_up_goes_on_from_a_message_that_was_found() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "one", "two", "three")
        history = await opened_history(tab)
        history.type_words("two")
        await history.shows("two")
        history.press_enter()
        await eventually(lambda: tab.composer.has_focus)
        tab.composer.press_key(Gdk.KEY_Up)
        assert tab.composer.typed == "one"
        tab.composer.press_key(Gdk.KEY_Down)
        tab.composer.press_key(Gdk.KEY_Down)
        assert tab.composer.typed == "three"


async def test_up_says_why_a_long_message_is_not_recalled_and_goes_on_to_the_one_before() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await said(tab, "short")
        await tab.session.session.send("x")  # not from the composer
        tab.composer.say("x" * (MAX_MESSAGE_SIZE + 1))
        await eventually(lambda: tab.timeline.length == 7)
        assert tab.composer.press_key(Gdk.KEY_Up)
        await eventually(lambda: tab.says("longer ones than 64.0 KiB are not remembered"))
        assert tab.composer.typed == "short"


async def test_up_says_that_a_private_connection_remembers_nothing() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_with(peer.url, Profile(record=False))
            await eventually(lambda: tab.is_connected)
            tab.composer.say("secret")
            await eventually(lambda: peer.messages == ["secret"])
            assert tab.composer.press_key(Gdk.KEY_Up)
            await eventually(lambda: tab.says("What a private connection sends is not remembered"))
