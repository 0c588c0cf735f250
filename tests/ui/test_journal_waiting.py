"""Who waits while a recording cannot be kept, and that nothing is missing afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile
from spacebeam.recording.opening import ended_abruptly
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.talk import Talk
from tests.support.batches import numbered
from tests.support.kept import read, shelf
from tests.support.waiting import eventually, settled
from tests.ui.floods import SIZE, Obstacle, flood_server
from tests.ui.journals import is_left, messages
from tests.ui.peers import listener

MIB = 2**20
ON_THE_WAY = 6 * MIB  # bytes; what the sockets of both sides may hold


@pytest.fixture
def talk(keeper: SettingsService) -> Talk:
    return Talk(None, keeper.new_recording)


@pytest.fixture
def obstacle(tmp_path: Path) -> Obstacle:
    """Nothing can be kept until it is cleared away."""
    return Obstacle(tmp_path / "data")


async def test_the_server_waits_while_nothing_can_be_kept_and_nothing_is_missing(
    obstacle: Obstacle, talk: Talk
) -> None:
    count = 300_000  # 36 MB
    with flood_server(count) as flood:
        await talk.connect_to(flood.url)
        await eventually(lambda: talk.recording.storage_error)
        await settled(lambda: (flood.sent, len(talk.recording)), rounds=150)
        assert flood.sent < count
        waiting = shelf(talk.recording).pending_bytes
        assert 8 * MIB < waiting < 12 * MIB
        assert flood.sent * SIZE < waiting + ON_THE_WAY
        assert str(talk.recording.storage_error).startswith("Nothing can be written in ")
        obstacle.clear_away()
        talk.journal.try_again()
        await eventually(lambda: talk.state is ConnectionState.CLOSED, within=60)
        assert talk.recording.storage_error is None
        path = shelf(talk.recording).path
        await talk.leave()
    await eventually(lambda: is_left(path))
    recording = read(path)
    assert messages(recording) == count
    assert not ended_abruptly(recording)


async def test_it_goes_on_by_itself_when_it_can(obstacle: Obstacle, talk: Talk) -> None:
    count = 150_000
    with flood_server(count) as flood:
        await talk.connect_to(flood.url)
        await eventually(lambda: talk.recording.storage_error)
        await settled(lambda: len(talk.recording), rounds=150)
        obstacle.clear_away()
        await eventually(lambda: talk.state is ConnectionState.CLOSED, within=60)
        assert messages(talk.recording) == count
        await talk.leave()


async def test_a_connection_that_is_made_meanwhile_waits_too(
    obstacle: Obstacle, talk: Talk
) -> None:
    count = 150_000
    with flood_server(count) as flood:
        await talk.connect_to(flood.url)
        await eventually(lambda: talk.recording.storage_error)
        await settled(lambda: len(talk.recording), rounds=150)
        before, recording = len(talk.recording), talk.recording
        await talk.connect_to(flood.url, Profile(close_time=30))
        await settled(lambda: len(talk.recording), rounds=150)
        assert talk.recording is recording
        assert len(recording) <= before + 2  # that it was connected, and the goodbye to the other
        obstacle.clear_away()
        talk.journal.try_again()
        await eventually(lambda: talk.state is ConnectionState.CLOSED, within=60)
        await talk.leave()
    newest = read(shelf(recording).path)
    begins = [number for number, _report in newest.handshakes][-1]
    payloads = [bytes(newest.entry(number).payload) for number in range(begins, len(newest))]
    assert {numbered(number, SIZE) for number in range(count)} <= set(payloads)


@pytest.mark.parametrize("is_full", [True, False])
async def test_one_that_was_left_for_another_address_still_waits_and_ends(
    obstacle: Obstacle, talk: Talk, is_full: bool
) -> None:
    with flood_server(300_000) as flood, listener() as other:
        await talk.connect_to(flood.url, Profile(close_time=1))
        earlier = talk.recording
        if is_full:
            await eventually(lambda: earlier.storage_error)
            await settled(lambda: len(earlier), rounds=150)
        await talk.connect_to(other.url, Profile(keeps_recording=False))
        await settled(lambda: (flood.sent, len(earlier)), rounds=150)
        assert flood.sent < 300_000
        assert shelf(earlier).pending_bytes < 12 * MIB
        obstacle.clear_away()
        await talk.leave()
        path = shelf(earlier).path
        await eventually(lambda: is_left(path), within=30)
    recording = read(path)
    assert messages(recording) > 60_000
    assert not ended_abruptly(recording)


async def test_a_server_that_is_made_to_wait_is_not_taken_for_a_silent_one(
    obstacle: Obstacle, talk: Talk
) -> None:
    settings = Profile(keepalive=True, keepalive_interval=1, keepalive_limit=1)
    with flood_server(150_000) as flood:
        await talk.connect_to(flood.url, settings)
        await eventually(lambda: talk.recording.storage_error)
        await settled(lambda: len(talk.recording), rounds=150)
        deadline = asyncio.get_running_loop().time() + 2.5  # two pings and their answers
        await eventually(lambda: asyncio.get_running_loop().time() > deadline)
        assert talk.state is ConnectionState.OPEN
        obstacle.clear_away()
        await eventually(lambda: talk.state is ConnectionState.CLOSED, within=60)
        assert messages(talk.recording) == 150_000
        await talk.leave()


# What was recorded earlier
