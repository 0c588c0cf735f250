"""Observers of a session. They are called in order; adding one replaces no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from spacebeam.net.backoff import ReconnectProgress
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch

_logger = logging.getLogger(__name__)


class Observer:
    """Is called for everything that happens in a session; a subclass overrides what it needs."""

    def opened(self, report: HandshakeReport) -> None:
        """Handle a connection that is open; its entries follow."""

    def ready(self) -> None:
        """Handle that messages can be sent: after `opened`, or once a spoken protocol is open."""

    def refused(self, reason: str) -> None:
        """Handle that the server refuses the spoken protocol; the reason may be the server's."""

    def failed(self, error: HandshakeError) -> None:
        """Handle a failed handshake; the session is unchanged."""

    def entries(self, batch: Batch) -> None:
        """Handle a batch of messages, control frames or events."""

    def state(self, state: ConnectionState) -> None:
        """Handle a change of the session's state."""

    def reconnecting(self, progress: ReconnectProgress | None) -> None:
        """Handle progress of reconnecting; None when it is over, with or without a connection."""

    def ended(self, reason: CloseReason) -> None:
        """Handle the end of the connection, after its last entry."""

    def replaced(self) -> Observer | None:
        """Return the observer for the last entries of a replaced connection; None for none.

        Called before `opened` of the next connection. The returned observer gets `entries` with the
        last messages and the close frames, and then `ended`.
        """
        return None


class Observers:
    """The observers of a session or of one of its connections."""

    def __init__(self, observers: Iterable[Observer] = ()) -> None:
        self._observers = tuple(observers)

    def add(self, observer: Observer) -> None:
        """Add an observer; it is called after the earlier ones."""
        self._observers = (*self._observers, observer)

    def remove(self, observer: Observer) -> None:
        """Remove an observer, if it is here."""
        self._observers = tuple(one for one in self._observers if one is not observer)

    def replaced(self) -> Observers:
        """Return the observers for the last entries of a replaced connection."""
        rest = (one.replaced() for one in self._observers)
        return Observers(one for one in rest if one is not None)

    def tell(self, call: Callable[[Observer], object]) -> None:
        """Call `call` with every observer, in order.

        An observer that raises is logged and removed; once all have been called, the first
        exception is raised again.
        """
        failure: Exception | None = None
        for observer in self._observers:
            try:
                call(observer)
            except Exception as error:  # noqa: BLE001  # any observer may fail in any way
                # Not the exception's text: it may quote a message.
                kind, cause = type(observer).__name__, type(error).__name__
                _logger.error("removed the observer %s, which raised %s", kind, cause)
                self.remove(observer)
                failure = failure or error
        if failure is not None:
            raise failure
