"""A message is sent to several open connections, and what fails is told of each."""

from __future__ import annotations

from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.composer.send_to_dialog import SendToDialog
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import application
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.send_to import SendToPage
from tests.ui.pageobjects.window import WindowPage, opened_window


async def opened_dialog(window: WindowPage) -> SendToPage:
    window.do("win.send-to")
    return SendToPage(await dialog_of(window.widget, SendToDialog))


async def test_a_message_is_sent_to_the_chosen_connections_of_all_windows() -> None:
    with listener() as here, listener() as beside, listener() as elsewhere:
        async with application() as program:
            window, other = WindowPage(program.open_window()), WindowPage(program.open_window())
            await eventually(lambda: window.is_shown and other.is_shown)
            first = await window.connect(here.url)
            window.add_tab()
            second = await window.connect(beside.url)
            second.widget.rename("<b>second</b>")
            await other.connect(elsewhere.url)
            window.select_tab(first)
            first.composer.type_message("hello")
            dialog = await opened_dialog(window)
            assert len(dialog.names) == 3
            assert dialog.names[1] == "<b>second</b>"
            assert dialog.names[0] == window.tabs[0].get_title()
            assert dialog.chosen == [True, False, False]
            assert dialog.says("hello")
            dialog.choose(2)
            dialog.press("Send")
            await eventually(lambda: here.messages == elsewhere.messages == ["hello"])
            await eventually(lambda: find_dialog(window.widget, SendToDialog) is None)
            await eventually(lambda: first.composer.typed == "")
            assert beside.messages == []


async def test_what_failed_is_told_and_the_message_is_kept_and_can_be_sent_again() -> None:
    with listener() as here, listener() as lost:
        async with opened_window() as window:
            first = await window.connect(here.url)
            window.add_tab()
            second = await window.connect(lost.url)
            window.select_tab(first)
            first.composer.type_message("hello")
            dialog = await opened_dialog(window)
            dialog.choose(1)
            await second.session.session.close()
            dialog.press("Send")
            await eventually(lambda: dialog.says("Not sent to all."))
            assert dialog.notes == ["Sent.", "Not sent: the connection is not open."]
            assert dialog.chosen == [False, True]
            assert first.composer.typed == "hello"
            second.do("tab.reconnect")
            await eventually(lambda: second.is_connected)
            dialog.press("Send")
            await eventually(lambda: lost.messages == ["hello"])
            await eventually(lambda: find_dialog(window.widget, SendToDialog) is None)
            assert here.messages == ["hello"]
            await eventually(lambda: first.composer.typed == "")


async def test_only_open_connections_are_listed_and_one_must_be_chosen() -> None:
    with listener() as here, listener() as closed:
        async with opened_window() as window:
            first = await window.connect(closed.url)
            await first.disconnect()
            window.add_tab()
            second = await window.connect(here.url)
            second.composer.type_message("hello")
            dialog = await opened_dialog(window)
            assert len(dialog.names) == 1
            dialog.choose(0, False)
            assert not dialog.can_send
            dialog.widget.close()
            await eventually(lambda: find_dialog(window.widget, SendToDialog) is None)
            assert second.composer.typed == "hello"


async def test_without_a_message_or_a_connection_it_says_so_at_the_composer() -> None:
    with listener() as peer:
        async with opened_window() as window:
            tab = await window.connect(peer.url)
            window.do("win.send-to")
            assert tab.composer.error == "Type a message first."
            tab.composer.type_message("0g", PayloadFormat.HEX)
            window.do("win.send-to")
            assert tab.composer.error == "“g” is not a hexadecimal digit."
            tab.composer.type_message("00")
            await tab.disconnect()
            window.do("win.send-to")
            assert tab.composer.error.startswith("Not connected")
            assert find_dialog(window.widget, SendToDialog) is None
