"""Runs long work on the main loop in slices of a few milliseconds, between frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from gi.repository import GLib

from spacebeam.ui.handlers import weak_handlers, weakly


@weak_handlers
class SlicedTask:
    """Runs an iterator to its end. Each of its steps should take much less than a slice."""

    def __init__(
        self,
        slice_s: float,
        on_done: Callable[[], None],
        on_slice: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_slice` is called after a slice if there is more work, else `on_done`.

        Both are bound weakly.
        """
        self._slice_s = slice_s
        self._on_done = weakly(on_done)
        self._on_slice = weakly(on_slice)
        self._steps: Iterator[object] | None = None
        self._is_working = False  # in a slice: a step may start other work, or stop it
        self._source = 0

    @property
    def is_busy(self) -> bool:
        """Whether there is more work."""
        return self._is_working or bool(self._source)

    def start(self, steps: Iterator[object]) -> None:
        """Replace the work; the first slice of the new work is done at once.

        Called by a step of the work before, the new work follows that step.
        """
        self.stop()
        self._steps = steps
        if not self._is_working:
            self._go_on()

    def stop(self) -> None:
        """Stop the work."""
        self._steps = None
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0

    def _go_on(self) -> None:
        if self._work():
            # Below redraws, so that frames keep their rate.
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_DEFAULT_IDLE)
            self._on_slice()
        elif self._steps is not None:
            self._steps = None
            self._on_done()

    def _work(self) -> bool:
        """Do a slice; return whether there is more."""
        until = time.monotonic() + self._slice_s
        self._is_working = True
        try:
            while (steps := self._steps) is not None:
                for _step in steps:
                    if time.monotonic() > until:
                        return self._steps is not None
                    if self._steps is not steps:
                        break
                if self._steps is steps:
                    break
        finally:
            self._is_working = False
        return False

    def _on_idle(self) -> bool:
        self._source = 0
        self._go_on()
        return GLib.SOURCE_REMOVE
