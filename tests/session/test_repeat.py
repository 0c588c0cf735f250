"""Messages are sent again and again, in their rhythm, and never without bound or connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.session.repeat import RepeatEnd, Repeater, Repetition
from spacebeam.session.session import Session
from tests.session.sessions import entry_texts, opened, recorded_session
from tests.support.listener import listener
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade, wait_for_end
from tests.support.restartable_server import restartable_server
from tests.support.serving import serving
from tests.support.waiting import eventually, settled

BEAT = Repetition(("beat",), 0.001)
LONG = b"x" * 16 * 1024 * 1024  # more than sockets take
FOREVER = Backoff(attempts=0, first=0.01, longest=0.02)


def repeated(session: Session, repetition: Repetition, max_stall: float = 30.0) -> Repeater:
    return Repeater(session, repetition, lambda: None, max_stall)


def echoes(session: Session) -> list[str]:
    """Return what the server has sent back."""
    return [one for one in entry_texts(session) if one.startswith("RECEIVED ")]


async def test_messages_are_sent_as_often_as_wanted_with_a_running_number() -> None:
    async with serving() as server:
        session = recorded_session()
        await opened(session, f"{server.url}/echo")
        changes: list[tuple[int, RepeatEnd | None]] = []
        repetition = Repetition(('{"n":{{$seq}},"again":{{$seq}}}', "{x}"), 0.001, 3, 7)
        repeater = Repeater(
            session, repetition, lambda: changes.append((repeater.sent, repeater.end))
        )
        await eventually(lambda: repeater.end is RepeatEnd.DONE)
        assert changes == [(1, None), (2, None), (3, RepeatEnd.DONE)]
        beats = [f'RECEIVED {{"n":{n},"again":{n}}}' for n in (7, 8, 9)]
        await eventually(lambda: len(echoes(session)) == 6)
        assert echoes(session) == [one for beat in beats for one in (beat, "RECEIVED {x}")]
        await session.close()


async def test_bytes_are_sent_as_they_are() -> None:
    with listener() as peer:
        session = Session()
        await opened(session, peer.url)
        repeated(session, Repetition((b"{{$seq}}",), 0.001, 2))
        await eventually(lambda: peer.messages == [b"{{$seq}}"] * 2)
        await session.close()


async def test_messages_are_sent_until_they_are_stopped() -> None:
    with listener() as peer:
        session = Session()
        await opened(session, peer.url)
        repeater = repeated(session, BEAT)
        await eventually(lambda: repeater.sent > 5)
        repeater.stop()
        assert repeater.end is RepeatEnd.STOPPED
        await session.close()
        await eventually(lambda: peer.close_codes)
        assert len(peer.messages) == repeater.sent


async def test_the_first_message_is_sent_at_once_and_the_next_one_in_its_time() -> None:
    with listener() as peer:
        session = Session()
        await opened(session, peer.url)
        repeater = repeated(session, replace(BEAT, interval=3600.0))
        await eventually(lambda: peer.messages)
        await settled(lambda: len(peer.messages))
        assert (len(peer.messages), repeater.end) == (1, None)
        repeater.stop()
        await session.close()


@pytest.mark.parametrize("after_reconnecting", [False, True])
async def test_it_ends_when_the_person_disconnects(after_reconnecting: bool) -> None:
    with listener() as peer:
        session = Session()
        await opened(session, peer.url)
        waiting = replace(BEAT, interval=3600.0, after_reconnecting=after_reconnecting)
        repeaters = [repeated(session, waiting), repeated(session, replace(waiting, interval=0.01))]
        await eventually(lambda: all(one.sent for one in repeaters))
        await session.close()
        assert [one.end for one in repeaters] == [RepeatEnd.LOST] * 2


async def test_it_ends_with_a_lost_connection_even_between_two_messages() -> None:
    with restartable_server() as server:
        session = Session()
        session.backoff = FOREVER
        await opened(session, server.url)
        repeater = repeated(session, replace(BEAT, interval=3600.0))
        await eventually(lambda: server.messages)
        server.disconnect_clients()
        await eventually(lambda: repeater.end is RepeatEnd.LOST)
        await eventually(lambda: len(server.clients) == 2)
        await settled(lambda: len(server.messages))
        assert server.messages == ["beat"]
        await session.close()


async def test_it_goes_on_after_reconnecting_if_that_is_wanted() -> None:
    with restartable_server() as server:
        session = Session()
        session.backoff = FOREVER
        await opened(session, server.url)
        beat = Repetition(("{{$seq}}",), 0.005, after_reconnecting=True)
        repeater = repeated(session, beat)
        await eventually(lambda: repeater.sent > 3)
        server.stop()
        await eventually(lambda: session.is_reconnecting)
        before = repeater.sent
        server.start()
        await eventually(lambda: repeater.sent > before + 3)
        assert repeater.end is None
        numbers = [int(one) for one in server.messages]
        assert numbers == sorted(numbers)  # some may have been lost on their way
        assert numbers[-1] > before
        repeater.stop()
        await session.close()


async def test_it_ends_when_reconnecting_is_stopped() -> None:
    with restartable_server() as server:
        session = Session()
        session.backoff = FOREVER
        await opened(session, server.url)
        repeater = repeated(session, replace(BEAT, after_reconnecting=True))
        await eventually(lambda: repeater.sent > 3)
        server.stop()
        await eventually(lambda: session.is_reconnecting)
        assert repeater.end is None
        session.stop_reconnecting()
        await eventually(lambda: repeater.end is RepeatEnd.LOST)


async def test_it_does_not_go_on_with_another_server() -> None:
    with listener() as peer, listener() as other:
        session = Session()
        await opened(session, peer.url)
        repeater = repeated(session, replace(BEAT, after_reconnecting=True))
        await eventually(lambda: repeater.sent > 3)
        await opened(session, other.url)
        assert repeater.end is RepeatEnd.LOST
        await session.close()
        assert other.messages == []


async def test_it_ends_when_the_session_is_reset() -> None:
    with listener() as peer:
        session = Session()
        await opened(session, peer.url)
        repeater = repeated(session, replace(BEAT, interval=3600.0, after_reconnecting=True))
        await eventually(lambda: repeater.sent)
        session.detach()
        assert repeater.end is RepeatEnd.LOST
        await eventually(lambda: peer.close_codes)


@contextlib.contextmanager
def not_reading() -> Iterator[tuple[str, threading.Event]]:
    """A server that reads nothing after the handshake until the event is set."""
    may_read = threading.Event()

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        may_read.wait(30)
        wait_for_end(peer)

    with raw_server(script) as server:
        try:
            yield f"ws://{LOOPBACK}:{server.port}/", may_read
        finally:
            may_read.set()


async def test_while_a_message_waits_for_the_server_others_are_skipped_and_counted() -> None:
    with not_reading() as (url, may_read):
        session = Session()
        await opened(session, url)
        repeater = repeated(session, Repetition((LONG,), 0.001, 3))
        await settled(lambda: repeater.sent)
        assert repeater.sent == 0
        may_read.set()
        await eventually(lambda: repeater.end is RepeatEnd.DONE)
        assert repeater.sent == 3
        assert repeater.skipped > 3
        session.detach()


async def test_a_server_that_does_not_read_for_long_ends_it() -> None:
    with not_reading() as (url, _may_read):
        session = Session()
        await opened(session, url)
        repeater = repeated(session, Repetition((LONG,), 0.001), max_stall=0.1)
        await eventually(lambda: repeater.end is RepeatEnd.STALLED)
        assert repeater.sent == 0
        session.detach()
