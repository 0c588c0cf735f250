"""A talk whose server dies and comes back: brought back, or left alone where it should be."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.reconnect import ReconnectStage
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.ui.talk import Talk
from tests.support.mortal import Mortal, mortal
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end
from tests.support.waiting import eventually, settled

HOUR = 3600.0
QUICK = Backoff(attempts=3, first=0.01, longest=0.02)
PATIENT = Backoff(attempts=0, first=0.01, longest=0.02)
SLOW = Backoff(attempts=3, first=HOUR, longest=HOUR)


def events(talk: Talk) -> list[str]:
    """What happened, without what was said."""
    entries = [talk.recording.entry(number) for number in range(len(talk.recording))]
    return [one.payload.decode() for one in entries if one.kind is Kind.EVENT]


async def connected(server: Mortal, backoff: Backoff | None) -> Talk:
    talk = Talk()
    talk.backoff = backoff
    await talk.connect_to(server.url)
    await eventually(lambda: server.clients)
    return talk


def stage(talk: Talk) -> ReconnectStage | None:
    return talk.progress.stage if talk.progress else None


async def stays_closed(talk: Talk, server: Mortal) -> None:
    before = len(server.clients)
    await settled(lambda: len(server.clients))
    assert (talk.state, len(server.clients), talk.progress) == (
        ConnectionState.CLOSED,
        before,
        None,
    )


async def test_without_a_policy_what_is_lost_stays_lost() -> None:
    with mortal() as server:
        talk = await connected(server, None)
        server.drop()
        await eventually(lambda: talk.ending)
        await stays_closed(talk, server)


async def test_a_lost_connection_comes_back_in_the_same_recording() -> None:
    with mortal() as server:
        talk = await connected(server, PATIENT)
        await talk.send("before")
        await eventually(lambda: len(talk.recording) == 3)
        server.die()
        await eventually(lambda: "Connecting again, attempt 2" in events(talk))
        server.rise()
        await eventually(lambda: talk.state is ConnectionState.OPEN and talk.progress is None)
        assert talk.why_closed == ""
        await talk.send("after")
        await eventually(lambda: server.heard == ["before", "after"])
        await talk.disconnect_from_peer()
        connected_to, lost, again, refused, *_more, _last_connected, parted = events(talk)
        assert connected_to.startswith("Connected to")
        assert "was lost" in lost
        assert again == "Connecting again, attempt 1"
        assert "refused the connection" in refused
        assert parted == "Disconnected (1000, normal closure)."


async def test_it_comes_back_with_the_same_path_user_and_options() -> None:
    heard: list[bytes] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        heard.append(request)
        peer.sendall(switching(request))

    with raw_server(script) as server:
        talk = Talk()
        talk.backoff = QUICK
        address = f"ws://{LOOPBACK}:{server.port}/feed?x=1"
        await talk.connect_to(address, Profile(headers=(("X-Key", "k"),)))
        await eventually(lambda: len(heard) > 1)
        await talk.disconnect_from_peer()
    assert heard[1].startswith(b"GET /feed?x=1 ")
    assert header(heard[1], "X-Key") == "k"


async def test_after_its_attempts_it_gives_up_and_says_so() -> None:
    with mortal() as server:
        talk = await connected(server, QUICK)
        server.die()
        await eventually(lambda: events(talk)[-1] == "Gave up after 3 attempts.")
        assert talk.state is ConnectionState.CLOSED
        assert talk.progress is None
        assert "refused" in talk.why_closed
        assert talk.why_closed.endswith("Gave up after 3 attempts.")
        assert [one for one in events(talk) if one.startswith("Connecting")] == [
            f"Connecting again, attempt {number} of 3" for number in (1, 2, 3)
        ]


async def test_a_server_that_accepts_and_drops_at_once_is_not_tried_for_ever() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)))

    with raw_server(script) as server:
        talk = Talk()
        talk.backoff = Backoff(attempts=3, first=0.01, longest=HOUR)
        await talk.connect_to(f"ws://{LOOPBACK}:{server.port}/")
        await eventually(lambda: "Gave up after 3 attempts." in events(talk))
        assert server.connections == 4


async def test_a_wait_can_be_cut_short() -> None:
    with mortal() as server:
        talk = await connected(server, SLOW)
        server.drop()
        await eventually(lambda: stage(talk) is ReconnectStage.WAITING)
        assert talk.progress is not None
        assert "was lost" in talk.progress.why
        talk.connect_now()
        await eventually(lambda: talk.state is ConnectionState.OPEN)
        await talk.disconnect_from_peer()


@pytest.mark.parametrize(
    "stop", [Talk.stop_reconnecting, lambda talk: setattr(talk, "backoff", None)]
)
async def test_a_wait_can_be_stopped(stop: Callable[[Talk], None]) -> None:
    with mortal() as server:
        talk = await connected(server, SLOW)
        server.drop()
        await eventually(lambda: stage(talk) is ReconnectStage.WAITING)
        stop(talk)
        assert talk.progress is None
        assert "was lost" in talk.why_closed
        await stays_closed(talk, server)


async def test_an_attempt_under_way_can_be_stopped() -> None:
    with mortal() as server:
        talk = await connected(server, PATIENT)
        server.die()
        await eventually(lambda: talk.progress)
        with socket.create_server((LOOPBACK, server.port)):  # accepts, and never answers
            await eventually(lambda: talk.state is ConnectionState.CONNECTING)
            talk.stop_reconnecting()
            await eventually(lambda: talk.state is ConnectionState.CLOSED)
        await stays_closed(talk, server)


async def test_who_disconnects_is_not_connected_again() -> None:
    with mortal() as server:
        talk = await connected(server, QUICK)
        await talk.disconnect_from_peer()
        await stays_closed(talk, server)


async def test_disconnecting_stops_a_wait() -> None:
    with mortal() as server:
        talk = await connected(server, SLOW)
        server.drop()
        await eventually(lambda: stage(talk) is ReconnectStage.WAITING)
        await talk.disconnect_from_peer()
        await stays_closed(talk, server)


async def test_a_server_that_breaks_the_protocol_is_not_connected_to_again() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)) + b"\x83\x00")
        wait_for_end(peer)

    with raw_server(script) as server:
        talk = Talk()
        talk.backoff = QUICK
        await talk.connect_to(f"ws://{LOOPBACK}:{server.port}/")
        await eventually(lambda: talk.ending)
        assert talk.ending is not None
        assert talk.ending.closed_by is Direction.SENT
        await settled(lambda: server.connections)
        assert (server.connections, talk.progress) == (1, None)


async def test_a_first_connection_that_fails_is_not_tried_again() -> None:
    talk = Talk()
    talk.backoff = QUICK
    with pytest.raises(HandshakeError):
        await talk.connect_to(f"ws://{LOOPBACK}:{free_port()}/")
    await settled(lambda: len(talk.recording))
    assert (talk.state, talk.progress, len(talk.recording)) == (ConnectionState.CLOSED, None, 0)


async def test_connecting_elsewhere_stops_it() -> None:
    with mortal() as server, mortal() as other:
        talk = await connected(server, PATIENT)
        server.die()
        await eventually(lambda: talk.progress)
        await talk.connect_to(other.url)
        server.rise()
        await settled(lambda: len(server.clients))
        assert talk.state is ConnectionState.OPEN
        assert len(server.clients) == 1
        await talk.disconnect_from_peer()


async def test_what_was_left_for_another_address_stays_lost_even_if_that_fails() -> None:
    with mortal() as server:
        talk = await connected(server, QUICK)
        with pytest.raises(HandshakeError):
            await talk.connect_to(f"ws://{LOOPBACK}:{free_port()}/")
        assert talk.state is ConnectionState.OPEN
        server.drop()
        await eventually(lambda: talk.state is ConnectionState.CLOSED)
        await stays_closed(talk, server)


async def test_a_policy_of_later_counts_for_the_connection_that_is_open() -> None:
    with mortal() as server:
        talk = await connected(server, None)
        talk.backoff = PATIENT
        server.drop()
        await eventually(lambda: len(server.clients) == 2)
        await talk.disconnect_from_peer()


async def test_every_change_is_told() -> None:
    with mortal() as server:
        talk = await connected(server, PATIENT)
        seen: list[tuple[ConnectionState, ReconnectStage | None]] = []
        talk.connect("changed", lambda one: seen.append((one.state, stage(one))))
        server.drop()
        await eventually(lambda: seen[-1:] == [(ConnectionState.OPEN, None)])
        steps = [step for place, step in enumerate(seen) if step not in seen[:place]]
        assert steps == [
            (ConnectionState.CLOSED, None),
            (ConnectionState.CLOSED, ReconnectStage.WAITING),
            (ConnectionState.CLOSED, ReconnectStage.TRYING),
            (ConnectionState.CONNECTING, ReconnectStage.TRYING),
            (ConnectionState.OPEN, ReconnectStage.TRYING),
            (ConnectionState.OPEN, None),
        ]
        await talk.disconnect_from_peer()
