"""Brings a lost connection back: waits as its policy says, tries, and tells how that stands.

A wait ends early when the person skips it and when the network comes back. While no network leads
to the server, no attempt is spent on it. Loopback and UNIX sockets need no network: in a container
GLib may say that there is none, and the server is there all the same.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from gi.repository import Gio, GLib

from spacebeam.net.backoff import AttemptSeries, Backoff
from spacebeam.net.close_reason import FailureKind
from spacebeam.net.gio_call import gio_call
from spacebeam.net.handshake import HandshakeError
from spacebeam.protocol.endpoint import Endpoint

# Who asks is not let in; asking again may lock an account.
_REFUSALS = (401, 403, 407)


class ReconnectStage(Enum):
    """What is being done about a lost connection."""

    WAITING = auto()
    OFFLINE = auto()  # waiting for the network, however long that takes
    TRYING = auto()


@dataclass(frozen=True, slots=True)
class ReconnectProgress:
    """How far the bringing back has come. Whoever shows a countdown ticks by itself."""

    stage: ReconnectStage
    attempt: int  # the one that is waited for or made, counted from 1
    attempts: int  # how many there may be; 0: without end
    why: str  # what ended the connection or the attempt before, in words
    deadline: float = math.inf  # of the wait, on the clock of time.monotonic

    @property
    def count(self) -> str:
        """Which attempt it is, of how many."""
        return f"attempt {self.attempt}" + (f" of {self.attempts}" if self.attempts else "")

    def words(self, now: float) -> str:
        """What is going on, and at `now` (time.monotonic) for how many seconds more."""
        if self.stage is ReconnectStage.TRYING:
            return f"Connecting again ({self.count})…"
        if self.stage is ReconnectStage.OFFLINE:
            return f"There is no network. Connecting again when it is back ({self.count})"
        return f"Connecting again in {max(math.ceil(self.deadline - now), 0)} s ({self.count})"


class GivenUpError(Exception):
    """The connection does not come back, for what `verdict` says, and the loss or failure before.

    `last` is the newest attempt's failure, if one was made.
    """

    def __init__(self, verdict: str, why: str, last: HandshakeError | None) -> None:
        super().__init__(f"{why} {verdict}")
        self.verdict = verdict
        self.last = last


class Reconnector:
    """Brings one endpoint's connection back, as often as it is lost.

    `progress` is what it is doing, None while it does nothing; `on_progress` hears of each change.
    """

    def __init__(
        self,
        backoff: Backoff,
        endpoint: Endpoint,
        on_progress: Callable[[], object],
        *,
        monitor: Gio.NetworkMonitor | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.progress: ReconnectProgress | None = None
        self._series = AttemptSeries(backoff)
        self._endpoint = endpoint
        self._on_progress = on_progress
        self._monitor = monitor or Gio.NetworkMonitor.get_default()
        self._chance = chance
        self._is_skipped = False
        self._stirred = asyncio.Event()  # skipped, or the network is another

    def lasted(self, seconds: float) -> None:
        """The connection has ended; it had been open for so long."""
        self._series.lasted(seconds)

    async def regain(self, why: str, connect: Callable[[], Awaitable[object]]) -> None:
        """Wait and call `connect`, until one call does not raise HandshakeError.

        `why` says what the connection was lost to. Raises GivenUpError when no attempt is left or
        none can succeed. Cancelling the task ends it, whatever it is doing.
        """
        last: HandshakeError | None = None
        try:
            while True:
                await self._wait_for_turn(why, last)
                try:
                    await connect()
                    return
                except HandshakeError as error:
                    why, last = str(error.failure), error
                    if is_hopeless(error):
                        raise GivenUpError("It is not tried again.", why, error) from None
        finally:
            self._tell(None)

    def skip(self) -> None:
        """Wait no longer: the next attempt's turn is now."""
        self._is_skipped = True
        self._stirred.set()

    async def _wait_for_turn(self, why: str, last: HandshakeError | None) -> None:
        delay = self._series.next(self._chance())
        if delay is None:
            count = self._series.attempt
            attempts = "1 attempt" if count == 1 else f"{count} attempts"
            raise GivenUpError(f"Gave up after {attempts}.", why, last)
        self._is_skipped = False
        handler = self._monitor.connect("network-changed", lambda *_: self._stirred.set())
        try:
            await self._wait(time.monotonic() + delay, why)
        finally:
            self._monitor.disconnect(handler)
        self._show(ReconnectStage.TRYING, why)

    async def _wait(self, deadline: float, why: str) -> None:
        was_offline = False
        while not self._is_skipped:
            self._stirred.clear()
            is_offline = not await self._has_network()
            left = math.inf if is_offline else deadline - time.monotonic()
            if left <= 0 or (was_offline and not is_offline):
                return
            was_offline = is_offline
            if is_offline:
                self._show(ReconnectStage.OFFLINE, why)
            else:
                self._show(ReconnectStage.WAITING, why, deadline)
            if not self._is_skipped:
                await self._stir(left)

    async def _stir(self, seconds: float) -> None:
        """Wait so long, or until something has happened."""
        try:
            async with asyncio.timeout(seconds if math.isfinite(seconds) else None):
                await self._stirred.wait()
        except TimeoutError:
            pass  # the wait is over; only the network is looked at again

    async def _has_network(self) -> bool:
        if not needs_network(self._endpoint) or self._monitor.get_network_available():
            return True
        try:  # a network without a way out still has neighbours
            neighbour = Gio.InetSocketAddress.new_from_string(
                self._endpoint.host, self._endpoint.port
            )
        except TypeError:  # a name: nobody is there to look it up
            return False
        monitor = self._monitor
        try:
            return await gio_call(monitor.can_reach_async, monitor.can_reach_finish, neighbour)
        except GLib.Error:
            return False

    def _show(self, stage: ReconnectStage, why: str, deadline: float = math.inf) -> None:
        backoff, attempt = self._series.backoff, self._series.attempt
        self._tell(ReconnectProgress(stage, attempt, backoff.attempts, why, deadline))

    def _tell(self, progress: ReconnectProgress | None) -> None:
        if progress != self.progress:
            self.progress = progress
            self._on_progress()


def needs_network(endpoint: Endpoint) -> bool:
    """Whether a server can be reached over a network only, so not on this computer."""
    if endpoint.socket_path is not None:
        return False
    try:
        return not ipaddress.ip_address(endpoint.host.partition("%")[0]).is_loopback
    except ValueError:
        return endpoint.host != "localhost" and not endpoint.host.endswith(".localhost")


def is_hopeless(error: HandshakeError) -> bool:
    """Whether waiting changes nothing: who asks is not let in, or is not trusted."""
    if error.failure.kind is FailureKind.CERTIFICATE:
        return True
    exchanges = error.report.exchanges
    return bool(exchanges) and exchanges[-1].status in _REFUSALS
