"""The expert's tools of a tab, against servers that write down every byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator

from gi.repository import Adw, GLib, Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.net.events import RawFrameSent, to_payload
from spacebeam.protocol.batch import Kind, Origin
from spacebeam.protocol.frames import apply_mask, encode, parse_header
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.close_form import LEGAL
from spacebeam.ui.expert.expert_tools import D, ExpertTools
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from spacebeam.ui.expert.frame_editor import FrameEditor
from spacebeam.ui.expert.ping_dialog import PingDialog
from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from spacebeam.ui.window.tab import Tab
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.waiting import eventually, settled
from tests.ui.doing import click, serving, shown_tab, text, words

Frame = tuple[int, bool, int, bytes]  # opcode, FIN, RSV, payload

NO_MASK = 2


class Server:
    """Writes down what arrives, frame by frame; says what a test tells it to."""

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
async def talking(url: str) -> AsyncIterator[Tab]:
    """A tab with a connection to `url`."""
    async with shown_tab() as tab:
        tab._connection_page._address_entry.set_text(url)
        tab._connection_page._address_entry.emit("activate")
        await eventually(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)
        yield tab


def tools(tab: Tab) -> ExpertTools:
    return tab._tools


async def wanted(tab: Tab, action: str, kind: type[D]) -> D:
    """The dialog that the menu leads to."""
    assert tools(tab)._actions.get_action_enabled(action)
    tab.activate_action(f"expert.{action}", None)
    dialog = tools(tab)._dialogs[kind]
    assert isinstance(dialog, kind)
    await eventually(dialog.get_mapped)
    return dialog


def entries(tab: Tab) -> list[tuple[Kind, bytes]]:
    recording = tab._session.recording
    found = (recording.entry(number) for number in range(len(recording)))
    return [(entry.kind, bytes(entry.payload)) for entry in found]


async def test_a_ping_shows_its_round_trip_as_an_entry_and_in_the_bar() -> None:
    async with serving() as url, talking(f"{url}/echo") as tab:
        dialog = await wanted(tab, "ping", PingDialog)
        dialog._payload_field.fill(PayloadFormat.TEXT, "far?")
        click(dialog._ping_button)
        await eventually(lambda: any(seen.startswith("RTT ") for seen in words(tab)))
        said = entries(tab)
        assert (Kind.PING, b"far?") in said
        assert (Kind.PONG, b"far?") in said
        assert any(payload.startswith(b'{"type":"round-trip"') for _kind, payload in said)
        tab.activate_action("tab.disconnect", None)
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(lambda: not any(seen.startswith("RTT ") for seen in words(tab)))


async def test_pongs_are_held_back_while_the_person_says_so_also_on_the_next_connection() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            tab.activate_action("expert.answer-pings", None)
            assert "Pongs disabled" in words(tab)
            server.say(encode(9, b"one"))
            await eventually(lambda: (Kind.PING, b"one") in entries(tab))
            tab.activate_action("expert.answer-pings", None)
            assert "Pongs disabled" not in words(tab)
            server.say(encode(9, b"two"))
            await eventually(lambda: server.frames == [(10, True, 0, b"two")])
            tab.activate_action("expert.answer-pings", None)
            server.say(encode(8, b""))
            await eventually(lambda: tab._actions.get_action_enabled("reconnect"))
            tab.activate_action("tab.reconnect", None)
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            assert "Pongs disabled" in words(tab)
            assert tab._session.connection is not None
            assert not tab._session.connection.answers_pings
            server.say(encode(8, b""))


async def test_the_connection_is_closed_with_any_code() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            dialog = await wanted(tab, "close", CloseDialog)
            dialog._code_row.set_selected(len(LEGAL) + 1)
            dialog._typed_row.set_text("1006")
            dialog._reason_row.set_text("on purpose")
            dialog._illegal_switch.set_active(True)
            click(dialog._close_button)
            await eventually(lambda: server.frames)
            assert server.frames == [(8, True, 0, b"\x03\xeeon purpose")]
            assert tab.state is ConnectionState.CLOSING
            assert not tools(tab)._actions.get_action_enabled("close")
            server.say(encode(8, b"\x03\xe8"))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_a_close_frame_can_be_empty() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            dialog = await wanted(tab, "close", CloseDialog)
            dialog._code_row.set_selected(len(LEGAL))
            click(dialog._close_button)
            await eventually(lambda: server.frames == [(8, True, 0, b"")])
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_the_composers_message_goes_out_in_fragments_with_pings_between() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            composer = tab._conversation_page.composer
            composer._text_view.get_buffer().set_text("a message in four pieces")
            dialog = await wanted(tab, "fragments", FragmentsDialog)
            assert "The message in the composer has 24 B." in words(dialog)
            dialog._sizes_row.set_text("3, 10, 5")
            dialog._ping_switch.set_active(True)
            click(dialog._send_button)
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
            assert composer.typed == ""
            await eventually(lambda: len(tab._session.recording) == 5)
            sent = tab._session.recording.entry(4)
            assert sent.origin == Origin(24 + 4 * 6, (3, 10, 5, 6), False)
            server.say(encode(8, b""))


async def test_without_a_message_there_is_nothing_to_cut() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            dialog = await wanted(tab, "fragments", FragmentsDialog)
            dialog._sizes_row.set_text("3")
            assert any("Type a message in the composer first" in seen for seen in words(dialog))
            assert not dialog._send_button.get_sensitive()
            dialog.close()
            composer = tab._conversation_page.composer
            composer._form_drop_down.set_selected(1)
            composer._text_view.get_buffer().set_text("0g")
            dialog = await wanted(tab, "fragments", FragmentsDialog)
            assert "“g” is not a hexadecimal digit." in words(dialog)
            assert dialog._sizes_row.get_text() == "3"
            assert composer.typed == "0g"
            server.say(encode(8, b""))


async def test_raw_frames_leave_as_they_are_and_the_editor_stays_open() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            editor = await wanted(tab, "frame", FrameEditor)
            editor._mask_row.set_selected(NO_MASK)
            editor._rsv2_check.set_active(True)
            editor._opcode_row.set_selected(3)
            editor._payload_field.fill(PayloadFormat.HEX, "00 01")
            editor._claimed_row.set_text("200")
            click(editor._send_button)
            expected = b"\xa3\x7e\x00\xc8\x00\x01"
            await eventually(lambda: server.data == expected)
            await eventually(lambda: any(one.startswith("Sent: FIN RSV2") for one in words(editor)))
            assert editor.get_mapped()
            editor._claimed_row.set_text("")
            editor._opcode_row.set_selected(9)
            click(editor._send_button)
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
            await eventually(lambda: "Not connected." in words(editor))


async def test_a_raw_close_frame_closes_the_tabs_connection_and_more_may_follow_it() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            editor = await wanted(tab, "frame", FrameEditor)
            editor._mask_row.set_selected(NO_MASK)
            editor._opcode_row.set_selected(8)
            click(editor._send_button)
            await eventually(lambda: tab.state is ConnectionState.CLOSING)
            await eventually(lambda: "Disconnecting…" in words(tab))
            assert not tools(tab)._actions.get_action_enabled("ping")
            editor._opcode_row.set_selected(1)
            click(editor._send_button)
            await eventually(lambda: server.data == b"\x88\x00\x81\x00")
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            await eventually(lambda: not editor._send_button.get_sensitive())


async def test_the_handshake_is_read_while_connected_and_afterwards() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            window = await wanted(tab, "handshake", HandshakeWindow)
            assert "101 Switching Protocols" in text(window._text_view.get_buffer())
            assert server.url in words(window)
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert tools(tab)._actions.get_action_enabled("handshake")


async def test_nothing_is_offered_before_a_connection() -> None:
    async with shown_tab() as tab:
        actions = tools(tab)._actions
        enabled = {name for name in actions.list_actions() if actions.get_action_enabled(name)}
        assert enabled == {"answer-pings"}
        assert actions.get_action_state("answer-pings") == GLib.Variant.new_boolean(True)


async def test_what_was_typed_stays_while_the_tab_lives_and_no_longer() -> None:
    with listening() as server:
        async with talking(server.url) as tab:
            dialog = await wanted(tab, "ping", PingDialog)
            dialog._payload_field.fill(PayloadFormat.HEX, "01 02")
            dialog.close()
            await eventually(lambda: not dialog.get_visible())
            again = await wanted(tab, "ping", PingDialog)
            assert again is dialog
            assert again._payload_field.payload() == b"\x01\x02"
            server.say(encode(8, b""))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await settled(lambda: len(list(Gtk.Window.get_toplevels())))
        left = [one for one in Gtk.Window.get_toplevels() if isinstance(one, Adw.Window)]
        assert dialog not in left
