"""Looks through a recording for what a filter lets through, a small part of a frame at a time."""

from __future__ import annotations

from gi.repository import GLib, Gtk

from spacebeam.recording.errors import RecordingError
from spacebeam.search.view import FilteredView

_AT_ONCE = 0.004  # seconds


class ViewAdvancer:
    """Advances a view: once a frame, and between frames while there is nothing else to do."""

    def __init__(self, widget: Gtk.Widget, view: FilteredView) -> None:
        """`widget` is where it is shown: nothing is looked for on behalf of one that is not."""
        self._widget = widget
        self._source = 0
        self.view = view
        self.is_stopped = False
        self._oldest = 0

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to look at, or the person does not want it."""
        return self.is_stopped or self.view.is_current

    def begin(self, view: FilteredView, oldest: int) -> None:
        """Look at this view from now on, and at no entry before the number `oldest`."""
        self.view = view
        self.is_stopped = False
        self._look(oldest)

    def look_on(self, oldest: int) -> None:
        """Look at more, once now and on until the next frame."""
        if self.is_stopped:
            return
        self._look(oldest)
        if not self._source and not self.view.is_current:
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_LOW)

    def _look(self, oldest: int) -> None:
        self._oldest = oldest
        self.view.drop(oldest)
        try:
            self.view.advance(_AT_ONCE)
        except RecordingError:
            self.view.show_unreadable_block()
        except IndexError:
            pass  # it was let go since the last frame; in the next one `oldest` says so

    def _on_idle(self) -> bool:
        if self._widget.get_mapped() and not self.is_stopped:
            self._look(self._oldest)
            if not self.view.is_current:
                return GLib.SOURCE_CONTINUE
        self._source = 0
        return GLib.SOURCE_REMOVE
