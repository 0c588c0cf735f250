"""A line on a terminal that shows a recording's size and rate while it is made."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable

from spacebeam.cli.messages import write
from spacebeam.decode.preview import size

_INTERVAL = 0.2  # seconds
_LOOKS = 5  # samples; the rate is that of the last second
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Shows a line on standard error five times a second, if that is a terminal.

    `look` returns the number of entries, and the bytes of their payloads.
    """

    def __init__(self, look: Callable[[], tuple[int, int]]) -> None:
        self._look = look
        self._seen: deque[tuple[float, int]] = deque(maxlen=_LOOKS + 1)
        self._timer: asyncio.TimerHandle | None = None
        self.is_wanted = sys.stderr is not None and sys.stderr.isatty()

    def start(self) -> None:
        """Show the line, until `stop`."""
        if self.is_wanted and self._timer is None:
            self._tick()

    def stop(self) -> None:
        """Remove the line."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            write(_CLEAR, sys.stderr)

    def aside(self, say: Callable[[], None]) -> None:
        """Call `say`, with the line removed meanwhile."""
        is_shown = self._timer is not None
        self.stop()
        say()
        if is_shown:
            self.start()

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        write(f"{_CLEAR}{self.words(loop.time())}", sys.stderr)
        self._timer = loop.call_later(_INTERVAL, self._tick)

    def words(self, now: float) -> str:
        """Return entries, bytes and entries a second; `now` is in seconds."""
        count, payload = self._look()
        self._seen.append((now, count))
        began, before = self._seen[0]
        rate = (count - before) / (now - began) if now > began else 0.0
        return f"{entries(count)}, {size(payload)}, {rate:,.0f}/s"


def entries(count: int) -> str:
    """Return a number of entries in words."""
    return "1 entry" if count == 1 else f"{count:,} entries"
