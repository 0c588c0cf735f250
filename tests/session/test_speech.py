"""Sessions that speak a protocol by themselves, with real servers."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from spacebeam.decode.speaking.speaker import Call, Verb
from spacebeam.decode.speaking.speakers import SPEAKERS
from spacebeam.net.close_reason import CloseCause
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Limits, Profile, ProtocolSettings, Reconnect, SpokenProtocol
from spacebeam.protocol.close import CloseCode
from spacebeam.session.outgoing import NotSentError, SendQueue
from spacebeam.session.session import Session
from tests.session.sessions import (
    CallLog,
    close_session,
    entry_texts,
    opened,
    plan,
    recorded_session,
)
from tests.support.listener import listener
from tests.support.node_peer import socketio_server
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.waiting import eventually

SOCKET_IO = ProtocolSettings(SpokenProtocol.SOCKET_IO, '{"token": "s3same"}')


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a server of Socket.IO; yield its address as people type it."""
    with socketio_server() as port:
        yield f"ws://127.0.0.1:{port}"


class Log(CallLog):
    """Logs the calls, and those of a spoken protocol."""

    def ready(self) -> None:
        self.calls.append("ready")

    def refused(self, reason: str) -> None:
        self.calls.append(f"refused: {reason}")


async def test_a_namespace_is_joined_and_an_event_is_acknowledged(server: str) -> None:
    session = recorded_session()
    await opened(session, server, Profile(protocol=SOCKET_IO))
    await session.speech.until_ready()
    for call in (Call(Verb.CALL, "sum", (40, 2)), Call(Verb.EMIT, "chat", ("hi", {"a": [1]}))):
        for payload in session.speech.payloads(call):
            await session.send(payload)
    await eventually(lambda: 'RECEIVED 42["chat","hi",{"a":[1]}]' in entry_texts(session))
    texts = entry_texts(session)
    assert 'SENT 40{"token":"s3same"}' in texts
    assert 'SENT 420["sum",40,2]' in texts
    assert "RECEIVED 430[42]" in texts
    await close_session(session)


async def test_the_namespace_is_left_before_the_connection_is_closed(server: str) -> None:
    session = recorded_session()
    await opened(session, server, Profile(protocol=SOCKET_IO))
    await session.speech.until_ready()
    reason = await session.close()
    assert reason is not None
    assert reason.code == CloseCode.NORMAL
    assert entry_texts(session).count("SENT 41") == 1
    assert not session.speech.is_ready
    await session.close()
    assert entry_texts(session).count("SENT 41") == 1
    await close_session(session)


MQTT = Profile(protocol=ProtocolSettings(SpokenProtocol.MQTT))
ACCEPTED, DISCONNECT = b"\x20\x02\x00\x00", b"\xe0\x00"


async def test_the_last_words_go_to_a_connection_that_is_replaced_too() -> None:
    with listener(ACCEPTED) as peer:
        session = recorded_session()
        await opened(session, peer.url, MQTT)
        await session.speech.until_ready()
        await opened(session, peer.url, MQTT)
        await eventually(lambda: peer.messages.count(DISCONNECT) == 1)
        await session.speech.until_ready()
        session.detach()
        await eventually(lambda: peer.messages.count(DISCONNECT) == 2)
        await eventually(lambda: peer.close_codes == [1000, 1000])


async def test_nothing_is_said_at_the_end_if_the_server_has_not_accepted() -> None:
    with listener() as peer:
        session = recorded_session()
        await opened(session, peer.url, MQTT)
        await close_session(session)
        await eventually(lambda: peer.close_codes == [1000])
        assert len(peer.messages) == 1  # CONNECT


async def test_a_server_that_reads_nothing_does_not_hold_up_closing() -> None:
    frame = b"\x82\x04" + ACCEPTED
    is_over = threading.Event()

    def read_nothing(peer: socket.socket) -> None:
        upgrade(peer, then=frame)
        is_over.wait()

    with raw_server(read_nothing) as server:
        session = recorded_session()
        await opened(
            session,
            f"ws://{LOOPBACK}:{server.port}",
            replace(MQTT, limits=Limits(close_timeout=0.5)),
        )
        await session.speech.until_ready()
        sending = [asyncio.ensure_future(session.send(bytes(2**20))) for _message in range(64)]
        await asyncio.sleep(0)
        reason = await session.close()
        is_over.set()
        assert reason is not None
        assert reason.cause is CloseCause.CLOSE_UNANSWERED
        for one in await asyncio.gather(*sending, return_exceptions=True):
            assert one is None or isinstance(one, NotSentError)
        await close_session(session)


async def test_pings_are_answered_for_longer_than_the_server_waits(server: str) -> None:
    session = recorded_session()
    await opened(session, server, Profile(protocol=SOCKET_IO))
    await eventually(lambda: entry_texts(session).count("RECEIVED 2") > 8)  # 1.2 s without one
    assert session.state is ConnectionState.OPEN
    assert entry_texts(session).count("SENT 3") >= 7
    await close_session(session)


async def test_bytes_are_attachments(server: str) -> None:
    session = recorded_session()
    await opened(session, server, Profile(protocol=SOCKET_IO))
    await session.speech.until_ready()
    payloads = session.speech.payloads(Call(Verb.CALL, "size", (b"\x00\xff",)))
    assert payloads == ('451-0["size",{"_placeholder":true,"num":0}]', b"\x00\xff")
    for payload in payloads:
        await session.send(payload)
    expected = 'RECEIVED 461-0[2,{"_placeholder":true,"num":0}]'
    await eventually(lambda: expected in entry_texts(session))
    await close_session(session)


async def test_the_path_is_a_namespace(server: str) -> None:
    session, log = recorded_session(), Log()
    session.observers.add(log)
    await opened(session, f"{server}/admin", Profile(protocol=SOCKET_IO))
    await session.speech.until_ready()
    [payload] = session.speech.payloads(Call(Verb.CALL, "sum", (1, 1)))
    assert payload == '42/admin,0["sum",1,1]'
    await session.send(payload)
    await eventually(lambda: "RECEIVED 43/admin,0[2]" in entry_texts(session))
    assert log.calls.index("opened") < log.calls.index("ready")
    await close_session(session)


@pytest.mark.parametrize(
    ("auth", "space", "reason"),
    [
        ('{"token": "no"}', "", "not authorized"),
        ("", "", "not authorized"),
        ("", "/nowhere", "Invalid namespace"),
    ],
)
async def test_a_refusal_is_told_with_its_reason(
    server: str, auth: str, space: str, reason: str
) -> None:
    session, log = Session(), Log()
    session.observers.add(log)
    await opened(session, server + space, Profile(protocol=replace(SOCKET_IO, auth=auth)))
    await eventually(lambda: f"refused: {reason}" in log.calls)
    assert not session.speech.is_ready
    assert session.speech.refusal == reason
    await session.close()


async def test_messages_wait_until_each_connection_has_joined(server: str) -> None:
    session = recorded_session()
    queue = SendQueue(session, lambda: ['42["chat","first"]'])
    session.observers.add(queue)
    reconnect = Reconnect(True, 20, 0.1, 0.2)
    profile = Profile(protocol=SOCKET_IO, reconnect=reconnect)
    joined = '40{"token":"s3same"}'
    waiting = asyncio.ensure_future(queue.put('42["leave"]'))
    await opened(session, server, profile)
    await waiting
    await eventually(lambda: entry_texts(session).count(f"SENT {joined}") == 2)
    await queue.put('42["chat","again"]')
    await queue.flush()
    assert not len(queue)
    await eventually(lambda: 'RECEIVED 42["chat","again"]' in entry_texts(session))
    texts = entry_texts(session)
    for text in ('42["chat","first"]', '42["leave"]', '42["chat","again"]'):
        first = texts.index(f"SENT {text}")
        assert any("RECEIVED 40{" in one for one in texts[:first])
    assert texts.count('SENT 42["leave"]') == 1
    await close_session(session)


async def test_the_typed_address_stays_the_session_s(server: str) -> None:
    found = plan(server, Profile(protocol=SOCKET_IO))
    assert found.typed_endpoint.url == f"{server}/"
    assert found.endpoint.url == f"{server}/socket.io/?EIO=4&transport=websocket"


def test_every_protocol_that_can_be_chosen_has_a_speaker() -> None:
    chosen = {one.value for one in SpokenProtocol if one is not SpokenProtocol.AUTOMATIC}
    assert chosen == set(SPEAKERS)
