"""Colours the composer's text by GtkSourceView's languages, in the inspector's colours."""

from __future__ import annotations

from functools import cache
from importlib import resources
from weakref import finalize

from gi.repository import Adw, GtkSource

from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.handlers import weak_handlers

# GTK lays out a line with all its colours at once, in time that grows with the square of its
# length: 500 characters take about 5 ms, 1,000 take 25, and from 3,000 on GtkSourceView gives up.
MAX_LINE = 500  # characters

_LANGUAGES = {PayloadFormat.JSON: "json", PayloadFormat.XML: "xml"}


@cache
def _schemes() -> GtkSource.StyleSchemeManager:
    """Return the manager of our own schemes; the default one would read all that are installed."""
    manager = GtkSource.StyleSchemeManager.new()
    manager.set_search_path([str(resources.files(__package__).joinpath("schemes"))])
    return manager


@weak_handlers
class Highlighting:
    """The colours of one buffer. They follow light, dark and high contrast.

    Languages are loaded with the first text that has one: that takes 50 ms and 4 MiB.
    """

    def __init__(self, buffer: GtkSource.Buffer) -> None:
        self._buffer = buffer
        buffer.set_highlight_syntax(False)
        manager = Adw.StyleManager.get_default()
        for name in ("dark", "high-contrast"):
            handler = manager.connect(f"notify::{name}", self._on_manager_notify)
            finalize(self, manager.disconnect, handler)  # the manager lives as long as the program
        self._on_manager_notify(manager, None)

    def show(self, form: PayloadFormat, longest_line: int) -> None:
        """Colour a text in this format, unless it is empty or has a line that takes too long."""
        is_on = form in _LANGUAGES and 0 < longest_line <= MAX_LINE
        if is_on:
            languages = GtkSource.LanguageManager.get_default()
            self._buffer.set_language(languages.get_language(_LANGUAGES[form]))
        self._buffer.set_highlight_syntax(is_on)

    def _on_manager_notify(self, manager: Adw.StyleManager, _property: object) -> None:
        brightness = "dark" if manager.get_dark() else "light"
        contrast = "contrast-" if manager.get_high_contrast() else ""
        scheme = _schemes().get_scheme(f"spacebeam-{contrast}{brightness}")
        self._buffer.set_style_scheme(scheme)
