"""The session recorder: which recording a connection is written to, and when it is complete."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import Limits, Profile, SignIn, SignInMethod
from spacebeam.protocol.batch import Batch
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.opening import ended_abruptly, open_read_only
from spacebeam.recording.recording import PRIVATE_BYTES, Recording
from spacebeam.session import recorder as module
from spacebeam.session.recorder import SessionRecorder
from spacebeam.session.session import Session
from tests.session.sessions import (
    Folder,
    close_session,
    entry_texts,
    is_closed,
    opened,
    recorded_session,
    recorder,
    recording_of,
)
from tests.support.floods import SIZE, flood_server
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import raw_server, upgrade, wait_for_end
from tests.support.recordings import read, store_of, until_written
from tests.support.restartable_server import restartable_server
from tests.support.serving import serving
from tests.support.waiting import eventually

MIB = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data" / "spacebeam" / "recordings")


@pytest.fixture
def session(folder: Folder) -> Session:
    return recorded_session(folder.new_recording)


async def test_a_closed_session_is_recorded_completely(folder: Folder, session: Session) -> None:
    async with serving() as server:
        url = server.url
        await opened(session, f"{url}/echo")
        await session.send("hello")
        await eventually(lambda: len(recording_of(session)) == 3)
        await close_session(session)
    await folder.closed()
    (path,) = folder.files
    recording = read(path)
    assert entry_texts(recording)[:3] == [
        f"NONE Connected to {url}/echo",
        "SENT hello",
        "RECEIVED hello",
    ]
    assert entry_texts(recording)[-1] == "NONE Disconnected (1000, normal closure)."
    assert recording.facts["address"] == f"{url}/echo"
    assert recording.facts["began"] == recording.began
    assert recording.facts["ended"] >= recording.ended
    assert not ended_abruptly(recording)
    ((before, report),) = recording.handshakes
    assert before == 0
    assert json.loads(report)["exchanges"][0]["response"]["status"] == 101


async def test_a_failed_connection_creates_no_file(folder: Folder, session: Session) -> None:
    with pytest.raises(HandshakeError):
        await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
    await close_session(session)
    assert folder.begun == []


async def test_another_address_begins_another_recording_and_completes_the_first(
    folder: Folder, session: Session
) -> None:
    with listener() as first, listener() as second:
        await opened(session, first.url)
        await session.send("to the first")
        earlier = recording_of(session)
        await opened(session, second.url)
        assert recording_of(session) is not earlier
        await session.send("to the second")
        await eventually(lambda: first.close_codes == [1000])
        paths = [store_of(earlier).path, store_of(recording_of(session)).path]
        await folder.closed(paths[0])
        one = read(paths[0])
        assert entry_texts(one)[1] == "SENT to the first"
        assert entry_texts(one)[-1] == "NONE Disconnected (1000, normal closure)."
        assert not ended_abruptly(one)
        assert ended_abruptly(recording_of(session))
        await close_session(session)
    await folder.closed(*paths)
    assert entry_texts(read(paths[1]))[:2] == [
        f"NONE Connected to {second.url}",
        "SENT to the second",
    ]
    assert sorted(paths) == folder.files


async def test_the_same_address_continues_the_recording(folder: Folder, session: Session) -> None:
    with listener() as peer:
        for message in ("one", "two"):
            await opened(session, peer.url)
            await session.send(message)
        await session.close()
        # The first connection was replaced, and may end after the second.
        await eventually(lambda: "ended" in recording_of(session).facts)
        await opened(session, peer.url)
        assert "ended" not in recording_of(session).facts
        await close_session(session)
    await folder.closed()
    (path,) = folder.files
    recording = read(path)
    assert {"SENT one", "SENT two"} <= set(entry_texts(recording))
    assert entry_texts(recording).count(f"NONE Connected to {peer.url}") == 3
    assert len(recording.handshakes) == 3
    for before, _report in recording.handshakes:
        assert entry_texts(recording)[before].startswith("NONE Connected")
    assert not ended_abruptly(recording)


async def test_reconnecting_continues_the_recording(folder: Folder, session: Session) -> None:
    with restartable_server() as server:
        await opened(session, server.url)
        session.backoff = Backoff(first=0.01, longest=0.01)
        server.disconnect_clients()
        await eventually(lambda: len(server.clients) == 2 and session.state is ConnectionState.OPEN)
        await session.send("back again")
        await eventually(lambda: "RECEIVED back again" in entry_texts(recording_of(session)))
        await close_session(session)
    await folder.closed()
    (path,) = folder.files
    recording = read(path)
    assert len(recording.handshakes) == 2
    assert "NONE Reconnecting (attempt 1 of 10)…" in entry_texts(recording)
    assert "RECEIVED back again" in entry_texts(recording)
    assert not ended_abruptly(recording)


async def test_a_slow_close_is_recorded_in_the_earlier_recording(
    folder: Folder, session: Session
) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)  # without an answer to the close frame

    with raw_server(script) as server, listener() as other:
        settings = Profile(limits=Limits(close_timeout=1))
        await opened(session, f"ws://{LOOPBACK}:{server.port}/", settings)
        path = store_of(recording_of(session)).path
        await opened(session, other.url)
        await close_session(session)  # waits for the close
        await folder.closed(path)
        assert "did not answer the close frame" in entry_texts(read(path))[-1]
        assert not ended_abruptly(read(path))


async def test_an_earlier_recording_of_two_connections_is_completed_by_both(
    folder: Folder, session: Session
) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)

    with raw_server(script) as server, listener() as other:
        settings = Profile(limits=Limits(close_timeout=1))
        for _time in range(2):
            await opened(session, f"ws://{LOOPBACK}:{server.port}/", settings)
        path = store_of(recording_of(session)).path
        await opened(session, other.url)
        await close_session(session)
        await folder.closed(path)
    words = entry_texts(read(path))
    assert sum("did not answer the close frame" in one for one in words) == 2


# Private


async def test_a_private_connection_creates_no_file(folder: Folder, session: Session) -> None:
    async with serving() as server:
        url = server.url
        await opened(session, f"{url}/echo", Profile(record=False))
        assert recording_of(session).memory_limit == PRIVATE_BYTES
        await session.send("secret")
        await eventually(lambda: len(recording_of(session)) == 3)
        await close_session(session)
    assert folder.begun == []
    assert not any(path.is_file() for path in folder.path.glob("**/*"))


async def test_private_and_other_connections_have_separate_recordings(
    folder: Folder, session: Session
) -> None:
    with listener() as peer:
        await opened(session, peer.url)
        recording = recording_of(session)
        await opened(session, peer.url, Profile(record=False))
        assert recording_of(session) is not recording
        await session.send("secret")
        assert recording_of(session).memory_limit
        await opened(session, peer.url)
        assert recording_of(session).memory_limit is None
        await session.send("open")
        await close_session(session)
    await folder.closed()
    first, second = (entry_texts(read(path)) for path in folder.files)
    assert "SENT open" in first + second
    assert "SENT secret" not in first + second


async def test_a_private_flood_takes_bounded_memory(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PRIVATE_BYTES", MIB)
    with flood_server(100_000) as flood:
        await opened(session, flood.url, Profile(record=False))
        await eventually(lambda: session.state is ConnectionState.CLOSED)
        recording = recording_of(session)
        assert recording.size > 100_000 * SIZE
        held = len(recording) - recording.first_number
        assert held * SIZE < 2 * MIB
        assert recording.entry(recording.first_number + 5).size == SIZE
        with pytest.raises(IndexError):
            recording.entry(recording.first_number - 1)
        await close_session(session)


# Opened recordings


async def recorded(session: Session, url: str) -> Path:
    """Record a session and close it; return its file."""
    await opened(session, url)
    await session.send("earlier")
    recording = recording_of(session)
    await until_written(recording)
    path = store_of(recording).path
    await close_session(session)
    await eventually(lambda: is_closed(path))
    return path


def show(session: Session, recording: Recording) -> None:
    """Show a recording in place of the connection, as the window does."""
    session.detach()
    recorder(session).show(recording)


async def test_connecting_from_an_opened_recording_begins_another(
    folder: Folder, session: Session
) -> None:
    with listener() as peer:
        path = await recorded(session, peer.url)
        before = path.read_bytes()
        other, earlier = recorded_session(folder.new_recording), open_read_only(path)
        show(other, earlier)
        await opened(other, peer.url)
        assert recording_of(other) is not earlier
        await close_session(other)
    await folder.closed()
    assert len(folder.files) == 2
    assert path.read_bytes() == before


async def test_a_recording_that_was_only_shown_is_not_completed(
    folder: Folder, session: Session
) -> None:
    with listener() as peer:
        path = await recorded(session, peer.url)
    earlier = open_read_only(path)
    earlier.facts.pop("ended")
    show(session, earlier)
    await close_session(session)
    assert "ended" not in earlier.facts


async def test_showing_a_recording_replaces_the_connection(
    folder: Folder, session: Session
) -> None:
    with listener() as peer, listener() as other:
        path = await recorded(session, peer.url)
        await opened(session, other.url)
        live = store_of(recording_of(session)).path
        session.backoff = Backoff()
        earlier = open_read_only(path)
        show(session, earlier)
        assert session.state is ConnectionState.CLOSED
        assert (session.plan, session.close_reason) == (None, None)
        await eventually(lambda: other.close_codes == [1000])
        await folder.closed(live)
        assert entry_texts(read(live))[-1] == "NONE Disconnected (1000, normal closure)."
        assert len(recording_of(session)) == len(earlier)
        await close_session(session)


def test_retry_does_nothing_without_a_file() -> None:
    SessionRecorder().retry()
    assert not isinstance(SessionRecorder().recording.store, FileStore)


async def test_the_first_connection_uses_the_given_recording() -> None:
    recording = Recording()
    session = Session(SessionRecorder(recording=recording))
    with listener() as peer:
        await opened(session, f"{peer.url}?token=s3cret")
        await session.close()
        await opened(session, f"{peer.url}?token=s3cret")
        assert recording_of(session) is recording
        await session.close()
    assert len(recording.handshakes) == 2
    assert "s3cret" not in str(recording.facts) + str(recording.handshakes) + str(
        entry_texts(recording)
    )
    assert recording.facts["began"] == recording.began


async def test_the_recorded_entries_can_be_selected() -> None:
    recorded: list[Batch] = []

    def select(batch: Batch) -> Batch:
        recorded.append(batch)
        return batch.part(0, 0)

    session = Session(SessionRecorder(select=select))
    with listener() as peer:
        await opened(session, peer.url)
        await session.send("hello")
        await session.close()
    assert len(recording_of(session)) == 0
    assert b"hello" in [payload for batch in recorded for payload in batch.payloads()]


async def test_a_secret_of_the_plan_is_not_in_the_recording(
    folder: Folder, session: Session
) -> None:
    profile = Profile(
        sign_in=SignIn(method=SignInMethod.KEY_IN_QUERY, key_name="mine", key_value="s3cret")
    )
    with listener() as peer:
        await opened(session, peer.url, profile)
        assert recording_of(session).facts["address"] == peer.url
        await close_session(session)
    await folder.closed()
    (path,) = folder.files
    assert b"s3cret" not in path.read_bytes()
