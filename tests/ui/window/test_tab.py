"""A tab against real servers: connecting, what goes wrong, talking, parting and meeting again."""

from __future__ import annotations

import socket
import threading
import weakref
from pathlib import Path

import pytest
from gi.repository import Gdk, Gio, Gtk

from spacebeam.library.settings import Settings, load, save
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.timeline.entry_words import preview
from spacebeam.ui.window import tab as module
from spacebeam.ui.window.tab import Tab
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import answer, raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually
from tests.ui.doing import button, click, descendants, drop, key, serving, shown_tab, text, words
from tests.ui.inspector.inspector_page import InspectorPage

MIB = 1024 * 1024


def type_address(tab: Tab, address: str) -> None:
    tab._connection_page._address_entry.set_text(address)
    tab._connection_page._address_entry.emit("activate")


async def connected(tab: Tab, address: str) -> None:
    type_address(tab, address)
    await eventually(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)


async def disconnected(tab: Tab) -> None:
    tab.activate_action("tab.disconnect", None)
    await eventually(lambda: tab.state is ConnectionState.CLOSED)


def say(tab: Tab, message: str) -> None:
    composer = tab._conversation_page.composer
    composer._text_view.get_buffer().set_text(message)
    key(composer._text_view, Gdk.KEY_Return)


def entries(tab: Tab) -> list[str]:
    recording = tab._session.recording
    return [preview(recording.entry(number)) for number in range(len(recording))]


def is_enabled(tab: Tab, action: str) -> bool:
    return tab._actions.get_action_enabled(action)


def focus(tab: Tab) -> Gtk.Widget | None:
    window = tab.get_root()
    return window.get_focus() if isinstance(window, Gtk.Window) else None


async def test_a_new_tab_waits_for_an_address() -> None:
    async with shown_tab() as tab:
        assert not tab.is_conversation
        assert tab.state is ConnectionState.CLOSED
        assert tab.title == "New connection"
        assert not is_enabled(tab, "disconnect")
        assert not is_enabled(tab, "reconnect")


async def test_an_address_leads_to_a_conversation() -> None:
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")
        assert tab.title == url.removeprefix("ws://") + "/echo"
        await eventually(lambda: "Connected" in words(tab))
        assert tab.title in words(tab)
        assert focus(tab) is tab._conversation_page.composer._text_view
        say(tab, "hello")
        await eventually(lambda: len(entries(tab)) == 3)
        assert entries(tab) == [f"Connected to {url}/echo", "hello", "hello"]
        await eventually(lambda: words(tab).count("hello") == 2)


async def test_binary_goes_and_comes_back_as_it_was() -> None:
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")
        tab._conversation_page.composer._form_drop_down.set_selected(1)
        say(tab, "00 ff")
        await eventually(lambda: len(entries(tab)) == 3)
        assert tab._session.recording.entry(2).payload == b"\x00\xff"


async def test_an_address_that_means_nothing_is_explained_with_its_part() -> None:
    async with shown_tab() as tab:
        type_address(tab, "ftp://example.test/")
        await eventually(lambda: any("“ftp” is not a scheme" in seen for seen in words(tab)))
        assert "Look at the scheme." in words(tab)
        assert tab._connection_page.address == "ftp://example.test/"
        assert not tab.is_conversation


async def test_a_server_that_is_not_there_is_explained_and_the_address_kept() -> None:
    async with shown_tab() as tab:
        address = f"ws://{LOOPBACK}:{free_port()}/feed"
        type_address(tab, address)
        await eventually(lambda: any("no server is listening" in seen for seen in words(tab)))
        assert tab._connection_page.address == address
        assert not tab.is_conversation
        assert tab.state is ConnectionState.CLOSED


async def test_a_refusal_is_explained_with_the_servers_own_words_in_the_details() -> None:
    def script(peer: socket.socket) -> None:
        answer(peer, "HTTP/1.1 403 <b>No</b>\nX-Reason: a\x07b", "<i>Not</i> & never\x1b[31m")

    with raw_server(script) as server:
        async with shown_tab() as tab:
            type_address(tab, f"{LOOPBACK}:{server.port}")
            await eventually(lambda: any("403 <b>No</b>" in seen for seen in words(tab)))
            page = tab._connection_page
            assert page._details_expander.get_mapped()
            details = text(page._details_text_view.get_buffer())
            assert "GET / HTTP/1.1" in details
            assert "<i>Not</i> & never␛[31m" in details


async def test_cancel_ends_an_attempt_and_the_address_can_be_tried_again() -> None:
    with raw_server(wait_for_end) as server:
        async with shown_tab() as tab:
            type_address(tab, f"{LOOPBACK}:{server.port}")
            await eventually(lambda: server.connections)
            assert tab.state is ConnectionState.CONNECTING
            click(button(tab, "Cancel"))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert button(tab, "Connect").is_sensitive()
            assert tab._connection_page.address == f"{LOOPBACK}:{server.port}"
            type_address(tab, f"{LOOPBACK}:{server.port}")
            await eventually(lambda: server.connections == 2)


async def test_a_second_enter_does_not_connect_a_second_time() -> None:
    with raw_server(wait_for_end) as server:
        async with shown_tab() as tab:
            type_address(tab, f"{LOOPBACK}:{server.port}")
            type_address(tab, f"{LOOPBACK}:{server.port}")
            await eventually(lambda: server.connections)
            click(button(tab, "Cancel"))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert server.connections == 1


async def test_the_password_in_an_address_is_never_shown_or_kept(settings_path: Path) -> None:
    with listener() as peer:
        async with shown_tab() as tab:
            await connected(tab, peer.url.replace("ws://", "ann:secret@"))
            assert load(settings_path).recent == [peer.url]
            assert not any("secret" in seen for seen in words(tab))
            assert not any("secret" in entry for entry in entries(tab))
    assert "secret" not in settings_path.read_text()


async def test_a_conversation_is_remembered_and_an_attempt_is_not(settings_path: Path) -> None:
    async with serving() as url, shown_tab() as tab:
        type_address(tab, f"{url}/nowhere")
        await eventually(lambda: tab._connection_page._failure_box.get_mapped())
        assert load(settings_path).recent == []
        await connected(tab, f"{url}/echo")
        assert load(settings_path).recent == [f"{url}/echo"]


async def test_an_address_of_another_run_is_offered_and_can_be_forgotten(
    settings_path: Path,
) -> None:
    save(Settings(recent=["ws://one.test/", "ws://two.test/"]), settings_path)
    async with shown_tab() as tab:
        assert "ws://two.test/" in words(tab)
        (row, *_others) = descendants(tab._connection_page._recent_list_box, Gtk.ListBoxRow)
        click(next(descendants(row, Gtk.Button)))
        assert "ws://one.test/" not in words(tab)
        assert load(settings_path).recent == ["ws://two.test/"]


async def test_parting_is_told_and_meeting_again_keeps_what_was_said() -> None:
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")
        say(tab, "before")
        await eventually(lambda: len(entries(tab)) == 3)
        await disconnected(tab)
        await eventually(lambda: "Disconnected (1000, normal closure)." in words(tab))
        assert tab.is_conversation
        assert not is_enabled(tab, "disconnect")
        assert is_enabled(tab, "reconnect")
        said = entries(tab)
        click(button(tab, "Reconnect"))
        await eventually(lambda: tab.state is ConnectionState.OPEN)
        assert entries(tab)[: len(said)] == said
        say(tab, "after")
        await eventually(lambda: entries(tab)[-1] == "after")
        assert is_enabled(tab, "disconnect")
        assert not is_enabled(tab, "reconnect")


async def test_while_the_goodbye_is_under_way_it_says_so() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)  # and never answers the close frame

    with raw_server(script) as server:
        async with shown_tab() as tab:
            await connected(tab, f"{LOOPBACK}:{server.port}")
            click(button(tab, "Disconnect"))
            await eventually(lambda: "Disconnecting…" in words(tab))
            assert not tab._conversation_page._disconnect_button.is_sensitive()
            server.stop()
            await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_a_server_that_dies_is_told_in_words() -> None:
    with raw_server(upgrade) as server:
        async with shown_tab() as tab:
            type_address(tab, f"{LOOPBACK}:{server.port}")
            await eventually(lambda: tab._session.session.close_reason)
            await eventually(lambda: any("Connection lost" in seen for seen in words(tab)))
            assert is_enabled(tab, "reconnect")


async def test_a_reason_with_control_characters_and_markup_is_shown_and_not_obeyed() -> None:
    reason = b"<b>&\n\x1b[31m"

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=bytes((0x88, 2 + len(reason))) + b"\x03\xe8" + reason)
        wait_for_end(peer)

    with raw_server(script) as server:
        async with shown_tab() as tab:
            type_address(tab, f"{LOOPBACK}:{server.port}")
            expected = "Closed by the server (1000, normal closure: “<b>&␊␛[31m”)."
            await eventually(lambda: expected in words(tab))


async def test_connecting_again_where_nobody_is_goes_back_and_explains() -> None:
    async with shown_tab() as tab:
        async with serving() as url:
            await connected(tab, f"{url}/echo")
        await eventually(lambda: is_enabled(tab, "reconnect"))
        tab.activate_action("tab.reconnect", None)
        await eventually(lambda: any("no server is listening" in seen for seen in words(tab)))
        assert not tab.is_conversation
        assert tab._connection_page.address == f"{url}/echo"


async def test_what_cannot_be_sent_comes_back_to_be_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")

        async def fail(_connection: Connection, _message: str | bytes) -> None:
            raise NotOpenError("The connection ended before the message had left.")

        monkeypatch.setattr(Connection, "send", fail)
        say(tab, "precious")
        composer = tab._conversation_page.composer
        await eventually(lambda: composer.typed == "precious")
        expected = "Not sent. The connection ended before the message had left."
        assert expected in words(tab)


async def test_a_sending_that_takes_long_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SHOW_SENDING_AFTER_S", 0.01)

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        go_on.wait()
        wait_for_end(peer)

    go_on = threading.Event()
    with raw_server(script) as server:
        async with shown_tab() as tab:
            await connected(tab, f"{LOOPBACK}:{server.port}")
            say(tab, "x" * 16 * MIB)
            await eventually(lambda: "Sending 16.0 MiB…" in words(tab))
            go_on.set()
            await eventually(lambda: "Sending 16.0 MiB…" not in words(tab))
            assert len(entries(tab)) == 2
            server.stop()


async def test_another_address_is_asked_for_beside_the_open_conversation() -> None:
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")
        click(button(tab, "Connect to another address (Ctrl+L)"))
        await eventually(lambda: not tab.is_conversation)
        assert tab._connection_page.address == f"{url}/echo"
        assert tab.state is ConnectionState.OPEN


async def test_a_conversation_that_was_left_for_another_says_goodbye() -> None:
    with listener() as first, listener() as second:
        async with shown_tab() as tab:
            await connected(tab, first.url)
            tab.activate_action("tab.address", None)
            type_address(tab, second.url)
            await eventually(lambda: second.clients)
            await eventually(lambda: first.goodbyes == [1000])


async def test_a_dropped_file_is_sent_as_binary(tmp_path: Path) -> None:
    file = tmp_path / "<b>&.bin"
    file.write_bytes(bytes(range(256)))
    with listener() as peer:
        async with shown_tab() as tab:
            await connected(tab, peer.url)
            drop(tab._conversation_page.composer, Gio.File.new_for_path(str(file)))
            await eventually(lambda: "<b>&.bin, 256 B, sent as binary" in words(tab))
            click(tab._conversation_page.composer._send_button)
            await eventually(lambda: peer.heard == [bytes(range(256))])


async def test_a_file_that_is_too_large_or_gone_is_explained(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as sparse:
        sparse.truncate(module.MAX_FILE + MIB)
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")
        composer = tab._conversation_page.composer
        drop(composer, Gio.File.new_for_path(str(large)))
        expected = "“large” has 65.0 MiB; a message has 64.0 MiB at most."
        await eventually(lambda: expected in words(tab))
        drop(composer, Gio.File.new_for_path(str(tmp_path / "gone")))
        await eventually(lambda: any("“gone” cannot be read" in seen for seen in words(tab)))
        drop(composer, Gio.File.new_for_path(str(tmp_path)))
        await eventually(lambda: composer._error_label.get_text().startswith(f"“{tmp_path.name}"))


async def test_a_chat_needs_no_address(local_chat: LocalChat) -> None:
    async with shown_tab(local_chat) as one, shown_tab(local_chat) as other:
        for tab in (one, other):
            click(tab._connection_page._chat_button)
            await eventually(lambda: one.is_conversation or other.is_conversation)
        await eventually(lambda: one.is_conversation and other.is_conversation)
        say(one, "is anybody there?")
        await eventually(lambda: "is anybody there?" in words(other))


async def test_a_chat_whose_host_has_gone_is_served_again(local_chat: LocalChat) -> None:
    other = LocalChat(local_chat._port)
    other.address()
    async with shown_tab(local_chat) as tab:
        click(tab._connection_page._chat_button)
        await eventually(lambda: tab.is_conversation)
        await other.stop()
        await eventually(lambda: is_enabled(tab, "reconnect"))
        tab.activate_action("tab.reconnect", None)
        await eventually(lambda: tab.state is ConnectionState.OPEN)


async def test_a_tab_that_is_closed_says_goodbye() -> None:
    with listener() as peer:
        async with shown_tab() as tab:
            await connected(tab, peer.url)
            await eventually(lambda: peer.clients)
        await eventually(lambda: peer.goodbyes == [1000])


async def test_a_tab_that_is_closed_lets_go_of_what_was_said() -> None:
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo")
        say(tab, "hello")
        page = tab._conversation_page
        await eventually(lambda: page.timeline._model.get_n_items() == 3)
        page.timeline._selection.set_selected(1)
        await InspectorPage(page.inspector).shows("hello")
        recording = weakref.ref(tab._session.recording)
    assert recording() is None
    assert InspectorPage(page.inspector).text == ""
