"""One connection of a session, with its plan, its observers and its holders."""

from __future__ import annotations

import time
from collections.abc import Callable

from spacebeam.net.clock import Clock
from spacebeam.net.connection import Connection
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Batch
from spacebeam.session.observer import Observers


class SessionConnection:
    """A connection from its handshake to its end, even after another connection replaced it.

    `on_opened` is called before the first entry; then every batch goes to `observers`.
    """

    def __init__(
        self,
        plan: ConnectionPlan,
        observers: Observers,
        on_opened: Callable[[SessionConnection], None],
        clock: Clock,
    ) -> None:
        self.plan = plan
        self.observers = observers
        self.is_over = False
        self.connection = Connection(self._take, plan.limits, clock)
        self._on_opened: Callable[[SessionConnection], None] | None = on_opened
        self._opened_at = 0.0  # on the clock of time.monotonic
        self._owners: set[object] = set()

    @property
    def lasted(self) -> float:
        """The seconds since the handshake."""
        return time.monotonic() - self._opened_at

    def hold(self, owner: object) -> None:
        """Pause reading until every owner that called this has called `release`."""
        self._owners.add(owner)
        self.connection.pause_reading()

    def release(self, owner: object) -> None:
        """Resume reading, unless another owner still holds it."""
        self._owners.discard(owner)
        if not self._owners:
            self.connection.resume_reading()

    def finish(self) -> None:
        """Release the observers at the end: PyGObject may retain the connection for a while."""
        self.is_over = True
        self.observers = Observers()
        self._on_opened = None

    def _take(self, batch: Batch) -> None:
        if self._on_opened is not None:
            on_opened, self._on_opened = self._on_opened, None
            self._opened_at = time.monotonic()
            on_opened(self)
        self.observers.tell(lambda one: one.entries(batch))
