"""A bar that counts down to the next reconnect, with Connect Now and Stop."""

from __future__ import annotations

import time

from gi.repository import GLib, Gtk

from spacebeam.net.backoff import ReconnectProgress, ReconnectStage
from spacebeam.ui.template import template
from spacebeam.wording.reconnect import progress_words

_TICK_MS = 200


@template("reconnect_bar.ui")
class ReconnectBar(Gtk.Box):
    """Shows the progress of reconnecting; hidden while there is none.

    Its accessible role is timer, so that screen readers do not read out every second.
    """

    __gtype_name__ = "SpacebeamReconnectBar"

    _label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._progress: ReconnectProgress | None = None
        self._timer = 0

    def show_progress(self, progress: ReconnectProgress | None) -> None:
        """Show another progress, or hide the bar."""
        self._progress = progress
        self.set_visible(progress is not None)
        if progress is not None:
            self._show_words(progress)
        is_counting = progress is not None and progress.stage is ReconnectStage.WAITING
        if is_counting and not self._timer:
            self._timer = GLib.timeout_add(_TICK_MS, self._on_tick)
        elif not is_counting and self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _show_words(self, progress: ReconnectProgress) -> None:
        words = progress_words(progress, time.monotonic())
        if words != self._label.get_text():
            self._label.set_text(words)

    def _on_tick(self) -> bool:
        if self._progress is not None:
            self._show_words(self._progress)
        return GLib.SOURCE_CONTINUE
