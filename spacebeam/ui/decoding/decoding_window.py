"""The window in which the decoders and schemas of a conversation are chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.ui.compat import add_to_header, set_parent
from spacebeam.ui.handlers import weakly
from spacebeam.ui.help.places import offer_help
from spacebeam.ui.input_method import Composing
from spacebeam.ui.options.schemas_page import SchemasPage
from spacebeam.ui.surface_width import text_scale
from spacebeam.ui.template import template

_WIDTH, _HEIGHT = 560, 700  # pixels


@template("decoding_window.ui")
class DecodingWindow(Adw.PreferencesWindow):
    """Shows what is chosen; changes apply at once."""

    __gtype_name__ = "SpacebeamDecodingWindow"

    _page: SchemasPage = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window) -> None:
        GObject.type_ensure(SchemasPage)  # the template has one
        super().__init__()
        set_parent(self, parent)
        Composing(self)
        width = int(_WIDTH * text_scale(self))
        self.set_default_size(min(width, max(360, parent.get_width())), _HEIGHT)
        add_to_header(self, offer_help(self, parent, "decoders"))
        self._on_files_changed: Callable[[SchemaFiles], object] = lambda _files: None
        self._page.form.on_changed = self._on_form_changed

    def show_decoders(
        self, text: str, binary: str, on_changed: Callable[[str, str], object]
    ) -> None:
        """Show the names of the decoders; `on_changed` is called with those that are chosen."""
        self._page.show_decoders(text, binary)
        self._page.on_decoders_changed = weakly(on_changed)

    def show_files(
        self, files: SchemaFiles, folder: Path | None, on_changed: Callable[[SchemaFiles], object]
    ) -> None:
        """Show the files, of which relative ones are in `folder`; `on_changed` gets the chosen."""
        self._page.form.show(Profile(schemas=files))
        if folder is not None:
            self._page.folder = folder
        self._on_files_changed = weakly(on_changed)

    def _on_form_changed(self) -> None:
        self._on_files_changed(self._page.form.read(Profile()).schemas)
