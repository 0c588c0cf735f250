"""A talk, against real servers: connect, speak, part, meet again, clear and undo."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from spacebeam.net.connection import ConnectionState
from spacebeam.net.cookies import CookieJar
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.message_writer import NotOpenError
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.endpoint import EndpointError
from spacebeam.ui.talk import Talk
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import (
    RawServer,
    raw_server,
    read_request,
    switching,
    upgrade,
    wait_for_end,
)
from tests.support.waiting import eventually
from tests.ui.doing import Heard, serving
from tests.ui.peers import listener


def said(talk: Talk) -> list[str]:
    """The recording, a word and the payload for each entry."""
    entries = [talk.recording.entry(number) for number in range(len(talk.recording))]
    return [f"{one.direction.name} {one.payload.decode(errors='replace')}" for one in entries]


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


async def test_a_new_talk_is_closed_and_empty() -> None:
    talk = Talk()
    assert talk.state is ConnectionState.CLOSED
    assert talk.endpoint is None
    assert talk.handshake == ""
    assert len(talk.recording) == 0


async def test_what_is_said_and_what_comes_back_is_recorded_in_order() -> None:
    async with serving() as url:
        talk = Talk()
        await talk.connect_to(f"{url}/echo")
        await talk.send("hello")
        await eventually(lambda: len(talk.recording) == 3)
        assert said(talk) == [f"NONE Connected to {url}/echo", "SENT hello", "RECEIVED hello"]
        assert "101" in talk.handshake
        await talk.disconnect_from_peer()
        assert talk.state is ConnectionState.CLOSED
        assert talk.ending is not None
        assert talk.ending.code == CloseCode.NORMAL
        assert talk.ending.closed_by is Direction.SENT


async def test_every_change_of_state_is_told() -> None:
    async with serving() as url:
        talk = Talk()
        states: list[ConnectionState] = []
        talk.connect("changed", lambda one: states.append(one.state))
        await talk.connect_to(f"{url}/echo")
        await talk.disconnect_from_peer()
        await eventually(lambda: states[-1] is ConnectionState.CLOSED)
    assert states == [
        ConnectionState.CONNECTING,
        ConnectionState.OPEN,
        ConnectionState.CLOSING,
        ConnectionState.CLOSED,
    ]


async def test_connecting_again_adds_to_what_was_said() -> None:
    async with serving() as url:
        talk = Talk()
        await talk.connect_to(f"{url}/echo")
        await talk.disconnect_from_peer()
        before = len(talk.recording)
        await talk.connect_to(f"{url}/echo")
        assert talk.state is ConnectionState.OPEN
        assert talk.ending is None
        assert len(talk.recording) == before + 1
        await talk.disconnect_from_peer()


async def test_an_address_that_means_nothing_changes_nothing() -> None:
    talk = Talk()
    changes = Heard(talk, "changed")
    with pytest.raises(EndpointError):
        await talk.connect_to("ftp://example.test")
    assert talk.endpoint is None
    assert not changes


async def test_a_connection_that_fails_leaves_the_recording_and_the_ending_as_they_were() -> None:
    async with serving() as url:
        talk = Talk()
        await talk.connect_to(f"{url}/echo")
        await talk.disconnect_from_peer()
        before, ending = said(talk), talk.ending
        with pytest.raises(HandshakeError):
            await talk.connect_to(f"ws://{LOOPBACK}:{free_port()}/")
        assert talk.state is ConnectionState.CLOSED
        assert said(talk) == before
        assert talk.ending is ending


async def test_cancelling_a_connection_under_way_leaves_the_talk_closed(silent: RawServer) -> None:
    talk = Talk()
    connecting = asyncio.create_task(talk.connect_to(f"ws://{LOOPBACK}:{silent.port}/"))
    await eventually(lambda: silent.connections)
    assert talk.state.name == "CONNECTING"
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert talk.state.name == "CLOSED"


async def test_a_connection_that_another_takes_the_place_of_is_closed() -> None:
    with listener() as first, listener() as second:
        talk = Talk()
        await talk.connect_to(first.url)
        await talk.connect_to(second.url)
        await eventually(lambda: first.goodbyes == [1000])
        assert talk.state is ConnectionState.OPEN
        await talk.send("hello")
        await eventually(lambda: second.heard == ["hello"])
        await talk.disconnect_from_peer()


async def test_a_connection_stays_where_another_does_not_come_about() -> None:
    with listener() as first:
        talk = Talk()
        await talk.connect_to(first.url)
        with pytest.raises(HandshakeError):
            await talk.connect_to(f"ws://{LOOPBACK}:{free_port()}/")
        await talk.send("still here")
        await eventually(lambda: first.heard == ["still here"])
        await talk.disconnect_from_peer()


async def test_nothing_can_be_sent_before_a_connection_and_after_it() -> None:
    talk = Talk()
    with pytest.raises(NotOpenError):
        await talk.send("too early")
    async with serving() as url:
        await talk.connect_to(f"{url}/echo")
        await talk.disconnect_from_peer()
        with pytest.raises(NotOpenError):
            await talk.send("too late")


async def test_disconnecting_where_there_is_no_connection_does_nothing() -> None:
    talk = Talk()
    await talk.disconnect_from_peer()
    assert talk.state is ConnectionState.CLOSED


async def test_a_server_that_leaves_ends_the_talk_with_its_words() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x88\x07\x03\xe9later")
        wait_for_end(peer)

    with raw_server(script) as server:
        talk = Talk()
        await talk.connect_to(f"ws://{LOOPBACK}:{server.port}/")
        await eventually(lambda: talk.ending)
        assert talk.ending is not None
        assert talk.ending.explanation == "Closed by the server (1001, going away: “later”)."


async def test_clear_shows_what_comes_from_now_on_and_undo_the_rest_too() -> None:
    async with serving() as url:
        talk = Talk()
        await talk.connect_to(f"{url}/echo")
        await talk.send("before")
        await eventually(lambda: len(talk.recording) == 3)
        grown = Heard(talk, "grown")
        undo = talk.clear()
        assert (talk.shown_from, len(talk.recording)) == (3, 3)
        assert len(grown) == 1
        await talk.send("after")
        await eventually(lambda: len(talk.recording) == 5)
        undo()
        assert len(grown) >= 3
        assert talk.shown_from == 0
        await talk.disconnect_from_peer()


async def test_the_goodbye_may_have_a_code_and_a_reason() -> None:
    async with serving() as url:
        talk = Talk()
        await talk.connect_to(f"{url}/echo")
        with pytest.raises(ValueError, match="1006"):
            await talk.disconnect_from_peer(1006)
        assert talk.state is ConnectionState.OPEN
        await talk.disconnect_from_peer(4001, "enough")
        assert talk.recording.entry(1).payload == b"\x0f\xa1enough"
        assert talk.connection is not None
        assert talk.connection.state is ConnectionState.CLOSED


async def test_a_message_over_the_limit_that_was_set_ends_the_connection() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x82\x7f" + (1024 * 1024 + 1).to_bytes(8, "big"))
        wait_for_end(peer)

    with raw_server(script) as server:
        talk = Talk()
        await talk.connect_to(f"ws://{LOOPBACK}:{server.port}/", Profile(max_message=1))
        await eventually(lambda: talk.ending)
        assert talk.ending is not None
        assert talk.ending.code == CloseCode.MESSAGE_TOO_BIG


async def test_a_silent_server_is_found_where_that_was_asked_for(silent_after: RawServer) -> None:
    talk = Talk()
    settings = Profile(keepalive=True, keepalive_interval=1, keepalive_limit=1)
    await talk.connect_to(f"ws://{LOOPBACK}:{silent_after.port}/", settings)
    await eventually(lambda: talk.ending)
    assert talk.ending is not None
    assert "silent" in talk.ending.explanation


@pytest.mark.parametrize("answers", [True, False])
async def test_pings_are_answered_as_the_person_says(answers: bool) -> None:
    heard: list[bytes] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x89\x02hi\x81\x01!")
        heard.append(wait_for_end(peer))

    with raw_server(script) as server:
        talk = Talk()
        await talk.connect_to(
            f"ws://{LOOPBACK}:{server.port}/",
            Profile(answers_pings=answers, close_time=1),
        )
        await eventually(lambda: "RECEIVED !" in said(talk))
        await talk.disconnect_from_peer()
        await eventually(lambda: heard)
    assert (b"\x8a\x82" in heard[0]) is answers


async def test_what_was_said_about_pings_holds_until_the_address_or_its_options_differ() -> None:
    with listener() as peer:
        talk = Talk()
        held = Profile(answers_pings=False)
        answered = []
        for settings, said_since in ((held, None), (held, True), (held, None), (None, False)):
            await talk.connect_to(peer.url, settings)
            assert talk.connection is not None
            answered.append(talk.connection.answers_pings)
            if said_since is not None:
                talk.answers_pings = said_since
                assert talk.connection.answers_pings is said_since
        await talk.connect_to(f"{peer.url}other")
        assert talk.answers_pings
        await talk.disconnect_from_peer()
        await eventually(lambda: len(peer.goodbyes) == 5)
        assert answered == [False, False, True, True]


async def test_options_that_were_not_given_are_the_defaults_again() -> None:
    with listener() as peer:
        talk = Talk()
        await talk.connect_to(peer.url, Profile(compression=False))
        assert talk.settings == Profile(compression=False)
        await talk.connect_to(peer.url)
        assert talk.settings == Profile()
        await talk.disconnect_from_peer()
        await eventually(lambda: len(peer.goodbyes) == 2)


async def test_a_cookie_that_a_server_set_is_sent_with_the_next_handshake() -> None:
    asked: list[bytes] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        asked.append(request)
        peer.sendall(switching(request, "Set-Cookie: visit=7"))
        peer.recv(1)  # of its goodbye; there is nothing else to wait for

    with raw_server(script) as server:
        talk = Talk(CookieJar())
        address = f"ws://{LOOPBACK}:{server.port}/"
        for settings in (None, None, Profile(keep_cookies=False)):
            await talk.connect_to(address, settings)
            await talk.disconnect_from_peer()
    assert [b"visit=7" in request for request in asked] == [False, True, False]
