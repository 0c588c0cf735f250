"""A conversation's way to its server: the connection that is open, and the next one after it is
lost, where the person asked for that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from spacebeam.cli.messages import complain, tell
from spacebeam.cli.talk_options import TalkOptions
from spacebeam.net.backoff import may_come_back
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.reconnect import Reconnector, ReconnectStage, is_hopeless
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch, event
from spacebeam.protocol.endpoint import Endpoint

GRACE = 1.0  # seconds for saying goodbye once the time is up


class Watcher(Protocol):
    """Hears of every connection."""

    def watch(self, connection: Connection) -> None:
        """A connection is about to be opened."""

    def tell(self, report: HandshakeReport) -> None:
        """A handshake has failed."""


class Link:
    """Opens connections, one at a time; `connection` is the newest that was open."""

    def __init__(
        self,
        endpoint: Endpoint,
        handshake: HandshakeOptions,
        talk: TalkOptions,
        limits: ConnectionLimits,
        sink: Callable[[Batch], None],
    ) -> None:
        self.connection: Connection | None = None
        self.limits = limits
        self.watchers: list[Watcher] = []  # the last is the first to hear of an entry
        self._endpoint = endpoint
        self._handshake = handshake
        self._talk = talk
        self._sink = sink
        self._opened = 0.0  # by the loop's clock
        self._holders: set[object] = set()
        self._reconnecting: Reconnector | None = None
        if talk.backoff is not None:
            self._reconnecting = Reconnector(talk.backoff, endpoint, self._on_progress)

    @property
    def comes_back(self) -> bool:
        """Whether it is tried to bring a lost connection back."""
        return self._reconnecting is not None

    async def open(self) -> None:
        """Connect for the first time.

        Raises HandshakeError, or GivenUpError where it was tried again.
        """
        try:
            await self._open()
        except HandshakeError as error:
            if self._reconnecting is None or is_hopeless(error):
                raise
            await self._reconnecting.regain(str(error.failure), self._open)

    def may_come_back(self, ending: CloseReason) -> bool:
        """Whether to bring the connection back that ended so."""
        return self.comes_back and may_come_back(ending)

    async def come_back(self, ending: CloseReason) -> None:
        """Bring the connection back that ended so. Raises GivenUpError."""
        assert self._reconnecting is not None
        self._reconnecting.lasted(asyncio.get_running_loop().time() - self._opened)
        await self._reconnecting.regain(ending.explanation, self._open)
        tell(f"Connected to {self._endpoint.url} again.")

    def hold(self, holder: object) -> None:
        """Let the server wait, until all who hold have released."""
        self._holders.add(holder)
        if self.connection is not None:
            self.connection.pause_reading()

    def release(self, holder: object) -> None:
        self._holders.discard(holder)
        if self.connection is not None and not self._holders:
            self.connection.resume_reading()

    async def _open(self) -> None:
        connection = Connection(self._sink, self.limits)
        connection.answers_pings = self._talk.answers_pings
        for one in self.watchers:
            one.watch(connection)
        try:
            await connection.open(self._endpoint, self._handshake)
        except HandshakeError as error:
            for one in self.watchers:
                one.tell(error.report)
            raise
        self._opened = asyncio.get_running_loop().time()
        self.connection = connection
        if self._talk.keepalive is not None:
            connection.keep_alive(self._talk.keepalive)
        if self._holders:
            connection.pause_reading()

    def _on_progress(self) -> None:
        assert self._reconnecting is not None
        progress = self._reconnecting.progress
        if progress is None:
            return
        if progress.stage is ReconnectStage.TRYING:
            self._sink(event(time.time(), f"Connecting again, {progress.count}"))
            return
        complain(progress.why)
        tell(progress.words(time.monotonic()))
