"""The dialogs of an import and an export, as a person uses them."""

from __future__ import annotations

import threading

from gi.repository import Adw, Gtk

from spacebeam.ui.exchange.export_dialog import ExportDialog
from spacebeam.ui.exchange.import_dialog import ImportDialog
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.worker.process import ENDING_THREAD
from tests.support.waiting import eventually
from tests.ui.doing import descendants
from tests.ui.pageobjects.page import Page


async def workers_have_ended() -> None:
    """Wait until no worker that was told to end is still running."""
    await eventually(lambda: ENDING_THREAD not in [one.name for one in threading.enumerate()])


class ImportPage(Page[ImportDialog]):
    """What a file has, with check boxes."""

    @property
    def _rows(self) -> list[Adw.ActionRow]:
        return list(descendants(self.child("_list_box", Gtk.ListBox), Adw.ActionRow))

    @property
    def names(self) -> list[str]:
        return [row.get_title() for row in self._rows]

    @property
    def notes(self) -> list[str]:
        """The number of entries, size and time of each."""
        return [row.get_subtitle() or "" for row in self._rows]

    def choose(self, place: int, *, is_chosen: bool) -> None:
        next(descendants(self._rows[place], Gtk.CheckButton)).set_active(is_chosen)

    @property
    def folder(self) -> str:
        """The folder that connections are imported into."""
        item = self.child("_folder_row", Adw.ComboRow).get_selected_item()
        assert isinstance(item, Gtk.StringObject)
        return item.get_string()

    def choose_folder(self, words: str) -> None:
        row = self.child("_folder_row", Adw.ComboRow)
        model = row.get_model()
        assert isinstance(model, Gtk.StringList)
        every = [model.get_string(at) or "" for at in range(model.get_n_items())]
        row.set_selected(next(at for at, one in enumerate(every) if words in one))

    @property
    def is_read(self) -> bool:
        """Whether the file was read."""
        return not self.child("_progress_bar", Gtk.ProgressBar).get_visible()


class ExportPage(Page[ExportDialog]):
    """The format, the entries, and what is left out."""

    @property
    def scopes(self) -> list[str]:
        model = self.child("_scope_row", Adw.ComboRow).get_model()
        assert isinstance(model, Gtk.StringList)
        return [model.get_string(at) or "" for at in range(model.get_n_items())]

    @property
    def scope(self) -> str:
        return self.scopes[self.child("_scope_row", Adw.ComboRow).get_selected()]

    def choose_scope(self, words: str) -> None:
        self.child("_scope_row", Adw.ComboRow).set_selected(self.scopes.index(words))

    def choose_format(self, name: str) -> None:
        row = self.child("_format_row", Adw.ComboRow)
        model = row.get_model()
        assert isinstance(model, Gtk.StringList)
        names = [model.get_string(at) for at in range(model.get_n_items())]
        row.set_selected(names.index(name))

    @property
    def losses(self) -> str:
        return self.child("_losses_label", Gtk.Label).get_text()

    @property
    def control_frames(self) -> SwitchRow:
        return self.child("_control_frames_row", SwitchRow)
