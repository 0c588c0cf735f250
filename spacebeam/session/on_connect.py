"""Sends messages by itself after each connect and reconnect: a login, a subscription."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from spacebeam.net.close_reason import CloseReason
from spacebeam.session.observer import Observer
from spacebeam.session.outgoing import NotSentError, OutgoingMessage

if TYPE_CHECKING:
    from spacebeam.session.session import Session


class OnConnect(Observer):
    """Sends the messages that `make` returns over each connection, in their order.

    It is called for each connection anew: a message may hold the time or a running number. What a
    lost connection has not sent is not sent again; the next one sends all of them.
    """

    def __init__(self, session: Session, make: Callable[[], Sequence[OutgoingMessage]]) -> None:
        self._session = session
        self._make = make
        self._sending: asyncio.Task[None] | None = None

    def ready(self) -> None:
        """Send the messages."""
        if messages := self._make():
            self.stop()
            self._sending = asyncio.create_task(self._send(messages))

    def ended(self, reason: CloseReason) -> None:
        """Stop sending."""
        self.stop()

    def stop(self) -> None:
        """Stop sending, as before a close."""
        if self._sending is not None:
            self._sending.cancel()

    async def _send(self, messages: Sequence[OutgoingMessage]) -> None:
        with suppress(NotSentError):  # the end of the connection is reported elsewhere
            for message in messages:
                await self._session.send(message, flush=False)
