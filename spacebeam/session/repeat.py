"""Sends messages again and again: a heartbeat of the application, or a load for a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from spacebeam.net.backoff import ReconnectProgress
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import ConnectionState
from spacebeam.net.gio_call import turn
from spacebeam.net.report import HandshakeReport
from spacebeam.net.stream_reader import READ_PRIORITY
from spacebeam.session.observer import Observer
from spacebeam.session.outgoing import NotSentError
from spacebeam.session.session import Session

MIN_INTERVAL_S = 0.001
MAX_INTERVAL_S = 24 * 3600.0
MAX_TIMES = 10**9
MAX_STALL_S = 30.0  # for a message that waits because the server does not read
RUNNING_NUMBER = "{{$seq}}"  # in a text


class RepeatEnd(Enum):
    """Why no more is sent."""

    DONE = auto()
    STOPPED = auto()
    LOST = auto()  # the connection
    STALLED = auto()


@dataclass(frozen=True, slots=True)
class Repetition:
    """What to send, how often and how many times."""

    messages: tuple[str | bytes, ...]  # sent in a row each time
    interval: float  # seconds between the beginnings of two times
    times: int | None = None  # None: until it is stopped
    first_number: int = 1  # in the place of RUNNING_NUMBER
    after_reconnecting: bool = False  # go on when a lost connection is back
    resolve: Callable[[str], str] = str  # replaces variables in a text, each time again

    def numbered(self, sent: int) -> tuple[str | bytes, ...]:
        """Return the messages after `sent` times, with their running number."""
        number = str(self.first_number + sent)
        return tuple(
            self.resolve(one.replace(RUNNING_NUMBER, number)) if isinstance(one, str) else one
            for one in self.messages
        )


class Repeater(Observer):
    """Sends a repetition's messages, beginning now. `on_changed` is called after each time.

    A message waits until the one before has left; the times that are due meanwhile are skipped.
    """

    def __init__(
        self,
        session: Session,
        repetition: Repetition,
        on_changed: Callable[[], object],
        max_stall: float = MAX_STALL_S,
    ) -> None:
        self.repetition = repetition
        self.sent = 0  # times
        self.skipped = 0  # times
        self.end: RepeatEnd | None = None
        self._session = session
        self._on_changed = on_changed
        self._max_stall = max_stall
        self._endpoint = session.plan and session.plan.typed_endpoint
        self._has_opened = asyncio.Event()
        session.observers.add(self)
        self._task = asyncio.ensure_future(self._run())
        self._task.add_done_callback(_on_task_done)

    def stop(self) -> None:
        """Send no more."""
        self._finish(RepeatEnd.STOPPED)

    def _finish(self, end: RepeatEnd) -> None:
        if self.end is None:
            self.end = end
            self._session.observers.remove(self)
            self._task.cancel()
            self._on_changed()

    async def _run(self) -> None:
        times, interval = self.repetition.times, self.repetition.interval
        loop = asyncio.get_running_loop()
        due = loop.time()
        while self.end is None:
            has_waited = False
            for message in self.repetition.numbered(self.sent):
                has_waited |= await self._send(message)
            self.sent += 1
            if self.sent == times:
                self._finish(RepeatEnd.DONE)
                return
            due = loop.time() if has_waited else due
            due += interval
            missed = max(int((loop.time() - due) / interval), 0)
            self.skipped += missed
            due += missed * interval
            self._on_changed()
            await turn(READ_PRIORITY)  # short intervals must not starve reading
            await asyncio.sleep(max(due - loop.time(), 0))

    async def _send(self, message: str | bytes) -> bool:
        """Send a message; return whether it waited for another connection."""
        has_waited = False
        while True:
            self._has_opened.clear()
            stall = asyncio.get_running_loop().call_later(
                self._max_stall, self._finish, RepeatEnd.STALLED
            )
            try:
                await self._session.send(message)
                return has_waited
            except NotSentError:
                if not self.repetition.after_reconnecting:
                    self._finish(RepeatEnd.LOST)
            finally:
                stall.cancel()
            has_waited = True
            await self._has_opened.wait()

    # Calls by the session

    def opened(self, report: HandshakeReport) -> None:
        """Stop after connecting to another server."""
        plan = self._session.plan
        if plan is None or plan.typed_endpoint != self._endpoint:
            self._finish(RepeatEnd.LOST)

    def ready(self) -> None:
        """Go on."""
        self._has_opened.set()

    def state(self, state: ConnectionState) -> None:
        """Stop as soon as the connection is being closed; with another recording too."""
        is_closing = state in (ConnectionState.CLOSING, ConnectionState.CLOSED)
        goes_on = self.repetition.after_reconnecting and self._session.connection is not None
        if is_closing and not goes_on:
            self._finish(RepeatEnd.LOST)

    def ended(self, reason: CloseReason) -> None:
        """Stop, unless the session reconnects and that is wanted."""
        if not (self.repetition.after_reconnecting and self._session.is_reconnecting):
            self._finish(RepeatEnd.LOST)

    def reconnecting(self, progress: ReconnectProgress | None) -> None:
        """Stop if reconnecting is over without a connection."""
        connection = self._session.connection
        is_open = connection is not None and connection.state is ConnectionState.OPEN
        if progress is None and not is_open:
            self._finish(RepeatEnd.LOST)


def _on_task_done(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.result()  # a mistake in this program, not a failure to send
