"""The session adapter: signals, clearing, profiles, and an opened recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import Profile, Reconnect, RequestSettings
from spacebeam.protocol.endpoint import EndpointError
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from tests.session.sessions import entry_texts, is_closed
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.recordings import read, store_of, until_written
from tests.support.restartable_server import restartable_server
from tests.support.waiting import eventually
from tests.ui.doing import Heard, serving


@pytest.fixture
def adapter(keeper: SettingsService) -> SessionAdapter:
    return SessionAdapter(None, keeper.new_recording)


def files(keeper: SettingsService) -> list[Path]:
    """The recordings in the person's folder, in the order of their names."""
    return sorted(keeper.recordings.folder.glob("*.beam"))


async def closed(keeper: SettingsService, *paths: Path) -> None:
    """Wait until nothing of these files is open any more."""
    await eventually(lambda: all(is_closed(path) for path in paths))
    assert not any(keeper.recordings.opened.of(path) for path in paths)


async def recorded(adapter: SessionAdapter, url: str) -> Path:
    """The file of a session that is over."""
    await adapter.connect_to(url)
    await adapter.session.send("earlier")
    recording = adapter.recording
    await until_written(recording)
    path = store_of(recording).path
    await adapter.close()
    await eventually(lambda: is_closed(path))
    return path


async def test_a_new_session_is_empty() -> None:
    adapter = SessionAdapter()
    assert adapter.state is ConnectionState.CLOSED
    assert adapter.endpoint is None
    assert (adapter.why_closed, adapter.remark) == ("", "")
    assert len(adapter.recording) == 0


async def test_an_invalid_address_changes_nothing() -> None:
    adapter = SessionAdapter()
    changes = Heard(adapter, "changed")
    with pytest.raises(EndpointError):
        await adapter.connect_to("ftp://example.test")
    assert adapter.endpoint is None
    assert not changes


async def test_the_entries_are_in_a_file_after_the_tab_is_closed(
    keeper: SettingsService, adapter: SessionAdapter
) -> None:
    async with serving() as url:
        await adapter.connect_to(f"{url}/echo")
        await adapter.session.send("hello")
        await eventually(lambda: len(adapter.recording) == 3)
        await adapter.close()
    (path,) = files(keeper)
    await closed(keeper, path)
    assert entry_texts(read(path))[1:3] == ["SENT hello", "RECEIVED hello"]


async def test_each_recording_is_open_until_its_connection_has_ended(
    keeper: SettingsService, adapter: SessionAdapter
) -> None:
    with listener() as first, listener() as second:
        await adapter.connect_to(first.url)
        earlier = store_of(adapter.recording).path
        grown = Heard(adapter, "grown")
        await adapter.connect_to(second.url)
        assert grown
        await closed(keeper, earlier)
        await adapter.close()
    assert len(files(keeper)) == 2
    await closed(keeper, *files(keeper))


async def test_clear_hides_earlier_entries_and_undo_shows_them() -> None:
    async with serving() as url:
        adapter = SessionAdapter()
        await adapter.connect_to(f"{url}/echo")
        await adapter.session.send("before")
        await eventually(lambda: len(adapter.recording) == 3)
        grown = Heard(adapter, "grown")
        undo = adapter.clear()
        assert (adapter.shown_from, len(adapter.recording)) == (3, 3)
        assert len(grown) == 1
        await adapter.session.send("after")
        await eventually(lambda: len(adapter.recording) == 5 and len(grown) > 1)
        told = len(grown)
        undo()
        assert len(grown) == told + 1
        assert adapter.shown_from == 0
        await adapter.close()


async def test_without_a_profile_the_default_is_used() -> None:
    with listener() as peer:
        adapter = SessionAdapter()
        await adapter.connect_to(peer.url, Profile(request=RequestSettings(compression=False)))
        assert adapter.profile == Profile(request=RequestSettings(compression=False))
        await adapter.connect_to(peer.url)
        assert adapter.profile == Profile()
        await adapter.close()
        await eventually(lambda: len(peer.close_codes) == 2)


async def test_a_failed_second_connection_leaves_the_first_unchanged() -> None:
    with restartable_server() as server:
        adapter, profile = SessionAdapter(), Profile(reconnect=Reconnect(enabled=True, attempts=7))
        await adapter.connect_to(server.url, profile)
        endpoint = adapter.endpoint
        with pytest.raises(HandshakeError):
            await adapter.connect_to(f"ws://{LOOPBACK}:{free_port()}/", Profile())
        assert (adapter.endpoint, adapter.profile) == (endpoint, profile)
        assert adapter.backoff is not None
        assert adapter.backoff.attempts == 7
        await eventually(lambda: server.clients)
        server.disconnect_clients()
        await eventually(lambda: adapter.progress)
        assert "Connection lost" in adapter.why_closed
        adapter.session.reconnect_now()
        await eventually(lambda: len(server.clients) == 2)
        await adapter.close()


async def test_a_private_connection_has_a_remark_until_the_next(
    keeper: SettingsService, adapter: SessionAdapter
) -> None:
    with listener() as peer:
        await adapter.connect_to(peer.url, Profile(record=False))
        assert adapter.remark == (
            "Private: nothing of this is written to the disk. "
            "The newest 64.0 MiB are held in memory."
        )
        await adapter.connect_to(peer.url)
        assert adapter.remark == ""
        await adapter.close()
    await closed(keeper, *files(keeper))


async def test_the_reason_for_giving_up_is_kept() -> None:
    with restartable_server() as server:
        adapter = SessionAdapter()
        adapter.backoff = Backoff(attempts=2, first=0.01, longest=0.01)
        await adapter.connect_to(server.url)
        server.stop()
        await eventually(
            lambda: adapter.why_closed.endswith("Gave up reconnecting after 2 attempts.")
        )
    assert "refused" in adapter.why_closed


async def test_a_recording_replaces_a_connection(
    keeper: SettingsService, adapter: SessionAdapter
) -> None:
    with listener() as peer, listener() as other:
        path = await recorded(adapter, peer.url)
        await adapter.connect_to(
            other.url, Profile(request=RequestSettings(headers=(("Authorization", "secret"),)))
        )
        live = store_of(adapter.recording).path
        opened = await keeper.open_recording(path)
        adapter.show_recorded(opened.recording, "It ended abruptly.")
        assert adapter.state is ConnectionState.CLOSED
        assert (adapter.why_closed, adapter.remark) == ("", "It ended abruptly.")
        assert adapter.profile == Profile()  # nothing of the other's for this address
        assert adapter.endpoint is not None
        assert adapter.endpoint.url == peer.url
        await eventually(lambda: other.close_codes == [1000])
        await closed(keeper, live)
        assert entry_texts(read(live))[-1] == "NONE Disconnected (1000, normal closure)."
        assert len(adapter.recording) == len(opened.recording)
        await adapter.connect_to(peer.url)
        assert adapter.remark == ""
        await adapter.close()
