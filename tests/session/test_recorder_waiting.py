"""Back-pressure while nothing can be written, and complete recordings afterwards."""

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
    close_session,
    flood_count,
    is_closed,
    opened,
    recorded_session,
    recorder,
    recording_of,
)
from tests.support.batches import numbered
from tests.support.floods import SIZE, BlockedFolder, flood_server
from tests.support.listener import listener
from tests.support.recordings import read, store_of
from tests.support.waiting import eventually, settled

MIB = 2**20
LIMIT = 20 * MIB  # more than a recording lets wait
_BUFFERS = ("/proc/sys/net/ipv4/tcp_rmem", "/proc/sys/net/ipv4/tcp_wmem")
# Bytes that the kernel holds of a connection at most, in the sockets of both sides.
SOCKET_BUFFERS = sum(int(Path(one).read_text().split()[-1]) for one in _BUFFERS)
COUNT = (LIMIT + SOCKET_BUFFERS) // 120 + 50_000  # messages, more than may be on the way


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data" / "spacebeam" / "recordings")


@pytest.fixture
def session(folder: Folder) -> Session:
    return recorded_session(folder.new_recording)


@pytest.fixture
def blocked_folder(tmp_path: Path) -> BlockedFolder:
    """Put a file in place of the folder: nothing can be written until it is removed."""
    return BlockedFolder(tmp_path / "data")


async def test_the_server_waits_while_nothing_can_be_written_and_no_message_is_lost(
    blocked_folder: BlockedFolder, session: Session
) -> None:
    count = COUNT
    with flood_server(count) as flood:
        await opened(session, flood.url)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: (flood.sent, len(recording_of(session))), rounds=150)
        assert flood.sent < count
        waiting = store_of(recording_of(session)).pending_bytes
        assert 16 * MIB < waiting < LIMIT
        assert flood.sent * SIZE < waiting + SOCKET_BUFFERS
        error = recording_of(session).storage_error
        assert error is not None
        assert error.cause is StorageCause.NOT_WRITABLE
        blocked_folder.unblock()
        recorder(session).retry()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        assert recording_of(session).storage_error is None
        path = store_of(recording_of(session)).path
        await close_session(session)
    await eventually(lambda: is_closed(path))
    recording = read(path)
    assert flood_count(recording) == count
    assert not ended_abruptly(recording)


async def test_recording_resumes_without_a_retry(
    blocked_folder: BlockedFolder, session: Session
) -> None:
    count = 300_000
    with flood_server(count) as flood:
        await opened(session, flood.url)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: len(recording_of(session)), rounds=150)
        blocked_folder.unblock()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        assert flood_count(recording_of(session)) == count
        await close_session(session)


async def test_a_new_connection_waits_while_nothing_can_be_written(
    blocked_folder: BlockedFolder, session: Session
) -> None:
    count = 300_000
    with flood_server(count) as flood:
        await opened(session, flood.url)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: len(recording_of(session)), rounds=150)
        before, recording = len(recording_of(session)), recording_of(session)
        await opened(session, flood.url, Profile(limits=Limits(close_timeout=30)))
        await settled(lambda: len(recording_of(session)), rounds=150)
        assert recording_of(session) is recording
        assert len(recording) <= before + 2  # the events of the two connections
        blocked_folder.unblock()
        recorder(session).retry()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        await close_session(session)
    newest = read(store_of(recording).path)
    begins = [number for number, _report in newest.handshakes][-1]
    payloads = [bytes(newest.entry(number).payload) for number in range(begins, len(newest))]
    assert {numbered(number, SIZE) for number in range(count)} <= set(payloads)


@pytest.mark.parametrize("is_full", [True, False])
async def test_an_earlier_recording_still_waits_and_is_completed(
    blocked_folder: BlockedFolder, session: Session, is_full: bool
) -> None:
    with flood_server(COUNT) as flood, listener() as other:
        await opened(session, flood.url, Profile(limits=Limits(close_timeout=1)))
        earlier = recording_of(session)
        if is_full:
            await eventually(lambda: earlier.storage_error)
            await settled(lambda: len(earlier), rounds=150)
        await opened(session, other.url, Profile(record=False))
        await settled(lambda: (flood.sent, len(earlier)), rounds=150)
        assert flood.sent < COUNT
        assert store_of(earlier).pending_bytes < LIMIT
        blocked_folder.unblock()
        await close_session(session)
        path = store_of(earlier).path
        await eventually(lambda: is_closed(path), within=30)
    recording = read(path)
    assert flood_count(recording) > 60_000
    assert not ended_abruptly(recording)


async def test_an_earlier_recording_is_written_after_its_connection_closed(
    blocked_folder: BlockedFolder, session: Session
) -> None:
    with flood_server(300_000) as flood, listener() as other:
        await opened(session, flood.url, Profile(limits=Limits(close_timeout=1)))
        earlier, connection = recording_of(session), session.connection
        assert connection is not None
        await eventually(lambda: earlier.storage_error)
        await opened(session, other.url, Profile(record=False))
        await eventually(lambda: connection.state is ConnectionState.CLOSED)
        blocked_folder.unblock()
        path = store_of(earlier).path
        await eventually(lambda: is_closed(path), within=60)
        await close_session(session)
    recording = read(path)
    assert flood_count(recording) > 60_000
    assert not ended_abruptly(recording)


async def test_a_server_that_waits_is_not_silent(
    blocked_folder: BlockedFolder, session: Session
) -> None:
    settings = Profile(pings=PingSettings(keepalive=True, interval=1, timeout=1))
    with flood_server(300_000) as flood:
        await opened(session, flood.url, settings)
        await eventually(lambda: recording_of(session).storage_error)
        await settled(lambda: len(recording_of(session)), rounds=150)
        deadline = asyncio.get_running_loop().time() + 2.5  # two pings and their answers
        await eventually(lambda: asyncio.get_running_loop().time() > deadline)
        assert session.state is ConnectionState.OPEN
        blocked_folder.unblock()
        await eventually(lambda: session.state is ConnectionState.CLOSED, within=60)
        assert flood_count(recording_of(session)) == 300_000
        await close_session(session)
