"""Fills a text buffer a few milliseconds at a time, between frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from gi.repository import GLib, Gtk

_SLICE = 0.004  # seconds of work in one go; half of what a frame can spare


class TextFiller:
    """Puts pieces of text into a buffer while the window stays alive.

    `on_grown` is told whenever there is more for later turns, `on_done` when the text is whole.
    """

    def __init__(
        self,
        buffer: Gtk.TextBuffer,
        on_done: Callable[[], None],
        on_grown: Callable[[], None] = lambda: None,
    ) -> None:
        self._buffer = buffer
        self._on_done = on_done
        self._on_grown = on_grown
        self._pieces: Iterator[str] = iter(())
        self._source = 0

    @property
    def is_busy(self) -> bool:
        """Whether there is more to come."""
        return bool(self._source)

    def fill(self, pieces: Iterator[str]) -> None:
        """Replace the buffer's text; the first pieces are there at once."""
        self.stop()
        self._buffer.set_text("")
        self._pieces = pieces
        if self._put_some():
            # Below redraws, so that the text grows while frames keep their rate.
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_DEFAULT_IDLE)
        else:
            self._on_done()

    def stop(self) -> None:
        """Leave the text as it is now."""
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0

    def _put_some(self) -> bool:
        until = time.monotonic() + _SLICE
        for piece in self._pieces:
            self._buffer.insert(self._buffer.get_end_iter(), piece)
            if time.monotonic() > until:
                return True
        return False

    def _on_idle(self) -> bool:
        if self._put_some():
            self._on_grown()
            return GLib.SOURCE_CONTINUE
        self._source = 0
        self._on_done()
        return GLib.SOURCE_REMOVE
