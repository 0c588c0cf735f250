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

SCENARIO = "spacebeam-scenario"  # a language of our own
_LANGUAGES = {PayloadFormat.JSON: "json", PayloadFormat.XML: "xml"}


@cache
def _schemes() -> GtkSource.StyleSchemeManager:
    """Return the manager of our own schemes; the default one would read all that are installed."""
    manager = GtkSource.StyleSchemeManager.new()
    manager.set_search_path([str(resources.files(__package__).joinpath("schemes"))])
    return manager


@cache
def _languages() -> GtkSource.LanguageManager:
    """Return the manager of our own languages and the installed ones, which ours refer to."""
    manager = GtkSource.LanguageManager.new()
    installed = GtkSource.LanguageManager.get_default().get_search_path()
    own = str(resources.files(__package__).joinpath("languages"))
    manager.set_search_path([own, *installed])
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
        self.show_language(_LANGUAGES.get(form), longest_line)

    def show_language(self, language: str | None, longest_line: int) -> None:
        """Colour a text in the language of this name, on the same conditions."""
        is_on = language is not None and 0 < longest_line <= MAX_LINE
        if language is not None and is_on:
            self._buffer.set_language(_languages().get_language(language))
        self._buffer.set_highlight_syntax(is_on)

    def _on_manager_notify(self, manager: Adw.StyleManager, _property: object) -> None:
        brightness = "dark" if manager.get_dark() else "light"
        contrast = "contrast-" if manager.get_high_contrast() else ""
        scheme = _schemes().get_scheme(f"spacebeam-{contrast}{brightness}")
        self._buffer.set_style_scheme(scheme)
