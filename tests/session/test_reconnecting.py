"""A session whose server disconnects: when it is reconnected and when not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from spacebeam.net.backoff import Backoff, ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.net.connection import ConnectionState
from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.reconnect import GivenUpError
from spacebeam.profiles.profile import Profile, RequestSettings
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.session.observer import Observer
from spacebeam.session.session import Session
from spacebeam.wording.events import event_words
from tests.session.sessions import CallLog, opened, plan, recorded_session, recording_of
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end
from tests.support.restartable_server import RestartableServer, restartable_server
from tests.support.waiting import eventually, settled

HOUR = 3600.0
QUICK = Backoff(attempts=3, first=0.01, longest=0.02)
PATIENT = Backoff(attempts=0, first=0.01, longest=0.02)
SLOW = Backoff(attempts=3, first=HOUR, longest=HOUR)


def events(session: Session) -> list[str]:
    """Return the sentences of the recorded events."""
    entries = [recording_of(session).entry(number) for number in range(len(recording_of(session)))]
    return [event_words(one.payload) for one in entries if one.kind is Kind.EVENT]


async def connected(server: RestartableServer, backoff: Backoff | None) -> Session:
    session = recorded_session()
    session.backoff = backoff
    await opened(session, server.url)
    await eventually(lambda: server.clients)
    return session


def stage(session: Session) -> ReconnectStage | None:
    return session.progress.stage if session.progress else None


async def stays_closed(session: Session, server: RestartableServer) -> None:
    before = len(server.clients)
    await settled(lambda: len(server.clients))
    assert (session.state, len(server.clients), session.progress) == (
        ConnectionState.CLOSED,
        before,
        None,
    )


async def test_without_a_policy_a_lost_connection_stays_closed() -> None:
    with restartable_server() as server:
        session = await connected(server, None)
        server.disconnect_clients()
        await eventually(lambda: session.close_reason)
        await stays_closed(session, server)


async def test_a_lost_connection_is_reconnected_in_the_same_recording() -> None:
    with restartable_server() as server:
        session = await connected(server, PATIENT)
        await session.send("before")
        await eventually(lambda: len(recording_of(session)) == 3)
        server.stop()
        await eventually(lambda: "Reconnecting (attempt 2)…" in events(session))
        server.start()
        await eventually(lambda: session.state is ConnectionState.OPEN and session.progress is None)
        assert session.close_reason is None
        await session.send("after")
        await eventually(lambda: server.messages == ["before", "after"])
        await session.close()
        connected_to, lost, again, refused, *_more, _last_connected, parted = events(session)
        assert connected_to.startswith("Connected to")
        assert "Connection lost" in lost
        assert again == "Reconnecting (attempt 1)…"
        assert "Connection refused" in refused
        assert parted == "Disconnected (1000, normal closure)."


async def test_reconnecting_uses_the_same_path_user_and_options() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        requests.append(request)
        peer.sendall(switching(request))

    with raw_server(script) as server:
        session = recorded_session()
        session.backoff = QUICK
        address = f"ws://{LOOPBACK}:{server.port}/feed?x=1"
        await opened(session, address, Profile(request=RequestSettings(headers=(("X-Key", "k"),))))
        await eventually(lambda: len(requests) > 1)
        await session.close()
    assert requests[1].startswith(b"GET /feed?x=1 ")
    assert header(requests[1], "X-Key") == "k"


async def test_reconnecting_gives_up_after_its_attempts() -> None:
    with restartable_server() as server:
        session = await connected(server, QUICK)
        server.stop()
        await eventually(lambda: events(session)[-1] == "Gave up reconnecting after 3 attempts.")
        assert session.state is ConnectionState.CLOSED
        assert session.progress is None
        assert session.given_up is not None
        assert isinstance(session.given_up.why, Failure)
        assert session.given_up.why.cause is FailureCause.REFUSED
        assert session.given_up.attempts == 3
        assert [one for one in events(session) if one.startswith("Reconnecting")] == [
            f"Reconnecting (attempt {number} of 3)…" for number in (1, 2, 3)
        ]


async def test_a_server_that_drops_connections_at_once_is_given_up() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)))

    with raw_server(script) as server:
        session = recorded_session()
        session.backoff = Backoff(attempts=3, first=0.01, longest=HOUR)
        await opened(session, f"ws://{LOOPBACK}:{server.port}/")
        await eventually(lambda: "Gave up reconnecting after 3 attempts." in events(session))
        assert server.connections == 4


async def test_a_wait_can_be_skipped() -> None:
    with restartable_server() as server:
        session = await connected(server, SLOW)
        server.disconnect_clients()
        await eventually(lambda: stage(session) is ReconnectStage.WAITING)
        assert session.progress is not None
        assert session.progress.why.cause is CloseCause.STREAM_CLOSED
        session.reconnect_now()
        await eventually(lambda: session.state is ConnectionState.OPEN)
        await session.close()


@pytest.mark.parametrize(
    "stop", [Session.stop_reconnecting, lambda session: setattr(session, "backoff", None)]
)
async def test_a_wait_can_be_stopped(stop: Callable[[Session], None]) -> None:
    with restartable_server() as server:
        session = await connected(server, SLOW)
        server.disconnect_clients()
        await eventually(lambda: stage(session) is ReconnectStage.WAITING)
        stop(session)
        assert session.progress is None
        assert session.close_reason is not None
        assert session.close_reason.cause is CloseCause.STREAM_CLOSED
        await stays_closed(session, server)


async def test_reconnecting_can_be_stopped_before_it_has_done_anything() -> None:
    class Stopping(CallLog):
        def ended(self, reason: CloseReason) -> None:
            super().ended(reason)
            session.stop_reconnecting()

    with restartable_server() as server:
        session = await connected(server, QUICK)
        calls = Stopping()
        session.observers.add(calls)
        server.disconnect_clients()
        await eventually(lambda: "ended" in calls.calls)
        await stays_closed(session, server)
        assert not session.is_reconnecting
        assert [one for one in calls.calls if one in ("ended", "over", "WAITING")] == [
            "ended",
            "over",
        ]


async def test_an_attempt_in_progress_can_be_stopped() -> None:
    with restartable_server() as server:
        session = await connected(server, PATIENT)
        server.stop()
        await eventually(lambda: session.progress)
        with socket.create_server((LOOPBACK, server.port)):  # accepts and never answers
            await eventually(lambda: session.state is ConnectionState.CONNECTING)
            session.stop_reconnecting()
            await eventually(lambda: session.state is ConnectionState.CLOSED)
        await stays_closed(session, server)


async def test_a_disconnected_session_is_not_reconnected() -> None:
    with restartable_server() as server:
        session = await connected(server, QUICK)
        await session.close()
        await stays_closed(session, server)


async def test_disconnecting_stops_a_wait() -> None:
    with restartable_server() as server:
        session = await connected(server, SLOW)
        server.disconnect_clients()
        await eventually(lambda: stage(session) is ReconnectStage.WAITING)
        await session.close()
        await stays_closed(session, server)


async def test_a_session_with_a_protocol_error_is_not_reconnected() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)) + b"\x83\x00")
        wait_for_end(peer)

    with raw_server(script) as server:
        session = recorded_session()
        session.backoff = QUICK
        await opened(session, f"ws://{LOOPBACK}:{server.port}/")
        await eventually(lambda: session.close_reason)
        assert session.close_reason is not None
        assert session.close_reason.closed_by is Direction.SENT
        await settled(lambda: server.connections)
        assert (server.connections, session.progress) == (1, None)


async def test_a_failed_first_connection_is_not_retried() -> None:
    session = recorded_session()
    session.backoff = QUICK
    with pytest.raises(HandshakeError):
        await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
    await settled(lambda: len(recording_of(session)))
    assert (session.state, session.progress, len(recording_of(session))) == (
        ConnectionState.CLOSED,
        None,
        0,
    )


async def test_connecting_to_another_address_stops_reconnecting() -> None:
    with restartable_server() as server, restartable_server() as other:
        session = await connected(server, PATIENT)
        server.stop()
        await eventually(lambda: session.progress)
        await opened(session, other.url)
        server.start()
        await settled(lambda: len(server.clients))
        assert session.state is ConnectionState.OPEN
        assert len(server.clients) == 1
        await session.close()


async def test_a_failed_second_connection_leaves_the_first_unchanged() -> None:
    with restartable_server() as server:
        session = await connected(server, PATIENT)
        before, recording = session.plan, recording_of(session)
        with pytest.raises(HandshakeError):
            await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
        assert session.state is ConnectionState.OPEN
        assert (session.plan, session.backoff) == (before, PATIENT)
        assert recording_of(session) is recording
        server.disconnect_clients()
        await eventually(lambda: len(server.clients) == 2)
        await eventually(lambda: session.progress is None)
        assert session.plan is before
        await session.close()


async def test_a_failed_second_connection_leaves_the_wait_unchanged() -> None:
    with restartable_server() as server:
        session = await connected(server, SLOW)
        server.disconnect_clients()
        await eventually(lambda: stage(session) is ReconnectStage.WAITING)
        before = session.progress
        with pytest.raises(HandshakeError):
            await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
        assert session.progress == before
        session.reconnect_now()
        await eventually(lambda: session.state is ConnectionState.OPEN and not session.progress)
        await session.close()


async def test_an_attempt_interrupted_by_a_second_connection_is_repeated() -> None:
    with restartable_server() as server:
        session = await connected(server, PATIENT)
        server.stop()
        await eventually(lambda: session.progress)
        with socket.create_server((LOOPBACK, server.port)):  # accepts and never answers
            await eventually(lambda: session.state is ConnectionState.CONNECTING)
            before = session.progress
            with pytest.raises(HandshakeError):
                await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
            await eventually(lambda: session.state is ConnectionState.CONNECTING)
            assert session.progress == before
        server.start()
        await eventually(lambda: session.state is ConnectionState.OPEN and not session.progress)
        await session.close()


async def test_a_connection_lost_while_a_second_one_fails_is_reconnected() -> None:
    with restartable_server() as server, raw_server(wait_for_end) as silent:
        session = await connected(server, PATIENT)
        opening = asyncio.create_task(opened(session, f"ws://{LOOPBACK}:{silent.port}/"))
        await eventually(lambda: silent.connections)
        server.disconnect_clients()
        await eventually(lambda: session.close_reason)
        opening.cancel()
        await eventually(lambda: len(server.clients) == 2)
        await eventually(lambda: session.state is ConnectionState.OPEN)
        await session.close()


async def test_a_first_attempt_is_repeated_with_retry() -> None:
    server = RestartableServer()
    session = recorded_session()
    wanted = replace(plan(server.url), backoff=PATIENT)
    opening = asyncio.create_task(session.open(wanted, retry=True))
    await eventually(lambda: session.progress)
    server.start()
    try:
        await opening
        assert (session.state, session.progress) == (ConnectionState.OPEN, None)
        await eventually(lambda: server.clients)
        server.disconnect_clients()
        await eventually(lambda: len(server.clients) == 2)
        await eventually(lambda: session.progress is None)
        await session.close()
    finally:
        server.stop()


async def test_repeated_first_attempts_end_at_the_limit() -> None:
    session = recorded_session()
    wanted = replace(plan(f"ws://{LOOPBACK}:{free_port()}/"), backoff=QUICK)
    with pytest.raises(GivenUpError) as caught:
        await session.open(wanted, retry=True)
    assert caught.value.attempts == 3
    assert (session.state, session.progress, session.plan) == (ConnectionState.CLOSED, None, None)


async def test_a_later_policy_applies_to_the_open_connection() -> None:
    with restartable_server() as server:
        session = await connected(server, None)
        session.backoff = PATIENT
        server.disconnect_clients()
        await eventually(lambda: len(server.clients) == 2)
        await session.close()


async def test_every_change_of_state_and_progress_is_reported() -> None:
    with restartable_server() as server:
        session = await connected(server, PATIENT)
        seen: list[tuple[ConnectionState, ReconnectStage | None]] = []

        class Watcher(Observer):
            def state(self, state: ConnectionState) -> None:
                assert state is session.state
                seen.append((state, stage(session)))

            def reconnecting(self, progress: ReconnectProgress | None) -> None:
                assert progress == session.progress
                seen.append((session.state, stage(session)))

        session.observers.add(Watcher())
        server.disconnect_clients()
        await eventually(lambda: seen[-1:] == [(ConnectionState.OPEN, None)])
        assert seen == [
            (ConnectionState.CLOSED, None),
            (ConnectionState.CLOSED, ReconnectStage.WAITING),
            (ConnectionState.CLOSED, ReconnectStage.TRYING),
            (ConnectionState.CONNECTING, ReconnectStage.TRYING),
            (ConnectionState.OPEN, ReconnectStage.TRYING),
            (ConnectionState.OPEN, None),
        ]
        await session.close()
