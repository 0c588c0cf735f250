"""Scans a recording for the entries that pass a filter, a small part of a frame at a time.

Payloads that take longer than a frame are scanned in a thread.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from gi.repository import GLib, Gtk

from spacebeam.recording.errors import RecordingError
from spacebeam.search.view import FilteredView, Found
from spacebeam.ui.handlers import HeldBy, weak_handlers

_SCAN_TIME_S = 0.004  # a step
_threads = ThreadPoolExecutor(2, "search")


@weak_handlers
class ViewAdvancer:
    """Advances a view once a frame, and between frames while the main loop is idle."""

    _widget: HeldBy[Gtk.Widget] = HeldBy()

    def __init__(self, widget: Gtk.Widget, view: FilteredView) -> None:
        """Scan only while `widget` is mapped."""
        self._widget = widget
        self._source = 0
        self.view = view
        self.is_stopped = False
        self._oldest = 0
        self._found: Future[Found] | None = None  # by a thread

    @property
    def is_done(self) -> bool:
        """Whether the scan is complete or was stopped."""
        return self.is_stopped or self.view.is_current

    def start(self, view: FilteredView, oldest: int) -> None:
        """Scan another view, from the entry with the number `oldest`."""
        self.view = view
        self.is_stopped = False
        self._found = None
        self._step(oldest)

    def advance(self, oldest: int) -> None:
        """Scan one step now, and more until the next frame."""
        if self.is_stopped:
            return
        self._step(oldest)
        if not (self._source or self._found or self.view.is_current):
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_LOW)

    def _step(self, oldest: int) -> None:
        self._oldest = oldest
        self.view.drop(oldest)
        if self._found is not None:
            if not self._found.done():
                return
            self.view.accept(self._found.result())
            self._found = None
        try:
            self.view.advance(_SCAN_TIME_S)
        except RecordingError:
            self.view.show_unreadable_block()
        except IndexError:
            pass  # discarded since the last frame; `oldest` follows in the next one
        if self.view.pending is not None:
            self._found = _threads.submit(self.view.pending)

    def _on_idle(self) -> bool:
        if self._widget.get_mapped() and not self.is_stopped:
            self._step(self._oldest)
            if not (self._found or self.view.is_current):
                return GLib.SOURCE_CONTINUE
        self._source = 0
        return GLib.SOURCE_REMOVE
