"""The log window: the program's last log lines, to read and to copy into a bug report."""

from __future__ import annotations

import threading

from gi.repository import Adw, GLib, Gtk

from spacebeam import log
from spacebeam.ui.clipboard import put
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.template import template


@template("log_window.ui")
class LogWindow(Adw.Window):
    """Shows the log while it is mapped, and follows new lines."""

    __gtype_name__ = "SpacebeamLogWindow"

    _copy_button: Gtk.Button = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        never_hyphenate(self._text_view.get_buffer())
        self._lock = threading.Lock()
        self._update = 0  # the GLib source of the next update
        self.connect("map", self._on_map)
        self.connect("unmap", self._on_unmap)

    def _show_log(self) -> None:
        buffer = self._text_view.get_buffer()
        buffer.set_text(log.history.text())
        buffer.place_cursor(buffer.get_end_iter())
        self._text_view.scroll_to_mark(buffer.get_insert(), 0, False, 0, 0)

    def _on_idle(self) -> bool:
        with self._lock:
            self._update = 0
        self._show_log()
        return GLib.SOURCE_REMOVE

    def _on_line(self, _line: str) -> None:
        """Update the text once the main loop is idle. Called from any thread."""
        with self._lock:
            if not self._update:
                self._update = GLib.idle_add(self._on_idle)

    def _on_map(self, _window: Gtk.Widget) -> None:
        log.history.observers.append(self._on_line)
        self._show_log()
        self._copy_button.grab_focus()

    def _on_unmap(self, _window: Gtk.Widget) -> None:
        log.history.observers.remove(self._on_line)
        with self._lock:
            if self._update:
                GLib.source_remove(self._update)
                self._update = 0

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        put(log.history.text(), self.get_clipboard())
