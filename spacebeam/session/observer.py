"""Who hears of a session: observers, called in order, none of which replaces another."""

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
    """Hears of everything that happens in a session; a subclass overrides what it needs."""

    def opened(self, report: HandshakeReport) -> None:
        """A connection is open; its entries follow."""

    def failed(self, error: HandshakeError) -> None:
        """A handshake failed; the session is as it was before."""

    def entries(self, batch: Batch) -> None:
        """Messages, control frames or events, in order: one call for a batch, never per message."""

    def state(self, state: ConnectionState) -> None:
        """The session's state changed."""

    def reconnecting(self, progress: ReconnectProgress | None) -> None:
        """Reconnecting began, went on, or (None) is over: the session's state says how."""

    def ended(self, reason: CloseReason) -> None:
        """The connection has ended; no more entries come from it."""

    def replaced(self) -> Observer | None:
        """Return the observer of the rest of a connection that is being replaced; None for none.

        Called before `opened` of the next connection. The rest is a few last messages and the close
        frames: the observer hears its `entries` and then `ended`.
        """
        return None


class Observers:
    """The observers of a session or of one of its connections."""

    def __init__(self, observers: Iterable[Observer] = ()) -> None:
        self._observers = tuple(observers)

    def add(self, observer: Observer) -> None:
        """Call `observer` from now on, after those that are here already."""
        self._observers = (*self._observers, observer)

    def remove(self, observer: Observer) -> None:
        """Call `observer` no more."""
        self._observers = tuple(one for one in self._observers if one is not observer)

    def replaced(self) -> Observers:
        """Return the observers of the rest of a connection that is being replaced."""
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
            except Exception as error:  # noqa: BLE001  # an observer may be anybody's
                # Not the exception's text: it may quote a message.
                kind, cause = type(observer).__name__, type(error).__name__
                _logger.error("removed the observer %s, which raised %s", kind, cause)
                self.remove(observer)
                failure = failure or error
        if failure is not None:
            raise failure
