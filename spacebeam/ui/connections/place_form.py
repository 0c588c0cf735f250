"""Asks for a name and a folder: where something is saved, or moved to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gi.repository import Adw, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.ui.compat import set_parent
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.dialogs import answer
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_NEW_FOLDER = _("New folder…")
_DONE = "done"


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """A name, the number of the folder it is in, and a new folder to make there or ""."""

    name: str
    folder: int
    new_folder: str = ""


@template("place_form.ui")
class PlaceForm(Adw.PreferencesGroup):
    """Emits `changed` after every change."""

    __gtype_name__ = "SpacebeamPlaceForm"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _name_row: Adw.EntryRow = Gtk.Template.Child()
    _folder_row: Adw.ComboRow = Gtk.Template.Child()
    _new_folder_row: Adw.EntryRow = Gtk.Template.Child()

    def __init__(
        self,
        name: str | None,
        folders: Sequence[str],
        selected: int,
        folder_label: str,
        *,
        offers_new: bool,
    ) -> None:
        """Without a name, only the folder is asked for."""
        super().__init__()
        self._count = len(folders)
        self._folder_row.set_title(folder_label)
        self._name_row.set_visible(name is not None)
        self._name_row.set_text((name or "")[:MAX_TITLE])
        words = [*folders, *([_NEW_FOLDER] if offers_new else [])]
        self._folder_row.set_model(Gtk.StringList.new([one_line(one) for one in words]))
        self._folder_row.set_selected(selected)

    @property
    def place(self) -> ChosenPlace:
        """What is chosen."""
        at, new = self._folder_row.get_selected(), self._new_folder_row.get_text().strip()
        is_new = at >= self._count
        return ChosenPlace(
            self._name_row.get_text().strip(), 0 if is_new else at, new if is_new else ""
        )

    @property
    def is_complete(self) -> bool:
        """Whether all names are there."""
        is_new = self._folder_row.get_selected() >= self._count
        has_name = bool(self.place.name) or not self._name_row.get_visible()
        return has_name and (not is_new or bool(self.place.new_folder))

    def do_grab_focus(self) -> bool:
        row = self._name_row if self._name_row.get_visible() else self._folder_row
        return bool(row.grab_focus())

    @Gtk.Template.Callback()
    def _on_row_changed(self, _row: Adw.EntryRow) -> None:
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_folder_row_notify_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec
    ) -> None:
        self._new_folder_row.set_visible(row.get_selected() >= self._count)
        self.emit("changed")


async def ask_place(
    parent: Gtk.Window,
    heading: str,
    label: str,
    name: str | None,
    folders: Sequence[str],
    selected: int = 0,
    *,
    words: str = "",
    offers_new: bool = True,
    folder_label: str = _("Folder"),
) -> ChosenPlace | None:
    """Ask where to save or move something; return None if the person cancels.

    A new folder is made in the first of the folders.
    """
    form = PlaceForm(name, folders, selected, folder_label, offers_new=offers_new)
    dialog = Adw.MessageDialog.new(None, one_line(heading), one_line(words) or None)
    set_parent(dialog, parent)
    dialog.set_extra_child(form)
    Composing(dialog)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response(_DONE, label)
    dialog.set_close_response("cancel")
    dialog.set_response_appearance(_DONE, Adw.ResponseAppearance.SUGGESTED)
    dialog.set_default_response(_DONE)

    def on_changed(_form: PlaceForm) -> None:
        dialog.set_response_enabled(_DONE, form.is_complete)

    form.connect("changed", on_changed)
    on_changed(form)
    dialog.connect("map", lambda _dialog: form.grab_focus())
    return form.place if await answer(dialog) == _DONE and form.is_complete else None
