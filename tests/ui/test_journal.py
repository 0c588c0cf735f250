"""What connections say is in files afterwards: which, how whole, and who waits for a slow disk."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import Profile
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.opening import ended_abruptly
from spacebeam.ui import journal as module
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.talk import Talk
from tests.support.kept import read, shelf, written
from tests.support.mortal import mortal
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.floods import SIZE, flood_server
from tests.ui.journals import closed, files, is_left, said
from tests.ui.peers import listener

MIB = 2**20
ON_THE_WAY = 6 * MIB  # bytes; what the sockets of both sides may hold


@pytest.fixture
def talk(keeper: SettingsService) -> Talk:
    return Talk(None, keeper.new_recording)


async def test_what_was_said_is_in_a_file_after_the_tab_is_left(
    keeper: SettingsService, talk: Talk
) -> None:
    async with serving() as url:
        await talk.connect_to(f"{url}/echo")
        await talk.send("hello")
        await eventually(lambda: len(talk.recording) == 3)
        await talk.leave()
    (path,) = files(keeper)
    await closed(keeper, path)
    recording = read(path)
    assert said(recording)[:3] == [f"NONE Connected to {url}/echo", "SENT hello", "RECEIVED hello"]
    assert said(recording)[-1] == "NONE Disconnected (1000, normal closure)."
    assert recording.facts["address"] == f"{url}/echo"
    assert recording.facts["began"] == recording.began
    assert recording.facts["ended"] >= recording.ended
    assert not ended_abruptly(recording)
    ((before, report),) = recording.handshakes
    assert before == 0
    assert json.loads(report)["exchanges"][0]["response"]["status"] == 101


async def test_a_connection_that_fails_makes_no_file(keeper: SettingsService, talk: Talk) -> None:
    with pytest.raises(HandshakeError):
        await talk.connect_to(f"ws://{LOOPBACK}:{free_port()}/")
    await talk.leave()
    assert files(keeper) == []


async def test_another_address_begins_another_recording_and_the_first_is_whole(
    keeper: SettingsService, talk: Talk
) -> None:
    with listener() as first, listener() as second:
        await talk.connect_to(first.url)
        await talk.send("to the first")
        earlier = talk.recording
        await talk.connect_to(second.url)
        assert talk.recording is not earlier
        await talk.send("to the second")
        await eventually(lambda: first.goodbyes == [1000])
        paths = [shelf(earlier).path, shelf(talk.recording).path]
        await closed(keeper, paths[0])
        one = read(paths[0])
        assert said(one)[1] == "SENT to the first"
        assert said(one)[-1] == "NONE Disconnected (1000, normal closure)."
        assert not ended_abruptly(one)
        assert ended_abruptly(talk.recording)
        await talk.leave()
    await closed(keeper, *paths)
    assert said(read(paths[1]))[:2] == [f"NONE Connected to {second.url}", "SENT to the second"]
    assert sorted(paths) == files(keeper)


async def test_the_same_address_goes_on_in_the_same_recording(
    keeper: SettingsService, talk: Talk
) -> None:
    with listener() as peer:
        for message in ("one", "two"):
            await talk.connect_to(peer.url)
            await talk.send(message)
        await talk.disconnect_from_peer()
        assert "ended" in talk.recording.facts
        await talk.connect_to(peer.url)
        assert "ended" not in talk.recording.facts
        await talk.leave()
    (path,) = files(keeper)
    await closed(keeper, path)
    recording = read(path)
    assert {"SENT one", "SENT two"} <= set(said(recording))
    assert said(recording).count(f"NONE Connected to {peer.url}") == 3
    assert len(recording.handshakes) == 3
    for before, _report in recording.handshakes:
        assert said(recording)[before].startswith("NONE Connected")
    assert not ended_abruptly(recording)


async def test_reconnecting_goes_on_in_the_same_recording(
    keeper: SettingsService, talk: Talk
) -> None:
    with mortal() as server:
        await talk.connect_to(server.url)
        talk.backoff = Backoff(first=0.01, longest=0.01)
        server.drop()
        await eventually(lambda: len(server.clients) == 2 and talk.state is ConnectionState.OPEN)
        await talk.send("back again")
        await eventually(lambda: "RECEIVED back again" in said(talk.recording))
        await talk.leave()
    (path,) = files(keeper)
    await closed(keeper, path)
    recording = read(path)
    assert len(recording.handshakes) == 2
    assert "NONE Connecting again, attempt 1 of 10" in said(recording)
    assert "RECEIVED back again" in said(recording)
    assert not ended_abruptly(recording)


async def test_a_goodbye_that_takes_its_time_ends_up_in_the_recording_that_was_left(
    keeper: SettingsService, talk: Talk
) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)  # and never answers the close frame

    with raw_server(script) as server, listener() as other:
        settings = Profile(close_time=1)
        await talk.connect_to(f"ws://{LOOPBACK}:{server.port}/", settings)
        path = shelf(talk.recording).path
        await talk.connect_to(other.url)
        await talk.leave()  # which waits for it
        await closed(keeper, path)
        assert "did not answer the close frame" in said(read(path))[-1]
        assert not ended_abruptly(read(path))


async def test_an_earlier_talk_of_two_connections_is_whole_when_both_have_ended(
    keeper: SettingsService, talk: Talk
) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)

    with raw_server(script) as server, listener() as other:
        settings = Profile(close_time=1)
        for _time in range(2):
            await talk.connect_to(f"ws://{LOOPBACK}:{server.port}/", settings)
        path = shelf(talk.recording).path
        await talk.connect_to(other.url)
        await talk.leave()
        await closed(keeper, path)
    words = said(read(path))
    assert sum("did not answer the close frame" in one for one in words) == 2


# Private


async def test_a_private_connection_makes_no_file_and_says_so(
    keeper: SettingsService, talk: Talk
) -> None:
    async with serving() as url:
        await talk.connect_to(f"{url}/echo", Profile(keeps_recording=False))
        assert talk.journal.remark == (
            "Private: nothing of this is written to the disk. "
            "The newest 64.0 MiB are held in memory."
        )
        await talk.send("secret")
        await eventually(lambda: len(talk.recording) == 3)
        await talk.leave()
    assert files(keeper) == []
    assert not any(path.is_file() for path in keeper.recordings.folder.glob("**/*"))


async def test_what_is_private_and_what_is_not_are_not_one_recording(
    keeper: SettingsService, talk: Talk
) -> None:
    with listener() as peer:
        await talk.connect_to(peer.url)
        kept = talk.recording
        await talk.connect_to(peer.url, Profile(keeps_recording=False))
        assert talk.recording is not kept
        await talk.send("secret")
        assert talk.journal.remark
        await talk.connect_to(peer.url)
        assert talk.journal.remark == ""
        await talk.send("open")
        await talk.leave()
    await closed(keeper, *files(keeper))
    first, second = (said(read(path)) for path in files(keeper))
    assert "SENT open" in first + second
    assert "SENT secret" not in first + second


async def test_of_a_private_flood_a_bounded_amount_is_held(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PRIVATE_BYTES", MIB)
    with flood_server(100_000) as flood:
        await talk.connect_to(flood.url, Profile(keeps_recording=False))
        await eventually(lambda: talk.state is ConnectionState.CLOSED)
        recording = talk.recording
        assert recording.size > 100_000 * SIZE
        held = len(recording) - recording.first_number
        assert held * SIZE < 2 * MIB
        assert "newest 1.0 MiB" in talk.journal.remark
        assert recording.entry(recording.first_number + 5).size == SIZE
        with pytest.raises(IndexError):
            recording.entry(recording.first_number - 1)
        await talk.leave()


# Where nothing can be kept


async def recorded(talk: Talk, url: str) -> Path:
    """The file of a talk that is over."""
    await talk.connect_to(url)
    await talk.send("earlier")
    recording = talk.recording
    await written(recording)
    path = shelf(recording).path
    await talk.leave()
    await eventually(lambda: is_left(path))
    return path


async def test_to_connect_again_from_a_recording_begins_another_and_leaves_it_untouched(
    keeper: SettingsService, talk: Talk
) -> None:
    with listener() as peer:
        path = await recorded(talk, peer.url)
        before = path.read_bytes()
        other = Talk(None, keeper.new_recording)
        opened = await keeper.open_recording(path)
        other.show_recorded(opened.recording, opened.remark)
        assert other.endpoint is not None
        assert other.endpoint.url == peer.url
        await other.connect_to(other.endpoint.url)
        assert other.recording is not opened.recording
        await other.leave()
    assert len(files(keeper)) == 2
    await closed(keeper, *files(keeper))
    assert path.read_bytes() == before


async def test_nothing_is_said_about_the_end_of_a_recording_that_was_only_shown(
    keeper: SettingsService, talk: Talk
) -> None:
    with listener() as peer:
        path = await recorded(talk, peer.url)
    opened = await keeper.open_recording(path)
    opened.recording.facts.pop("ended")
    talk.show_recorded(opened.recording, "It ended abruptly.")
    assert talk.journal.remark == "It ended abruptly."
    talk.journal.settle()
    await talk.leave()
    assert "ended" not in opened.recording.facts


async def test_what_is_shown_takes_the_place_of_a_connection(
    keeper: SettingsService, talk: Talk
) -> None:
    with listener() as peer, listener() as other:
        path = await recorded(talk, peer.url)
        settings = Profile(headers=(("Authorization", "secret"),))
        await talk.connect_to(other.url, settings)
        live = shelf(talk.recording).path
        talk.backoff = Backoff()
        opened = await keeper.open_recording(path)
        talk.show_recorded(opened.recording)
        assert talk.state is ConnectionState.CLOSED
        assert talk.why_closed == ""
        assert talk.settings == Profile()  # nothing of the other's for this address
        await eventually(lambda: other.goodbyes == [1000])
        await closed(keeper, live)
        assert said(read(live))[-1] == "NONE Disconnected (1000, normal closure)."
        assert len(talk.recording) == len(opened.recording)
        await talk.leave()


def test_trying_again_does_nothing_where_nothing_is_kept_in_a_file() -> None:
    journal = module.Journal(module.in_memory, lambda: None, lambda: None)
    journal.try_again()
    assert not isinstance(journal.recording.store, FileStore)
    assert len(journal.new_recording("ws://host.test/")) == 0
