"""A progress line on a terminal with a recording's size and rate."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable

from spacebeam.cli.messages import write
from spacebeam.decode.preview import size

_INTERVAL_S = 0.2
_SAMPLES = 5  # the rate is the mean of the last second
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Shows a line on standard error five times a second, if that is a terminal.

    `totals` returns the number of entries and the bytes of their payloads.
    """

    def __init__(self, totals: Callable[[], tuple[int, int]]) -> None:
        self._totals = totals
        self._samples: deque[tuple[float, int]] = deque(maxlen=_SAMPLES + 1)
        self._timer: asyncio.TimerHandle | None = None
        self.is_wanted = sys.stderr is not None and sys.stderr.isatty()

    def start(self) -> None:
        """Show the line until `stop` is called."""
        if self.is_wanted and self._timer is None:
            self._tick()

    def stop(self) -> None:
        """Remove the line."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            write(_CLEAR, sys.stderr)

    def print_above(self, print_text: Callable[[], None]) -> None:
        """Remove the line, call `print_text`, and show the line again."""
        is_shown = self._timer is not None
        self.stop()
        print_text()
        if is_shown:
            self.start()

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        write(f"{_CLEAR}{self.words(loop.time())}", sys.stderr)
        self._timer = loop.call_later(_INTERVAL_S, self._tick)

    def words(self, now: float) -> str:
        """Return the line: entries, bytes, entries a second. `now` is in seconds."""
        count, payload_bytes = self._totals()
        self._samples.append((now, count))
        began, before = self._samples[0]
        rate = (count - before) / (now - began) if now > began else 0.0
        return f"{entries(count)}, {size(payload_bytes)}, {rate:,.0f}/s"


def entries(count: int) -> str:
    """Return “1 entry” or “1,200 entries”."""
    return "1 entry" if count == 1 else f"{count:,} entries"
