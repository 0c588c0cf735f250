"""Speaks the protocol of a session's plan: opens it over each connection, answers, writes calls."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.profiles.spoken import Spoken
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.session.observer import Observer
from spacebeam.session.outgoing import NotSentError

if TYPE_CHECKING:
    from spacebeam.decode.speaking.speaker import Call, Payload, Reaction, Speaker
    from spacebeam.session.session import Session

_LAST_S = 1.0  # for what is sent before closing, while the server reads nothing
_MAX_UNSENT = 256  # answers; with more, reading pauses
_MESSAGES = (Kind.TEXT, Kind.BINARY)


async def _closed(connection: Connection, farewell: Awaitable[None]) -> CloseReason:
    await farewell
    return await connection.close()


def speaker_of(spoken: Spoken) -> Speaker:
    """Return a speaker of the protocol that a plan has."""
    from spacebeam.decode.speaking.speaker import Parameters  # few connections speak
    from spacebeam.decode.speaking.speakers import SPEAKERS

    parameters = Parameters(
        spoken.scope, spoken.auth, spoken.user, spoken.password, spoken.host, spoken.version
    )
    return SPEAKERS[spoken.protocol.value](parameters)


class Speech(Observer):
    """Drives a speaker over the session's connections; without a protocol it says nothing.

    It is the first observer that gets the entries of a connection, so `own` is about the batch that
    the others are called with.
    """

    def __init__(self, session: Session, tell: Callable[[Callable[[Observer], object]], None]):
        self.speaker: Speaker | None = None  # of the newest connection
        self.is_ready = False  # calls and messages can be sent over the connection
        self.refusal = ""  # why the server has not accepted the client
        self.own: frozenset[int] = frozenset()  # the protocol's own messages, by place in the batch
        self.written = 0  # calls
        self._session = session
        self._tell = tell
        self._spoken: Spoken | None = None
        self._decided = asyncio.Event()  # the server's decision has changed
        self._unsent: deque[Payload] = deque()
        self._handed: deque[bytes] = deque()  # to the connection, and not yet among its entries
        self._sending: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None

    async def until_ready(self) -> None:
        """Wait until messages can be sent over this connection or a later one."""
        while not self.is_ready:
            self._decided.clear()
            await self._decided.wait()

    async def accepted(self) -> bool:
        """Wait for the server's decision, as long as a handshake may take.

        Returns whether messages can be sent.
        """
        plan, has_ended = self._session.plan, ConnectionState.CLOSED
        if plan is None:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(plan.options.time_limit):
                while not (self.is_ready or self.refusal or self._session.state is has_ended):
                    self._decided.clear()
                    await self._decided.wait()
        return self.is_ready

    def payloads(self, call: Call) -> tuple[Payload, ...]:
        """Return the messages of a call. Raises ValueError in words."""
        if self.speaker is None:
            raise ValueError("the connection speaks no protocol by itself")
        payloads = self.speaker.written(call, self.written)
        self.written += 1
        return payloads

    def begin(self) -> None:
        """Speak over a connection that all observers know to be open."""
        self._forget()
        plan = self._session.plan
        spoken = plan.spoken if plan is not None else None
        if spoken != self._spoken:
            self._spoken = spoken
            self.speaker = speaker_of(spoken) if spoken is not None else None
        if self.speaker is None:
            self._begun()
            return
        self._put(self.speaker.opening())
        if self.speaker.is_ready_at_once:
            self._begun()
        self._keep_beating()

    def end(self, connection: Connection) -> Awaitable[None]:
        """Send the protocol's last messages over this connection, within a second.

        No calls can be sent after them.
        """
        is_speaking, self.is_ready = self.is_ready, False
        payloads = self.speaker.closing() if self.speaker is not None and is_speaking else ()
        return self._say_last(connection, payloads)

    def close(self, connection: Connection) -> Coroutine[Any, Any, CloseReason]:
        """Send the protocol's last messages over a connection that is replaced, and close it."""
        return _closed(connection, self.end(connection))

    async def _say_last(self, connection: Connection, payloads: tuple[Payload, ...]) -> None:
        with suppress(NotOpenError, TimeoutError):
            async with asyncio.timeout(_LAST_S):
                for payload in payloads:
                    self._hand(payload)
                    await connection.send(payload)

    def _begun(self) -> None:
        if not self.is_ready:
            self.is_ready = True
            self._decided.set()
            self._tell(lambda one: one.ready())

    def _forget(self) -> None:
        """Forget the connection before."""
        self.is_ready, self.refusal, self.own = False, "", frozenset()
        self._unsent.clear()
        self._handed.clear()
        for task in (self._sending, self._beating):
            if task is not None:
                task.cancel()
        self._sending = self._beating = None
        self._session.release(self)

    # Calls by the session

    def entries(self, batch: Batch) -> None:
        """React to received messages, and find the own ones among those that were sent."""
        if self.speaker is None:
            return
        places = (place for place, kind in enumerate(batch.kinds) if kind in _MESSAGES)
        if batch.direction is Direction.RECEIVED:
            self.own = frozenset(place for place in places if self._react(batch, place))
            self._keep_beating()
        elif batch.direction is Direction.SENT:
            self.own = frozenset(place for place in places if self._is_own(batch.payload(place)))
        else:
            self.own = frozenset()

    def ended(self, reason: CloseReason) -> None:
        """Stop speaking."""
        self._forget()
        self._decided.set()

    def _react(self, batch: Batch, place: int) -> bool:
        """React to a message; return whether it is the protocol's own."""
        assert self.speaker is not None
        is_text = batch.kinds[place] == Kind.TEXT
        reaction: Reaction = self.speaker.react(batch.payload(place), is_text=is_text)
        self._put(reaction.answers)
        if reaction.is_ready:
            self._begun()
        if reaction.refusal:
            self.is_ready, self.refusal = False, reaction.refusal
            self._decided.set()
            self._tell(lambda one: one.refused(reaction.refusal))
        return reaction.is_own

    def _is_own(self, payload: bytes) -> bool:
        is_own = bool(self._handed) and self._handed[0] == payload
        if is_own:
            self._handed.popleft()
        return is_own

    # Sending

    def _put(self, payloads: tuple[Payload, ...]) -> None:
        """Queue messages; they leave in their order."""
        self._unsent.extend(payloads)
        if len(self._unsent) > _MAX_UNSENT:
            self._session.hold(self)
        if self._unsent and (self._sending is None or self._sending.done()):
            self._sending = asyncio.ensure_future(self._send())

    async def _send(self) -> None:
        with suppress(NotSentError):  # the end of the connection is reported elsewhere
            while self._unsent:
                payload = self._unsent.popleft()
                self._hand(payload)
                await self._session.send(payload, flush=False)
        self._session.release(self)

    def _hand(self, payload: Payload) -> None:
        """Remember that a message of the protocol's own will be among the entries."""
        self._handed.append(payload.encode() if isinstance(payload, str) else payload)

    def _keep_beating(self) -> None:
        if self._beating is None and self.speaker is not None and self.speaker.heartbeat:
            self._beating = asyncio.ensure_future(self._beat(self.speaker))

    async def _beat(self, speaker: Speaker) -> None:
        while speaker.heartbeat:
            await asyncio.sleep(speaker.heartbeat)
            if not self._unsent:
                self._put((speaker.beat(),))
