"""Sends a message again and again: a heartbeat of the application, or a load for a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacebeam.session.outgoing import NotSentError

if TYPE_CHECKING:
    from spacebeam.session.session import Session

MIN_INTERVAL_S = 0.001
MAX_INTERVAL_S = 24 * 3600.0
RUNNING_NUMBER = "{n}"  # replaced in a text message, if numbers are wanted


@dataclass(frozen=True, slots=True)
class Repetition:
    """What to send, how often and how many times."""

    message: str | bytes
    interval: float  # seconds between the beginnings of two messages
    times: int | None = None  # None: until it is stopped
    is_numbered: bool = False  # RUNNING_NUMBER stands for 1, 2, 3 in a text

    def numbered(self, number: int) -> str | bytes:
        """Return the message with this number, counted from 1."""
        if self.is_numbered and isinstance(self.message, str):
            return self.message.replace(RUNNING_NUMBER, str(number))
        return self.message


class Repeater:
    """Sends a repetition's messages. `on_changed` is called after each message and at the end.

    While the server does not read, the next message waits, and messages that would have been sent
    meanwhile are left out. While the connection is lost, nothing is sent; it goes on after
    reconnecting, and ends when reconnecting does.
    """

    def __init__(
        self, session: Session, repetition: Repetition, on_changed: Callable[[], None]
    ) -> None:
        self.repetition = repetition
        self.sent = 0
        self.error: NotSentError | None = None  # why it ended early
        self._session = session
        self._on_changed = on_changed
        self._task = asyncio.ensure_future(self._run())
        self._task.add_done_callback(self._on_task_done)

    @property
    def is_running(self) -> bool:
        """Whether more messages will be sent."""
        return not self._task.done()

    def stop(self) -> None:
        """Send no more."""
        self._task.cancel()

    async def _run(self) -> None:
        times, loop = self.repetition.times, asyncio.get_running_loop()
        due = loop.time()
        while times is None or self.sent < times:
            try:
                await self._session.send(self.repetition.numbered(self.sent + 1))
                self.sent += 1
                self._on_changed()
            except NotSentError as error:
                if not self._session.is_reconnecting:
                    self.error = error
                    return
            # Not in step with what was missed: a burst after a pause helps nobody.
            due = max(due + self.repetition.interval, loop.time())
            if times is None or self.sent < times:
                await asyncio.sleep(due - loop.time())

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            task.result()  # a mistake in this program, not a failure to send
        self._on_changed()
