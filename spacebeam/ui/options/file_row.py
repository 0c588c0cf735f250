"""A row for a path that can be typed or chosen in a dialog."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.ui.compat import choose_file
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template


@template("file_row.ui")
class FileRow(Adw.EntryRow):
    """The path of a file; empty for none."""

    __gtype_name__ = "SpacebeamFileRow"

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks()

    async def _choose(self) -> None:
        window = self.get_root()
        if isinstance(window, Gtk.Window):
            file = await choose_file(window, self.get_title())
            if file is not None:
                self.set_text(file.get_path() or "")

    @Gtk.Template.Callback()
    def _on_choose_button_clicked(self, _button: Gtk.Button) -> None:
        self._tasks.start(self._choose())
