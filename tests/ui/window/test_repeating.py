"""The composer's message is sent again and again: with a count, a Stop, and an end of its own."""

from __future__ import annotations

import pytest
from gi.repository import Gdk

from spacebeam.library.sent_history import default_folder
from spacebeam.profiles.profile import Profile
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.listener import listener
from tests.support.restartable_server import restartable_server
from tests.support.waiting import eventually, settled
from tests.ui.doing import serving
from tests.ui.pageobjects.repeat import RepeatFormPage, repeat_bar, repeat_form
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import opened_window


async def opened_form(tab: TabPage) -> RepeatFormPage:
    """Open the form by its key's action."""
    assert tab.can("tab.repeat")
    tab.do("tab.repeat")
    form = repeat_form(tab.widget)
    await eventually(lambda: form.is_shown)
    return form


async def test_a_message_is_sent_as_often_as_wanted_and_counted() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.type_message('{"n":{{$seq}}}')
            form = await opened_form(tab)
            form.enter("interval", 1)
            form.enter("times", 3)
            form.enter("number", 7)
            form.start()
            bar = repeat_bar(tab.widget)
            await eventually(lambda: bar.count.startswith("3 of 3 sent"))
            expected = ['{"n":7}', '{"n":8}', '{"n":9}']
            await eventually(lambda: peer.messages == expected)
            assert tab.composer.typed == '{"n":{{$seq}}}'
            assert bar.message == ""
            bar.press("Close")
            assert not bar.is_shown


async def test_an_endless_repetition_is_stopped_and_another_message_can_be_sent_meanwhile() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.type_message("beat")
            form = await opened_form(tab)
            form.enter("interval", 5)
            form.check("endless")
            assert not form.asks_for("times")
            form.start()
            bar = repeat_bar(tab.widget)
            await eventually(lambda: " sent" in bar.count)
            assert bar.message == "beat"
            tab.composer.say("something else")
            await eventually(lambda: "something else" in peer.messages)
            before = len(peer.messages)
            await eventually(lambda: len(peer.messages) > before + 3)
            bar.press("Stop")
            assert not bar.is_shown
            await settled(lambda: len(peer.messages))
            assert set(peer.messages) == {"beat", "something else"}


async def test_the_message_is_remembered_once_and_not_with_each_number() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.type_message("beat {{$seq}}")
            form = await opened_form(tab)
            form.enter("interval", 1)
            form.enter("times", 5)
            form.start()
            await eventually(lambda: len(peer.messages) == 5)
            assert list(tab.composer.widget.recall.read()) == ["beat {{$seq}}"]


async def test_the_last_values_are_there_again() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.type_message("{{$seq}}")
            form = await opened_form(tab)
            form.type_into("interval", "250")
            form.enter("times", 2)
            form.check("reconnecting")
            assert form.press_key(Gdk.KEY_Return)
            await eventually(lambda: peer.messages)
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            form = await opened_form(tab)
            assert [form.number(one) for one in ("interval", "times", "number")] == [250, 2, 1]
            assert form.is_checked("reconnecting")
            assert not form.is_checked("endless")


@pytest.mark.parametrize(
    ("typed", "form", "words"),
    [
        ("", PayloadFormat.TEXT, "Type a message first."),
        ("0g", PayloadFormat.HEX, "“g” is not a hexadecimal digit."),
    ],
)
async def test_without_a_valid_message_there_is_nothing_to_start(
    typed: str, form: PayloadFormat, words: str
) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.type_message(typed, form)
            page = await opened_form(tab)
            assert page.says(words)
            assert not page.can_start
            page.press_key(Gdk.KEY_Return)
            await settled(lambda: len(peer.messages))
            assert peer.messages == []


async def test_a_first_number_is_asked_only_where_there_is_a_number() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.type_message("beat")
            form = await opened_form(tab)
            assert not form.asks_for("number")
            assert form.says("Write {{$seq}} in the message")
            form.widget.popdown()
            await eventually(lambda: not form.is_shown)
            tab.composer.type_message("beat {{$seq}}")
            assert (await opened_form(tab)).asks_for("number")


@pytest.mark.parametrize("goes_on", [False, True])
async def test_a_lost_connection_ends_it_unless_it_is_to_go_on(goes_on: bool) -> None:
    with restartable_server() as server:
        async with opened_tab() as tab:
            await tab.connect(server.url)
            tab.do("tab.auto-reconnect")
            tab.composer.type_message("beat")
            form = await opened_form(tab)
            form.enter("interval", 5)
            form.check("endless")
            form.check("reconnecting", goes_on)
            form.start()
            await eventually(lambda: server.messages)
            server.disconnect_clients()
            await eventually(lambda: len(server.clients) == 2 and tab.is_connected)
            bar = repeat_bar(tab.widget)
            if goes_on:
                before = len(server.messages)
                await eventually(lambda: len(server.messages) > before + 3)
                assert " sent" in bar.count
                assert bar.message == "beat"
            else:
                assert bar.count.startswith("Repeating ended with the connection. ")


async def test_without_a_connection_nothing_can_be_repeated() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await tab.disconnect()
            assert not tab.can("tab.repeat")


async def test_a_form_that_is_closed_leads_back_to_the_message() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.type_message("beat")
        form = await opened_form(tab)
        await eventually(lambda: form.has_focus)
        form.widget.popdown()
        await eventually(lambda: tab.composer.has_focus)


async def test_each_tab_has_a_repetition_of_its_own_and_closing_it_ends_it() -> None:
    with listener() as peer, listener() as other:
        async with opened_window() as window:
            for url in (peer.url, other.url):
                tab = window.tab if url == peer.url else window.add_tab()
                await tab.connect(url)
                tab.composer.type_message(f"to {url}")
                form = await opened_form(tab)
                form.enter("interval", 5)
                form.check("endless")
                form.start()
            await eventually(lambda: peer.messages and other.messages)
            window.do("win.close-tab")
            await eventually(lambda: other.close_codes)
            count = len(other.messages)
            before = len(peer.messages)
            await eventually(lambda: len(peer.messages) > before + 3)
            assert len(other.messages) == count


async def test_a_private_connection_repeats_and_remembers_nothing() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_page.type_address(peer.url)
            await tab.set_options(Profile(record=False))
            await tab.connect(peer.url)
            tab.composer.type_message("beat")
            (await opened_form(tab)).start()
            await eventually(lambda: peer.messages)
            assert not default_folder().exists()
