"""Who waits while a recording cannot be kept, and that nothing is missing afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Limits, PingSettings, Profile
from spacebeam.recording.errors import StorageCause
from spacebeam.recording.opening import ended_abruptly
from spacebeam.session.session import Session
from tests.session.sessions import (
    Folder,
    is_left,
    leave,
    messages,
    opened,
    recorded_session,
    recorder,
    recording_of,
)
from tests.support.batches import numbered
from tests.support.floods import SIZE, Obstacle, flood_server
from tests.support.kept import read, shelf
from tests.support.listener import listener
from tests.support.waiting import eventually, settled

MIB = 2**20
ON_THE_WAY = 6 * MIB  # bytes; what the sockets of both sides may hold


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data" / "spacebeam" / "recordings")


@pytest.fixture
def session(folder: Folder) -> Session:
    return recorded_session(folder.new_recording)


@pytest.fixture
def obstacle(tmp_path: Path) -> Obstacle:
    """A file in place of the folder: nothing can be recorded until it is cleared away."""
    return Obstacle(tmp_path / "data")


async def test_the_server_waits_while_nothing_can_be_kept_and_nothing_is_missing(
    obstacle: Obstacle, session: Session
) -> None:
    count = 300_000  # 36 MB
    with flood_server(count) as flood:
        await opened(session, flood.url)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: (flood.sent, len(recording_of(session))), rounds=150)
        assert flood.sent < count
        waiting = shelf(recording_of(session)).pending_bytes
        assert 8 * MIB < waiting < 12 * MIB
        assert flood.sent * SIZE < waiting + ON_THE_WAY
        error = recording_of(session).storage_error
        assert error is not None
        assert error.cause is StorageCause.NOT_WRITABLE
        obstacle.clear_away()
        recorder(session).retry()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        assert recording_of(session).storage_error is None
        path = shelf(recording_of(session)).path
        await leave(session)
    await eventually(lambda: is_left(path))
    recording = read(path)
    assert messages(recording) == count
    assert not ended_abruptly(recording)


async def test_it_goes_on_by_itself_when_it_can(obstacle: Obstacle, session: Session) -> None:
    count = 150_000
    with flood_server(count) as flood:
        await opened(session, flood.url)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: len(recording_of(session)), rounds=150)
        obstacle.clear_away()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        assert messages(recording_of(session)) == count
        await leave(session)


async def test_a_connection_that_is_made_meanwhile_waits_too(
    obstacle: Obstacle, session: Session
) -> None:
    count = 150_000
    with flood_server(count) as flood:
        await opened(session, flood.url)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: len(recording_of(session)), rounds=150)
        before, recording = len(recording_of(session)), recording_of(session)
        await opened(session, flood.url, Profile(limits=Limits(close_timeout=30)))
        await settled(lambda: len(recording_of(session)), rounds=150)
        assert recording_of(session) is recording
        assert len(recording) <= before + 2  # that it was connected, and the goodbye to the other
        obstacle.clear_away()
        recorder(session).retry()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        await leave(session)
    newest = read(shelf(recording).path)
    begins = [number for number, _report in newest.handshakes][-1]
    payloads = [bytes(newest.entry(number).payload) for number in range(begins, len(newest))]
    assert {numbered(number, SIZE) for number in range(count)} <= set(payloads)


@pytest.mark.parametrize("is_full", [True, False])
async def test_one_that_was_left_for_another_address_still_waits_and_ends(
    obstacle: Obstacle, session: Session, is_full: bool
) -> None:
    with flood_server(300_000) as flood, listener() as other:
        await opened(session, flood.url, Profile(limits=Limits(close_timeout=1)))
        earlier = recording_of(session)
        if is_full:
            await eventually(lambda: earlier.storage_error)
            await settled(lambda: len(earlier), rounds=150)
        await opened(session, other.url, Profile(record=False))
        await settled(lambda: (flood.sent, len(earlier)), rounds=150)
        assert flood.sent < 300_000
        assert shelf(earlier).pending_bytes < 12 * MIB
        obstacle.clear_away()
        await leave(session)
        path = shelf(earlier).path
        await eventually(lambda: is_left(path), within=30)
    recording = read(path)
    assert messages(recording) > 60_000
    assert not ended_abruptly(recording)


async def test_one_whose_connection_ended_meanwhile_is_written_when_that_is_possible(
    obstacle: Obstacle, session: Session
) -> None:
    with flood_server(300_000) as flood, listener() as other:
        await opened(session, flood.url, Profile(limits=Limits(close_timeout=1)))
        earlier, connection = recording_of(session), session.connection
        assert connection is not None
        await eventually(lambda: earlier.storage_error)
        await opened(session, other.url, Profile(record=False))
        await eventually(lambda: connection.state is ConnectionState.CLOSED)
        obstacle.clear_away()
        path = shelf(earlier).path
        await eventually(lambda: is_left(path), within=60)
        await leave(session)
    recording = read(path)
    assert messages(recording) > 60_000
    assert not ended_abruptly(recording)


async def test_a_server_that_is_made_to_wait_is_not_taken_for_a_silent_one(
    obstacle: Obstacle, session: Session
) -> None:
    settings = Profile(pings=PingSettings(keepalive=True, interval=1, timeout=1))
    with flood_server(150_000) as flood:
        await opened(session, flood.url, settings)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: len(recording_of(session)), rounds=150)
        deadline = asyncio.get_running_loop().time() + 2.5  # two pings and their answers
        await eventually(lambda: asyncio.get_running_loop().time() > deadline)
        assert session.state is ConnectionState.OPEN
        obstacle.clear_away()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        assert messages(recording_of(session)) == 150_000
        await leave(session)
