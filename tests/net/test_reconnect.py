"""Reconnecting: waits, what ends a wait early, and when it gives up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from spacebeam.net.backoff import Backoff, ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.net.connection import Connection
from spacebeam.net.failures import FailureCause
from spacebeam.net.reconnect import (
    GivenUpError,
    Reconnector,
    is_hopeless,
    needs_network,
)
from spacebeam.protocol.endpoint import parse
from tests.support.clients import refusal
from tests.support.network import Monitor
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import answer, raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually, settled

HOUR = 3600.0
LOST = CloseReason(CloseCause.STREAM_CLOSED)
QUICK = Backoff(attempts=3, first=0.001, longest=0.002)
SLOW = Backoff(attempts=3, first=HOUR, longest=HOUR)
FAR = "ws://192.0.2.1/"  # an address for documentation (RFC 5737); nobody connects to it here


class Trial:
    """One `regain` with a server that refuses connections until `is_there`."""

    def __init__(self, backoff: Backoff, url: str = "", monitor: Monitor | None = None) -> None:
        self.seen: list[ReconnectProgress | None] = []
        self.attempts = 0
        self.is_there = False
        self.reconnecting = Reconnector(
            backoff,
            parse(url or f"ws://{LOOPBACK}/"),
            lambda: self.seen.append(self.reconnecting.progress),
            monitor=monitor or Monitor(),
            chance=lambda: 0.0,
        )

    async def connect(self) -> None:
        self.attempts += 1
        if not self.is_there:
            await Connection().open(parse(f"ws://{LOOPBACK}:{free_port()}/"))

    @property
    def stages(self) -> list[ReconnectStage | None]:
        return [progress.stage if progress else None for progress in self.seen]

    @property
    def stage(self) -> ReconnectStage | None:
        progress = self.reconnecting.progress
        return progress.stage if progress else None


@contextlib.asynccontextmanager
async def regaining(
    trial: Trial, connect: Callable[[], Awaitable[object]] | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Run `regain` for the length of the block."""
    task = asyncio.create_task(trial.reconnecting.regain(LOST, connect or trial.connect))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_attempts_are_made_until_one_succeeds_and_each_is_reported() -> None:
    trial = Trial(QUICK)

    async def connect() -> None:
        trial.is_there = trial.attempts == 1
        await trial.connect()

    await trial.reconnecting.regain(LOST, connect)
    waiting, trying, again, retrying, end = trial.seen
    assert waiting is not None
    assert again is not None
    assert trial.stages == [
        ReconnectStage.WAITING,
        ReconnectStage.TRYING,
        ReconnectStage.WAITING,
        ReconnectStage.TRYING,
        None,
    ]
    assert (waiting.attempt, waiting.attempts, waiting.why) == (1, 3, LOST)
    assert again.attempt == 2
    assert again.why.cause is FailureCause.REFUSED
    assert (trying and trying.attempt, retrying and retrying.attempt, end) == (1, 2, None)


async def test_reconnecting_gives_up_after_the_last_attempt() -> None:
    trial = Trial(QUICK)
    with pytest.raises(GivenUpError, match="refused") as caught:
        await trial.reconnecting.regain(LOST, trial.connect)
    assert trial.attempts == 3
    assert caught.value.attempts == 3
    assert caught.value.last is not None
    assert trial.reconnecting.progress is None
    with pytest.raises(GivenUpError):
        await trial.reconnecting.regain(LOST, trial.connect)
    assert trial.attempts == 3


async def test_a_long_connection_resets_the_attempts() -> None:
    trial = Trial(QUICK)
    with pytest.raises(GivenUpError):
        await trial.reconnecting.regain(LOST, trial.connect)
    trial.is_there = True
    trial.reconnecting.lasted(QUICK.longest)
    await trial.reconnecting.regain(LOST, trial.connect)


async def test_a_wait_is_not_shorter_than_the_policy_says() -> None:
    trial = Trial(Backoff(first=0.05, longest=0.05))
    began = time.monotonic()
    attempted: list[float] = []

    async def connect() -> None:
        attempted.append(time.monotonic())

    await trial.reconnecting.regain(LOST, connect)
    waiting = trial.seen[0]
    assert waiting is not None
    assert began + 0.05 <= waiting.deadline <= attempted[0]


async def test_skipping_a_wait_does_not_skip_the_next_one() -> None:
    trial = Trial(SLOW)
    async with regaining(trial):
        await eventually(lambda: trial.stage is ReconnectStage.WAITING)
        trial.reconnecting.skip()
        await eventually(
            lambda: trial.stages[-2:] == [ReconnectStage.TRYING, ReconnectStage.WAITING]
        )
        await settled(lambda: trial.attempts)
        assert trial.attempts == 1


async def test_cancelling_a_wait_reports_no_progress() -> None:
    monitor = Monitor()
    trial = Trial(SLOW, monitor=monitor)
    async with regaining(trial):
        await eventually(lambda: trial.stage is ReconnectStage.WAITING)
    assert trial.seen[-1] is None
    monitor.change(True)
    assert not trial.reconnecting._woken.is_set()  # the network handler is disconnected


async def test_cancelling_cancels_an_attempt_in_progress() -> None:
    with raw_server(wait_for_end) as server:
        trial = Trial(QUICK)
        url = parse(f"ws://{LOOPBACK}:{server.port}/")
        async with regaining(trial, lambda: Connection().open(url)) as task:
            await eventually(lambda: server.connections)
        assert task.cancelled()
        assert trial.reconnecting.progress is None


async def test_without_a_network_no_attempt_is_made() -> None:
    monitor = Monitor(is_available=False)
    trial = Trial(QUICK, FAR, monitor)
    trial.is_there = True
    async with regaining(trial) as task:
        await eventually(lambda: trial.stage is ReconnectStage.OFFLINE)
        monitor.change(False)
        await settled(lambda: trial.attempts)
        assert trial.attempts == 0
        monitor.change(True)
        await eventually(task.done)
    assert [progress.attempt if progress else None for progress in trial.seen] == [1, 1, None]


async def test_a_returning_network_ends_a_long_wait() -> None:
    monitor = Monitor()
    trial = Trial(SLOW, FAR, monitor)
    trial.is_there = True
    async with regaining(trial) as task:
        await eventually(lambda: trial.stage is ReconnectStage.WAITING)
        monitor.change(True)  # another network; the first was available too
        await settled(lambda: trial.stage)
        assert trial.stage is ReconnectStage.WAITING
        monitor.change(False)
        await eventually(lambda: trial.stage is ReconnectStage.OFFLINE)
        monitor.change(True)
        await eventually(task.done)


async def test_a_network_lost_during_a_wait_is_waited_for_at_its_end() -> None:
    monitor = Monitor()
    trial = Trial(Backoff(first=0.05, longest=0.05), FAR, monitor)
    async with regaining(trial):
        await eventually(lambda: trial.stage is ReconnectStage.WAITING)
        monitor.is_available = False  # without a signal
        await eventually(lambda: trial.stage is ReconnectStage.OFFLINE)
        assert trial.attempts == 0


async def test_skipping_the_wait_tries_without_a_network() -> None:
    trial = Trial(SLOW, FAR, Monitor(is_available=False))
    trial.is_there = True
    async with regaining(trial) as task:
        await eventually(lambda: trial.stage is ReconnectStage.OFFLINE)
        trial.reconnecting.skip()
        await eventually(task.done)


@pytest.mark.parametrize(
    "url", [f"ws://{LOOPBACK}/", "ws://localhost/", "ws+unix:/tmp/s:/", "ws://192.0.2.9/"]
)
async def test_local_addresses_need_no_internet_access(url: str) -> None:
    monitor = Monitor(is_available=False, neighbours=("192.0.2.9",))
    trial = Trial(QUICK, url, monitor)
    trial.is_there = True
    await trial.reconnecting.regain(LOST, trial.connect)
    assert ReconnectStage.OFFLINE not in trial.stages


@pytest.mark.parametrize(
    ("url", "needs"),
    [
        ("ws://localhost/", False),
        ("ws://app.localhost/", False),
        ("ws://127.8.0.1/", False),
        ("ws://[::1]/", False),
        ("ws+unix:/run/s:/", False),
        ("ws://10.0.0.1/", True),
        ("ws://printer.local/", True),
        ("wss://example.org/", True),
    ],
)
def test_addresses_that_need_a_network_are_known(url: str, needs: bool) -> None:
    assert needs_network(parse(url)) is needs


@pytest.mark.parametrize(("status", "hopeless"), [(401, True), (403, True), (404, False),
                                                  (502, False), (503, False)])  # fmt: skip
async def test_only_refused_credentials_are_not_tried_again(status: int, hopeless: bool) -> None:
    def script(peer: socket.socket) -> None:
        answer(peer, f"HTTP/1.1 {status} No")

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
        assert is_hopeless(error) is hopeless
        trial = Trial(QUICK)
        url = parse(f"ws://{LOOPBACK}:{server.port}/")
        with pytest.raises(GivenUpError) as caught:
            await trial.reconnecting.regain(LOST, lambda: Connection().open(url))
        assert (caught.value.attempts == 0) is hopeless
        assert server.connections == (2 if hopeless else 4)


async def test_a_certificate_that_is_not_trusted_is_not_tried_again(
    tls_port: int,
) -> None:
    error = await refusal(f"wss://localhost:{tls_port}/echo")
    assert is_hopeless(error)


async def test_the_default_network_monitor_is_used() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        wait_for_end(peer)

    with raw_server(script) as server:
        endpoint = parse(f"ws://{LOOPBACK}:{server.port}/")
        connection = Connection()
        await Reconnector(QUICK, endpoint, lambda: None).regain(
            LOST, lambda: connection.open(endpoint)
        )
        server.stop()
        await connection.ended
