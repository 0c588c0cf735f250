"""The expert tools of a tab, with servers that record every byte they receive."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from gi.repository import Adw, Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.net.events import RawFrameSent, to_payload
from spacebeam.protocol.batch import Kind, Origin
from spacebeam.protocol.frames import apply_mask, encode, parse_header
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from spacebeam.ui.expert.frame_editor import FrameEditor
from spacebeam.ui.expert.ping_dialog import PingDialog
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.waiting import eventually, settled
from tests.ui.doing import serving
from tests.ui.pageobjects.form import CLAIMED_LENGTH, FormPage
from tests.ui.pageobjects.tab import TabPage, opened_tab

Frame = tuple[int, bool, int, bytes]  # opcode, FIN, RSV, payload


class Server:
    """Records the frames that arrive, and sends what a test gives it."""

    def __init__(self) -> None:
        self.url = ""
        self.heard = bytearray()
        self.has_ended = False
        self._peer: socket.socket | None = None
        self._lock = threading.Lock()

    def talk(self, peer: socket.socket) -> None:
        upgrade(peer)
        self._peer = peer
        with contextlib.suppress(OSError):
            while piece := peer.recv(65536):
                with self._lock:
                    self.heard += piece
        self.has_ended = True

    def say(self, data: bytes) -> None:
        assert self._peer is not None
        self._peer.sendall(data)

    @property
    def data(self) -> bytes:
        with self._lock:
            return bytes(self.heard)

    @property
    def frames(self) -> list[Frame]:
        rest, found = self.data, []
        while (header := parse_header(rest)) is not None:
            end = header.size + header.length
            payload = rest[header.size : end]
            if header.mask:
                payload = apply_mask(payload, header.mask)
            found.append((int(header.opcode), header.fin, header.rsv, payload))
            rest = rest[end:]
        return found


@contextlib.contextmanager
def listening() -> Iterator[Server]:
    server = Server()
    with raw_server(server.talk) as raw:
        server.url = f"ws://{LOOPBACK}:{raw.port}/"
        yield server


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[TabPage]:
    """A tab with a connection to `url`."""
    async with opened_tab() as tab:
        await tab.connect(url)
        yield tab


def entries(tab: TabPage) -> list[tuple[Kind, bytes]]:
    """Return the kind and payload of every recorded entry."""
    found = (tab.recording.entry(number) for number in range(len(tab.recording)))
    return [(entry.kind, bytes(entry.payload)) for entry in found]


async def test_a_ping_shows_its_round_trip_time() -> None:
    async with serving() as url, connected(f"{url}/echo") as tab:
        dialog = FormPage(await tab.open_dialog("expert.ping", PingDialog))
        dialog.payload.type_payload("far?")
        dialog.press("Send")
        await eventually(lambda: tab.header.status.endswith(" ms"))
        said = entries(tab)
        assert (Kind.PING, b"far?") in said
        assert (Kind.PONG, b"far?") in said
        assert any(payload.startswith(b'{"type":"round-trip"') for _kind, payload in said)
        tab.do("tab.disconnect")
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(lambda: not tab.header.status.endswith(" ms"))


async def test_pongs_can_be_disabled_also_for_the_next_connection() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            tab.do("expert.answer-pings")
            assert "Pongs disabled" in tab.header.status
            server.say(encode(9, b"one"))
            await eventually(lambda: (Kind.PING, b"one") in entries(tab))
            tab.do("expert.answer-pings")
            assert "Pongs disabled" not in tab.header.status
            server.say(encode(9, b"two"))
            await eventually(lambda: server.frames == [(10, True, 0, b"two")])
            tab.do("expert.answer-pings")
            server.say(encode(8, b""))
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.do("tab.reconnect")
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            assert "Pongs disabled" in tab.header.status
            assert tab.session.connection is not None
            assert not tab.session.connection.answers_pings
            server.say(encode(8, b""))


async def test_the_connection_can_be_closed_with_a_forbidden_code() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            dialog = FormPage(await tab.open_dialog("expert.close", CloseDialog))
            dialog.choose("Code", "Another code")
            dialog.type_in("Code as a number", "1006")
            dialog.type_in("Reason", "on purpose")
            dialog.switch("Allow codes that RFC 6455 forbids")
            dialog.press("Disconnect")
            await eventually(lambda: server.frames)
            assert server.frames == [(8, True, 0, b"\x03\xeeon purpose")]
            assert tab.state is ConnectionState.CLOSING
            assert not tab.can("expert.close")
            server.say(encode(8, b"\x03\xe8"))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_a_close_frame_can_be_empty() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            dialog = FormPage(await tab.open_dialog("expert.close", CloseDialog))
            dialog.choose("Code", "No code")
            dialog.press("Disconnect")
            await eventually(lambda: server.frames == [(8, True, 0, b"")])
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_a_message_is_sent_in_fragments_with_pings_between() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            tab.composer.type_message("a message in four pieces")
            dialog = FormPage(await tab.open_dialog("expert.fragments", FragmentsDialog))
            assert "The message in the composer has 24 B." in dialog.words
            dialog.type_in("Sizes of the fragments, in bytes", "3, 10, 5")
            dialog.switch("Pings between")
            dialog.press("Send")
            await eventually(lambda: len(server.frames) == 7)
            assert server.frames == [
                (1, False, 0, b"a m"),
                (9, True, 0, b"between 1"),
                (0, False, 0, b"essage in "),
                (9, True, 0, b"between 2"),
                (0, False, 0, b"four "),
                (9, True, 0, b"between 3"),
                (0, True, 0, b"pieces"),
            ]
            assert tab.composer.typed == ""
            await eventually(lambda: len(tab.recording) == 5)
            sent = tab.recording.entry(4)
            assert sent.origin == Origin(24 + 4 * 6, (3, 10, 5, 6), False)
            server.say(encode(8, b""))


async def test_fragments_need_a_valid_message_in_the_composer() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            dialog = FormPage(await tab.open_dialog("expert.fragments", FragmentsDialog))
            dialog.type_in("Sizes of the fragments, in bytes", "3")
            assert dialog.says("Type a message in the composer first")
            assert dialog.errors == []
            assert not dialog.can_press("Send")
            dialog.widget.close()
            tab.composer.type_message("0g", PayloadFormat.HEX)
            dialog = FormPage(await tab.open_dialog("expert.fragments", FragmentsDialog))
            assert dialog.errors == ["“g” is not a hexadecimal digit."]
            assert dialog.entry("Sizes of the fragments, in bytes").get_text() == "3"
            assert tab.composer.typed == "0g"
            server.say(encode(8, b""))


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("expert.ping", PingDialog),
        ("expert.close", CloseDialog),
        ("expert.fragments", FragmentsDialog),
        ("expert.frame", FrameEditor),
    ],
)
async def test_a_dialog_opens_without_an_error(action: str, kind: type[Adw.Window]) -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        assert FormPage(await tab.open_dialog(action, kind)).errors == []


async def test_raw_frames_are_sent_unchanged_and_the_editor_stays_open() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            editor = FormPage(await tab.open_dialog("expert.frame", FrameEditor))
            editor.choose("Mask", "None")
            editor.check("RSV2")
            editor.choose("Opcode", "3")
            editor.payload.type_payload("00 01", PayloadFormat.HEX)
            editor.type_in(CLAIMED_LENGTH, "200")
            editor.press("Send")
            expected = b"\xa3\x7e\x00\xc8\x00\x01"
            await eventually(lambda: server.data == expected)
            await eventually(lambda: editor.says("Sent: FIN RSV2"))
            assert editor.is_shown
            editor.type_in(CLAIMED_LENGTH, "")
            editor.choose("Opcode", "9")
            editor.press("Send")
            await eventually(lambda: server.data == expected + b"\xa9\x02\x00\x01")
            await eventually(lambda: len(entries(tab)) == 4)
            assert entries(tab)[1:] == [
                (
                    Kind.EVENT,
                    to_payload(RawFrameSent(True, 2, 3, False, 2, 200)),
                ),
                (Kind.PING, b"\x00\x01"),
                (Kind.EVENT, to_payload(RawFrameSent(True, 2, 9, False, 2, 2))),
            ]
            server.say(encode(8, b""))
            await eventually(lambda: "Not connected." in editor.words)


async def test_after_a_raw_close_frame_another_raw_frame_can_be_sent() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            editor = FormPage(await tab.open_dialog("expert.frame", FrameEditor))
            editor.choose("Mask", "None")
            editor.choose("Opcode", "8")
            editor.press("Send")
            await eventually(lambda: tab.state is ConnectionState.CLOSING)
            await eventually(lambda: "Disconnecting…" in tab.header.status)
            assert not tab.can("expert.ping")
            editor.choose("Opcode", "1")
            editor.press("Send")
            await eventually(lambda: server.data == b"\x88\x00\x81\x00")
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            await eventually(lambda: not editor.can_press("Send"))


async def test_the_handshake_is_shown_while_connected_and_afterwards() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            window = await tab.open_handshake()
            assert "101 Switching Protocols" in window.text
            assert server.url in window.words
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert tab.can("expert.handshake")


async def test_tools_are_disabled_before_a_connection() -> None:
    async with opened_tab() as tab:
        actions = tab.session_page.menu_items.values()
        tools = [action for action in actions if action.startswith("expert.")]
        assert len(tools) == 7
        assert [action for action in tools if tab.can(action)] == ["expert.answer-pings"]
        assert tab.is_on("expert.answer-pings")


async def test_a_dialog_keeps_its_payload_until_the_tab_is_closed() -> None:
    with listening() as server:
        async with connected(server.url) as tab:
            dialog = FormPage(await tab.open_dialog("expert.ping", PingDialog))
            dialog.payload.type_payload("01 02", PayloadFormat.HEX)
            dialog.widget.close()
            await eventually(lambda: not dialog.is_visible)
            again = FormPage(await tab.open_dialog("expert.ping", PingDialog))
            assert again == dialog
            assert again.payload.widget.payload() == b"\x01\x02"
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await settled(lambda: len(list(Gtk.Window.get_toplevels())))
        left = [one for one in Gtk.Window.get_toplevels() if isinstance(one, Adw.Window)]
        assert dialog.widget not in left
