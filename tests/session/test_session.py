"""A session against real servers: connecting, sending, closing, and what fails."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from spacebeam.net.close_reason import CloseCause
from spacebeam.net.connection import ConnectionState
from spacebeam.net.cookies import CookieJar
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import MIB, Limits, PingSettings, Profile, RequestSettings
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import Opcode
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.outgoing import FragmentedMessage, NotSentError, OutgoingMessage, Ping
from spacebeam.wording.closing import close_words
from spacebeam.wording.report import report_text
from tests.session.sessions import (
    CallLog,
    entry_texts,
    flood_count,
    opened,
    recorded_session,
    recording_of,
)
from tests.support.floods import flood_server
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import (
    RawServer,
    raw_server,
    read_request,
    switching,
    upgrade,
    wait_for_end,
)
from tests.support.serving import serving
from tests.support.waiting import eventually, settled


@pytest.fixture
def silent() -> Iterator[RawServer]:
    """Accepts a connection and never answers."""
    with raw_server(wait_for_end) as server:
        yield server


@pytest.fixture
def silent_after() -> Iterator[RawServer]:
    """Answers the handshake, and nothing after that."""

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)

    with raw_server(script) as server:
        yield server


async def test_a_new_session_is_closed_and_empty() -> None:
    session = recorded_session()
    assert session.state is ConnectionState.CLOSED
    assert session.plan is None
    assert len(recording_of(session)) == 0


async def test_sent_and_received_messages_are_recorded_in_order() -> None:
    async with serving() as server:
        url = server.url
        session = recorded_session()
        await opened(session, f"{url}/echo")
        await session.send("hello")
        await eventually(lambda: len(recording_of(session)) == 3)
        assert entry_texts(session) == [
            f"NONE Connected to {url}/echo",
            "SENT hello",
            "RECEIVED hello",
        ]
        assert session.connection is not None
        assert session.connection.report is not None
        assert "101" in report_text(session.connection.report)
        await session.close()
        assert session.state is ConnectionState.CLOSED
        assert session.close_reason is not None
        assert session.close_reason.code == CloseCode.NORMAL
        assert session.close_reason.closed_by is Direction.SENT


async def test_every_change_of_state_is_reported() -> None:
    async with serving() as server:
        url = server.url
        session = recorded_session()
        log = CallLog()
        session.observers.add(log)
        await opened(session, f"{url}/echo")
        await session.close()
        await eventually(lambda: log.calls[-1] == "CLOSED")
    assert log.calls == [
        "CONNECTING",
        "opened",
        f"entry Connected to {url}/echo",
        "OPEN",
        "entry \x03\ufffd",
        "CLOSING",
        "entry \x03\ufffd",
        "entry Disconnected (1000, normal closure).",
        "ended",
        "CLOSED",
    ]


async def test_connecting_again_adds_to_the_recording() -> None:
    async with serving() as server:
        url = server.url
        session = recorded_session()
        await opened(session, f"{url}/echo")
        await session.close()
        before = len(recording_of(session))
        await opened(session, f"{url}/echo")
        assert session.state is ConnectionState.OPEN
        assert session.close_reason is None
        assert len(recording_of(session)) == before + 1
        await session.close()


async def test_a_failed_connection_leaves_the_recording_and_the_close_reason_unchanged() -> None:
    async with serving() as server:
        url = server.url
        session = recorded_session()
        await opened(session, f"{url}/echo")
        await session.close()
        before, ending = entry_texts(session), session.close_reason
        with pytest.raises(HandshakeError):
            await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
        assert session.state is ConnectionState.CLOSED
        assert entry_texts(session) == before
        assert session.close_reason is ending


async def test_cancelling_a_connection_attempt_leaves_the_session_closed(silent: RawServer) -> None:
    session = recorded_session()
    connecting = asyncio.create_task(opened(session, f"ws://{LOOPBACK}:{silent.port}/"))
    await eventually(lambda: silent.connections)
    assert session.state.name == "CONNECTING"
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert session.state.name == "CLOSED"


async def test_a_replaced_connection_is_closed() -> None:
    with listener() as first, listener() as second:
        session = recorded_session()
        await opened(session, first.url)
        await opened(session, second.url)
        await eventually(lambda: first.close_codes == [1000])
        assert session.state is ConnectionState.OPEN
        await session.send("hello")
        await eventually(lambda: second.messages == ["hello"])
        await session.close()


async def test_a_failed_second_connection_leaves_the_first_open() -> None:
    with listener() as first:
        session = recorded_session()
        await opened(session, first.url)
        with pytest.raises(HandshakeError):
            await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
        await session.send("still here")
        await eventually(lambda: first.messages == ["still here"])
        await session.close()


async def test_sending_requires_an_open_connection() -> None:
    session = recorded_session()
    with pytest.raises(NotSentError) as early:
        await session.send("too early")
    assert early.value.message == "too early"
    async with serving() as server:
        url = server.url
        await opened(session, f"{url}/echo")
        await session.close()
        with pytest.raises(NotSentError) as late:
            await session.send("too late")
    assert late.value.message == "too late"


async def test_disconnecting_without_a_connection_does_nothing() -> None:
    session = recorded_session()
    await session.close()
    assert session.state is ConnectionState.CLOSED


async def test_a_close_by_the_server_ends_the_session_with_its_reason() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x88\x07\x03\xe9later")
        wait_for_end(peer)

    with raw_server(script) as server:
        session = recorded_session()
        await opened(session, f"ws://{LOOPBACK}:{server.port}/")
        await eventually(lambda: session.close_reason)
        assert session.close_reason is not None
        assert (
            close_words(session.close_reason) == "Closed by the server (1001, going away: “later”)."
        )


async def test_the_close_frame_has_the_given_code_and_reason() -> None:
    async with serving() as server:
        url = server.url
        session = recorded_session()
        await opened(session, f"{url}/echo")
        with pytest.raises(ValueError, match="1006"):
            await session.close(1006)
        assert session.state is ConnectionState.OPEN
        await session.close(4001, "enough")
        assert recording_of(session).entry(1).payload == b"\x0f\xa1enough"
        assert session.connection is not None
        assert session.connection.state is ConnectionState.CLOSED


async def test_a_message_over_the_limit_ends_the_connection() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x82\x7f" + (1024 * 1024 + 1).to_bytes(8, "big"))
        wait_for_end(peer)

    with raw_server(script) as server:
        session = recorded_session()
        await opened(
            session, f"ws://{LOOPBACK}:{server.port}/", Profile(limits=Limits(max_message=1 * MIB))
        )
        await eventually(lambda: session.close_reason)
        assert session.close_reason is not None
        assert session.close_reason.code == CloseCode.MESSAGE_TOO_BIG


async def test_a_silent_server_is_detected_by_keepalive(silent_after: RawServer) -> None:
    session = recorded_session()
    settings = Profile(pings=PingSettings(keepalive=True, interval=1, timeout=1))
    await opened(session, f"ws://{LOOPBACK}:{silent_after.port}/", settings)
    await eventually(lambda: session.close_reason)
    assert session.close_reason is not None
    assert session.close_reason.cause is CloseCause.SILENT


@pytest.mark.parametrize("answers", [True, False])
async def test_pings_are_answered_according_to_the_profile(answers: bool) -> None:
    received: list[bytes] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x89\x02hi\x81\x01!")
        received.append(wait_for_end(peer))

    with raw_server(script) as server:
        session = recorded_session()
        await opened(
            session,
            f"ws://{LOOPBACK}:{server.port}/",
            Profile(pings=PingSettings(answer=answers), limits=Limits(close_timeout=1)),
        )
        await eventually(lambda: "RECEIVED !" in entry_texts(session))
        await session.close()
        await eventually(lambda: received)
    assert (b"\x8a\x82" in received[0]) is answers


async def test_a_change_of_ping_answers_lasts_until_the_address_or_profile_changes() -> None:
    with listener() as peer:
        session = recorded_session()
        held = Profile(pings=PingSettings(answer=False))
        answered = []
        for settings, said_since in ((held, None), (held, True), (held, None), (None, False)):
            await opened(session, peer.url, settings)
            assert session.connection is not None
            answered.append(session.connection.answers_pings)
            if said_since is not None:
                session.answers_pings = said_since
                assert session.connection.answers_pings is said_since
        await opened(session, f"{peer.url}other")
        assert session.answers_pings
        await session.close()
        await eventually(lambda: len(peer.close_codes) == 5)
        assert answered == [False, False, True, True]


async def test_a_cookie_that_a_server_set_is_sent_with_the_next_handshake() -> None:
    asked: list[bytes] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        asked.append(request)
        peer.sendall(switching(request, "Set-Cookie: visit=7"))
        peer.recv(1)  # of the close frame

    with raw_server(script) as server:
        session, jar = recorded_session(), CookieJar()
        address = f"ws://{LOOPBACK}:{server.port}/"
        for settings in (None, None, Profile(request=RequestSettings(save_cookies=False))):
            await opened(session, address, settings, jar)
            await session.close()
    assert [b"visit=7" in request for request in asked] == [False, True, False]


@pytest.mark.parametrize(
    "message",
    [
        "text",
        b"binary",
        FragmentedMessage("in two", (2,)),
        Ping(b"hi"),
        RawFrame(opcode=Opcode.PING),
    ],
)
async def test_every_kind_of_message_is_sent_or_returned(message: OutgoingMessage) -> None:
    async with serving() as server:
        session = recorded_session()
        with pytest.raises(NotSentError) as early:
            await session.send(message)
        assert early.value.message is message
        await opened(session, f"{server.url}/echo")
        await session.send(message)
        await eventually(lambda: any(one.startswith("SENT") for one in entry_texts(session)))
        await session.close()
        with pytest.raises(NotSentError) as late:
            await session.send(message)
        assert late.value.message is message


async def test_a_raw_close_frame_is_reported_as_closing() -> None:
    with listener() as peer:
        session = recorded_session()
        log = CallLog()
        await opened(session, peer.url)
        session.observers.add(log)
        await session.send(RawFrame(opcode=Opcode.CLOSE, payload=b"\x03\xe8"))
        await eventually(lambda: session.close_reason)
        assert [one for one in log.calls if one.isupper()] == ["CLOSING", "CLOSED"]


async def test_reading_resumes_when_every_owner_has_released_it() -> None:
    with flood_server(50_000) as flood:
        session = recorded_session()
        session.hold("one")
        await opened(session, flood.url)
        session.hold("other")
        await settled(lambda: flood.sent)
        assert flood.sent < 50_000
        session.release("one")
        session.release("one")
        await settled(lambda: flood.sent)
        assert flood.sent < 50_000
        session.release("other")
        await eventually(lambda: session.close_reason)
        assert flood_count(recording_of(session)) == 50_000
