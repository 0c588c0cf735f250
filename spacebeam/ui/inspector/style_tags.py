"""The colours of rendered text, light and dark."""

from __future__ import annotations

from weakref import finalize

from gi.repository import Adw, Gtk

from spacebeam.decode.decoder import Style
from spacebeam.ui.handlers import weak_handlers

# On Adwaita's backgrounds each has a contrast of 4.5 to 1 or more.
_COLORS = {
    Style.KEY: ("#1a5fb4", "#99c1f1"),
    Style.STRING: ("#1b7245", "#8ff0a4"),
    Style.NUMBER: ("#813d9c", "#dc8add"),
    Style.LITERAL: ("#a8430a", "#ffbe6f"),
    Style.PUNCTUATION: ("#5e5c64", "#c0bfbc"),
    Style.OFFSET: ("#6f6e73", "#9a9996"),
}
_CURRENT = "#000000", "#ffffff"


def color(style: Style, *, is_dark: bool) -> str:
    """Return a style's colour; empty for plain text."""
    return _COLORS[style][is_dark] if style in _COLORS else ""


@weak_handlers
class StyleTags:
    """Tags of a text buffer for the styles of spans. They follow light and dark."""

    def __init__(self, buffer: Gtk.TextBuffer, current_tag: Gtk.TextTag) -> None:
        """`current_tag` marks the current match, on which no style's colour can be read."""
        self._current_tag = current_tag
        self._tags = {style: Gtk.TextTag(name=style.value) for style in _COLORS}
        for tag in self._tags.values():
            buffer.get_tag_table().add(tag)
        current_tag.set_priority(buffer.get_tag_table().get_size() - 1)
        manager = Adw.StyleManager.get_default()
        handler = manager.connect("notify::dark", self._on_manager_notify_dark)
        finalize(self, manager.disconnect, handler)  # the manager lives as long as the program
        self._on_manager_notify_dark(manager, None)

    def __getitem__(self, style: Style) -> Gtk.TextTag:
        return self._tags[style]

    def _on_manager_notify_dark(self, manager: Adw.StyleManager, _property: object) -> None:
        for style, colors in _COLORS.items():
            self._tags[style].set_property("foreground", colors[manager.get_dark()])
        self._current_tag.set_property("foreground", _CURRENT[manager.get_dark()])
