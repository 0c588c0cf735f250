"""A tab with real servers: it connects, explains failures, sends, disconnects and reconnects."""

from __future__ import annotations

import socket
import threading
import weakref
from pathlib import Path

import pytest

from spacebeam.library.settings import Settings, load, save
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.protocol.endpoint import parse
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.window import sending as module
from tests.support.holders import released
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import answer, raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.tab import opened_tab

MIB = 1024 * 1024


async def test_a_new_tab_is_not_connected() -> None:
    async with opened_tab() as tab:
        assert not tab.is_conversation
        assert tab.state is ConnectionState.CLOSED
        assert tab.title == "New Connection"
        assert not tab.can("tab.disconnect")
        assert not tab.can("tab.reconnect")


async def test_a_connected_tab_shows_sent_and_received_messages() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        assert tab.title == url.removeprefix("ws://") + "/echo"
        await eventually(lambda: "Connected" in tab.header.words)
        assert tab.title in tab.header.words
        assert tab.composer.has_focus
        tab.composer.say("hello")
        await eventually(lambda: len(tab.entries) == 3)
        assert tab.entries == [f"Connected to {url}/echo", "hello", "hello"]
        await eventually(lambda: tab.words.count("hello") == 2)


async def test_a_binary_message_is_sent_unchanged() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.choose_format(PayloadFormat.HEX)
        tab.composer.say("00 ff")
        await eventually(lambda: len(tab.entries) == 3)
        assert tab.recording.entry(2).payload == b"\x00\xff"


async def test_an_invalid_address_is_explained_with_its_part() -> None:
    async with opened_tab() as tab:
        tab.connect_page.submit("ftp://example.test/")
        await eventually(lambda: tab.says("“ftp” is not a scheme"))
        assert "Look at the scheme." in tab.words
        assert tab.connect_page.address == "ftp://example.test/"
        assert not tab.is_conversation


async def test_an_error_of_an_address_does_not_show_its_password() -> None:
    async with opened_tab() as tab:
        tab.connect_page.submit("ws://ada:8s3cret/s3cret@h/")
        await eventually(lambda: tab.says("The port is not valid."))
        assert not tab.says("s3cret")
        address = f"ws://ada:x@s3cret/#s3cret@{LOOPBACK}:{free_port()}/"
        tab.connect_page.submit(address)
        await eventually(lambda: tab.says("no server is listening"))
        assert not tab.says("s3cret")
        assert "s3cret" not in tab.connect_page.open_details()


async def test_a_refused_connection_is_explained_and_the_address_stays() -> None:
    async with opened_tab() as tab:
        address = f"ws://{LOOPBACK}:{free_port()}/feed"
        tab.connect_page.submit(address)
        await eventually(lambda: tab.says("no server is listening"))
        assert tab.connect_page.address == address
        assert not tab.is_conversation
        assert tab.state is ConnectionState.CLOSED


async def test_a_refused_handshake_is_explained_with_the_response_in_the_details() -> None:
    def script(peer: socket.socket) -> None:
        answer(peer, "HTTP/1.1 403 <b>No</b>\nX-Reason: a\x07b", "<i>Not</i> & never\x1b[31m")

    with raw_server(script) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: tab.says("403 <b>No</b>"))
            details = tab.connect_page.open_details()
            assert "GET / HTTP/1.1" in details
            assert "<i>Not</i> & never␛[31m" in details


async def test_cancel_stops_connecting_and_the_address_can_be_tried_again() -> None:
    with raw_server(wait_for_end) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: server.connections)
            assert tab.state is ConnectionState.CONNECTING
            tab.press("Cancel")
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert tab.offers("Connect")
            assert tab.connect_page.address == f"{LOOPBACK}:{server.port}"
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: server.connections == 2)


async def test_a_second_enter_does_not_connect_a_second_time() -> None:
    with raw_server(wait_for_end) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: server.connections)
            tab.press("Cancel")
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert server.connections == 1


async def test_the_password_in_an_address_is_neither_shown_nor_saved(settings_path: Path) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url.replace("ws://", "ann:hunter2@"))
            assert load(settings_path).recent == [peer.url.replace("ws://", "ws://ann:•••@")]
            assert not tab.says("hunter2")
            assert not any("hunter2" in entry for entry in tab.entries)
    assert "hunter2" not in settings_path.read_text()


async def test_only_addresses_that_connected_become_recent(settings_path: Path) -> None:
    async with serving() as url, opened_tab() as tab:
        tab.connect_page.submit(f"{url}/nowhere")
        await eventually(lambda: tab.connect_page.has_failure)
        assert load(settings_path).recent == []
        await tab.connect(f"{url}/echo")
        assert load(settings_path).recent == [f"{url}/echo"]


async def test_a_saved_recent_address_is_offered_and_can_be_removed(
    settings_path: Path,
) -> None:
    save(Settings(recent=["ws://one.test/", "ws://two.test/"]), settings_path)
    async with opened_tab() as tab:
        assert "ws://two.test/" in tab.words
        tab.connect_page.forget("ws://one.test/")
        assert "ws://one.test/" not in tab.words
        assert load(settings_path).recent == ["ws://two.test/"]


async def test_reconnecting_after_a_disconnect_keeps_the_earlier_entries() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.say("before")
        await eventually(lambda: len(tab.entries) == 3)
        await tab.disconnect()
        await eventually(lambda: "Disconnected (1000, normal closure)." in tab.header.words)
        assert tab.is_conversation
        assert not tab.can("tab.disconnect")
        assert tab.can("tab.reconnect")
        said = tab.entries
        tab.header.press("Reconnect")
        await eventually(lambda: tab.state is ConnectionState.OPEN)
        assert tab.entries[: len(said)] == said
        tab.composer.say("after")
        await eventually(lambda: tab.entries[-1] == "after")
        assert tab.can("tab.disconnect")
        assert not tab.can("tab.reconnect")


async def test_disconnecting_is_shown_until_the_server_answers_the_close() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)  # and never answers the close frame

    with raw_server(script) as server:
        async with opened_tab() as tab:
            await tab.connect(f"{LOOPBACK}:{server.port}")
            tab.header.press("Disconnect")
            await eventually(lambda: "Disconnecting…" in tab.header.words)
            assert not tab.header.offers("Disconnect")
            server.stop()
            await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_a_lost_connection_is_explained() -> None:
    with raw_server(upgrade) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: tab.session.session.close_reason)
            await eventually(lambda: tab.header.says("Connection lost"))
            assert tab.can("tab.reconnect")


async def test_control_characters_and_markup_in_a_close_reason_are_shown_as_text() -> None:
    reason = b"<b>&\n\x1b[31m"

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=bytes((0x88, 2 + len(reason))) + b"\x03\xe8" + reason)
        wait_for_end(peer)

    with raw_server(script) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            expected = "Closed by the server (1000, normal closure: “<b>&␊␛[31m”)."
            await eventually(lambda: expected in tab.words)


async def test_a_failed_reconnect_shows_the_address_with_an_explanation() -> None:
    async with opened_tab() as tab:
        async with serving() as url:
            await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.can("tab.reconnect"))
        tab.do("tab.reconnect")
        await eventually(lambda: tab.says("no server is listening"))
        assert not tab.is_conversation
        assert tab.connect_page.address == f"{url}/echo"


async def test_a_message_that_could_not_be_sent_returns_to_the_composer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")

        async def fail(_connection: Connection, _message: str | bytes) -> None:
            raise NotOpenError(has_ended=True)

        monkeypatch.setattr(Connection, "send", fail)
        tab.composer.say("precious")
        await eventually(lambda: tab.composer.typed == "precious")
        expected = "Not sent: the connection ended before the message had left."
        assert expected in tab.words


async def test_sending_a_long_message_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SHOW_SENDING_AFTER_S", 0.01)

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        go_on.wait()
        wait_for_end(peer)

    go_on = threading.Event()
    with raw_server(script) as server:
        async with opened_tab() as tab:
            await tab.connect(f"{LOOPBACK}:{server.port}")
            tab.composer.say("x" * 16 * MIB)
            await eventually(lambda: "Sending 16.0 MiB…" in tab.words)
            go_on.set()
            await eventually(lambda: "Sending 16.0 MiB…" not in tab.words)
            assert len(tab.entries) == 2
            server.stop()


async def test_another_address_can_be_entered_while_the_connection_stays_open() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.header.press("Connect to another address (Ctrl+L)")
        await eventually(lambda: not tab.is_conversation)
        assert tab.connect_page.address == f"{url}/echo"
        assert tab.state is ConnectionState.OPEN


async def test_a_file_is_attached_and_sent_as_binary(tmp_path: Path) -> None:
    file = tmp_path / "<b>&.bin"
    file.write_bytes(bytes(range(256)))
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.attach(file)
            await eventually(lambda: {"<b>&.bin, 256 B", "As binary"} <= set(tab.words))
            tab.composer.send()
            await eventually(lambda: peer.messages == [bytes(range(256))])


async def test_a_file_that_is_too_large_or_unreadable_is_explained(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as sparse:
        sparse.truncate(65 * MIB)
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.attach(large)
        expected = "“large” has 65.0 MiB; a message of this connection has 64.0 MiB at most."
        await eventually(lambda: tab.says(expected))
        tab.attach(tmp_path / "gone")
        await eventually(lambda: tab.says("“gone” cannot be read"))
        tab.attach(tmp_path)
        folder = f"“{tmp_path.name}” is a folder. Attach the files in it instead."
        await eventually(lambda: tab.composer.error == folder)


async def test_several_files_are_sent_one_after_another_and_the_rest_is_named(
    tmp_path: Path,
) -> None:
    files = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt", "d.txt")]
    for file in files:
        file.write_text(file.name)
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.attach(files[0], tmp_path, *files[1:])
            await eventually(lambda: tab.says("then " + f"{tmp_path.name}, b.txt, c.txt, d.txt"))
            tab.composer.send()
            await eventually(lambda: {"b.txt, 5 B", "then c.txt, d.txt"} <= set(tab.words))
            assert tab.composer.error.endswith("is a folder. Attach the files in it instead.")
            tab.press("Remove file")
            await eventually(lambda: {"c.txt, 5 B", "then d.txt"} <= set(tab.words))
            tab.composer.send()
            await eventually(lambda: "d.txt, 5 B" in tab.words)
            assert not tab.says("then ")
            tab.composer.send()
            await eventually(lambda: peer.messages == ["a.txt", "c.txt", "d.txt"])
            assert "d.txt, 5 B" not in tab.words


async def test_a_file_that_was_not_sent_comes_back_before_the_next(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.txt", "b.txt")]
    for file in files:
        file.write_text(file.name)
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.attach(*files)
        await eventually(lambda: {"a.txt, 5 B", "then b.txt"} <= set(tab.words))
        await tab.disconnect()
        tab.composer.press_enter()
        await eventually(lambda: tab.composer.error)
        assert {"a.txt, 5 B", "then b.txt"} <= set(tab.words)


async def test_two_tabs_chat_without_an_address(local_chat: LocalChat) -> None:
    async with opened_tab(local_chat) as one, opened_tab(local_chat) as other:
        for tab in (one, other):
            tab.connect_page.press_chat()
            await eventually(lambda: one.is_conversation or other.is_conversation)
        await eventually(lambda: one.is_conversation and other.is_conversation)
        one.composer.say("is anybody there?")
        await eventually(lambda: "is anybody there?" in other.words)


async def test_reconnecting_serves_the_chat_room_again_if_its_host_is_gone(
    local_chat: LocalChat,
) -> None:
    other = LocalChat(parse(local_chat.url).port)
    other.address()
    async with opened_tab(local_chat) as tab:
        tab.connect_page.press_chat()
        await eventually(lambda: tab.is_conversation)
        await other.stop()
        await eventually(lambda: tab.can("tab.reconnect"))
        tab.do("tab.reconnect")
        await eventually(lambda: tab.state is ConnectionState.OPEN)


async def test_closing_a_tab_closes_its_connection() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await eventually(lambda: peer.clients)
        await eventually(lambda: peer.close_codes == [1000])


async def test_a_closed_tab_releases_its_recording() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.say("hello")
        await eventually(lambda: tab.timeline.length == 3)
        await tab.session_page.select(1)
        inspector = tab.session_page.inspector
        await inspector.shows("hello")
        tab.composer.say('{"name": 1}')
        keys = tab.composer.widget.keys
        await eventually(lambda: keys.proposals("na"))  # the composer has looked at it
        recording = weakref.ref(tab.recording)
    await released(recording)
    assert inspector.text == ""
