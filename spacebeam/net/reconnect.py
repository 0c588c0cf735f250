"""Reconnects a lost connection: waits, tries, and reports its progress.

A wait ends early when the person skips it or the network comes back. While there is no network, no
attempt is made. Loopback addresses and UNIX sockets need no network: in a container GLib may report
none although the server can be reached.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import math
import random
import time
from collections.abc import Awaitable, Callable

from gi.repository import Gio, GLib

from spacebeam.net.backoff import AttemptSeries, Backoff, ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure, FailureKind
from spacebeam.net.gio_call import gio_call
from spacebeam.net.handshake import HandshakeError
from spacebeam.protocol.endpoint import Endpoint

_log = logging.getLogger(__name__)

# HTTP statuses that refuse the credentials; trying again may lock an account.
_REFUSAL_STATUSES = (401, 403, 407)


class GivenUpError(Exception):
    """No further attempt is made.

    `why` says why the connection was lost or the last attempt failed. `attempts` is how many were
    made; 0 if the server's refusal is final. `last` is the error of the last attempt, if one was
    made.
    """

    def __init__(
        self, why: CloseReason | Failure, attempts: int, last: HandshakeError | None
    ) -> None:
        super().__init__(why.cause.value)
        self.why = why
        self.attempts = attempts
        self.last = last


class Reconnector:
    """Reconnects to one endpoint each time that the connection is lost.

    `progress` is None while it does nothing; `on_progress` is called at each change.
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
        self._woken = asyncio.Event()  # skipped, or the network changed

    def lasted(self, seconds: float) -> None:
        """Note that the connection was lost after it had been open for `seconds`."""
        self._series.lasted(seconds)

    async def regain(
        self, why: CloseReason | Failure, connect: Callable[[], Awaitable[object]]
    ) -> None:
        """Wait and call `connect`, until one call does not raise HandshakeError.

        `why` says why the connection was lost. Raise GivenUpError when no attempt is left or none
        can succeed. Cancelling the task ends it at any time.
        """
        last: HandshakeError | None = None
        try:
            while True:
                await self._wait_for_attempt(why, last)
                try:
                    await connect()
                    return
                except HandshakeError as error:
                    why, last = error.failure, error
                    _log.debug("attempt failed: %s", error.failure.cause.value)
                    if is_hopeless(error):
                        raise GivenUpError(why, 0, error) from None
        finally:
            self._set_progress(None)

    def skip(self) -> None:
        """End the wait: make the next attempt now."""
        self._is_skipped = True
        self._woken.set()

    async def _wait_for_attempt(
        self, why: CloseReason | Failure, last: HandshakeError | None
    ) -> None:
        delay = self._series.next(self._chance())
        if delay is None:
            raise GivenUpError(why, self._series.attempt, last)
        self._is_skipped = False
        handler = self._monitor.connect("network-changed", lambda *_: self._woken.set())
        try:
            await self._wait(time.monotonic() + delay, why)
        finally:
            self._monitor.disconnect(handler)
        self._show(ReconnectStage.TRYING, why)

    async def _wait(self, deadline: float, why: CloseReason | Failure) -> None:
        was_offline = False
        while not self._is_skipped:
            self._woken.clear()
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
                await self._wait_until_woken(left)

    async def _wait_until_woken(self, seconds: float) -> None:
        """Wait `seconds`, or until `_woken` is set."""
        try:
            async with asyncio.timeout(seconds if math.isfinite(seconds) else None):
                await self._woken.wait()
        except TimeoutError:
            pass  # the wait is over; the network is checked again

    async def _has_network(self) -> bool:
        if not needs_network(self._endpoint) or self._monitor.get_network_available():
            return True
        try:  # a network without internet access still has local addresses
            neighbour = Gio.InetSocketAddress.new_from_string(
                self._endpoint.host, self._endpoint.port
            )
        except TypeError:  # a host name cannot be looked up without a network
            return False
        monitor = self._monitor
        try:
            return await gio_call(monitor.can_reach_async, monitor.can_reach_finish, neighbour)
        except GLib.Error:
            return False

    def _show(
        self, stage: ReconnectStage, why: CloseReason | Failure, deadline: float = math.inf
    ) -> None:
        backoff, attempt = self._series.backoff, self._series.attempt
        self._set_progress(ReconnectProgress(stage, attempt, backoff.attempts, why, deadline))

    def _set_progress(self, progress: ReconnectProgress | None) -> None:
        if progress != self.progress:
            self.progress = progress
            if progress is not None:
                _log.debug("attempt %d: %s", progress.attempt, progress.stage.name.lower())
            self._on_progress()


def needs_network(endpoint: Endpoint) -> bool:
    """Whether the endpoint is on another computer, so that a network is needed to reach it."""
    if endpoint.socket_path is not None:
        return False
    try:
        return not ipaddress.ip_address(endpoint.host.partition("%")[0]).is_loopback
    except ValueError:
        return endpoint.host != "localhost" and not endpoint.host.endswith(".localhost")


def is_hopeless(error: HandshakeError) -> bool:
    """Whether trying again is pointless: credentials or certificate were refused."""
    if error.failure.kind in (FailureKind.CERTIFICATE, FailureKind.SIGN_IN):
        return True
    exchanges = error.report.exchanges
    return bool(exchanges) and exchanges[-1].status in _REFUSAL_STATUSES
