"""The times of entries: of day, but in order, even if the computer's clock is set meanwhile."""

from __future__ import annotations

import time

# It also counts while the computer sleeps, where the system has such a clock.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock:
    """Counts from the Unix time when it was made, on a clock that nobody sets.

    Connections with the same recording share a clock, so that its order and durations are right.
    """

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset = time.time() - time.clock_gettime(_STEADY)

    def now(self) -> float:
        """Return the Unix time in seconds."""
        return self._offset + time.clock_gettime(_STEADY)
