"""What is being done about a lost connection: a countdown, and how to shorten or stop it."""

from __future__ import annotations

import time

from gi.repository import GLib, Gtk

from spacebeam.net.reconnect import ReconnectProgress, ReconnectStage
from spacebeam.ui.template import template

_TICK = 200  # milliseconds; no second is shown noticeably late


@template("reconnect_bar.ui")
class ReconnectBar(Gtk.Box):
    """Shows a progress and counts its seconds down; hidden where nothing is being done.

    Its role is that of a timer, which screen readers leave to be asked for: the seconds are not
    read out one by one.
    """

    __gtype_name__ = "SpacebeamReconnectBar"

    _label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._progress: ReconnectProgress | None = None
        self._timer = 0

    def show_progress(self, progress: ReconnectProgress | None) -> None:
        """Show what is being done from now on; None for nothing."""
        self._progress = progress
        self.set_visible(progress is not None)
        if progress is not None:
            self._show_words(progress)
        is_counting = progress is not None and progress.stage is ReconnectStage.WAITING
        if is_counting and not self._timer:
            self._timer = GLib.timeout_add(_TICK, self._on_tick)
        elif not is_counting and self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _show_words(self, progress: ReconnectProgress) -> None:
        words = progress.words(time.monotonic())
        if words != self._label.get_text():
            self._label.set_text(words)

    def _on_tick(self) -> bool:
        if self._progress is not None:
            self._show_words(self._progress)
        return GLib.SOURCE_CONTINUE
