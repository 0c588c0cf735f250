"""The dialog that imports a file: what is in it, what of it is wanted, and what is not carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gi.repository import Adw, Gdk, GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_MAX_ROWS = 200  # connections that can be chosen one by one


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation of the file, as it is shown."""

    name: str
    about: str


@template("import_dialog.ui")
class ImportDialog(Adw.Window):
    """Shows the progress, then the conversations; emits `import-requested` (their places)."""

    __gtype_name__ = "SpacebeamImportDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "import-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _cancel_button: Gtk.Button = Gtk.Template.Child()
    _import_button: Gtk.Button = Gtk.Template.Child()
    _summary_label: Gtk.Label = Gtk.Template.Child()
    _progress_bar: Gtk.ProgressBar = Gtk.Template.Child()
    _problem_label: Gtk.Label = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()
    _folder_group: Adw.PreferencesGroup = Gtk.Template.Child()
    _folder_row: Adw.ComboRow = Gtk.Template.Child()
    _losses_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._checks: list[Gtk.CheckButton] = []
        self._count = 0  # conversations in the file
        escape = Gtk.KeyvalTrigger.new(Gdk.KEY_Escape, Gdk.ModifierType(0))
        keys = Gtk.ShortcutController()
        keys.add_shortcut(Gtk.Shortcut.new(escape, Gtk.NamedAction.new("window.close")))
        self.add_controller(keys)

    def show_progress(self, words: str, share: float) -> None:
        """Show what is being read, and how much of it was."""
        self._summary_label.set_text(words)
        self._progress_bar.set_fraction(min(share, 1.0))

    def show_found(
        self,
        summary: str,
        found: Sequence[FoundConversation],
        losses: str = "",
        problem: str = "",
    ) -> None:
        """Show what the file has, all of it chosen; and why it could not be read whole."""
        self._progress_bar.set_visible(False)
        self._summary_label.set_text(summary)
        for label, words in ((self._problem_label, problem), (self._losses_label, losses)):
            label.set_text(words)
            label.set_visible(bool(words))
        self._count = len(found)
        for one in found[:_MAX_ROWS]:
            self._add(one.name, one.about)
        if len(found) > _MAX_ROWS:
            self._add(_("{count:,} more connections").format(count=len(found) - _MAX_ROWS), "")
        self._list_box.set_visible(bool(found))
        self._import_button.set_visible(bool(found))
        if not found:
            self._cancel_button.set_label(_("Close"))
        self._refresh()
        (self._import_button if found else self._cancel_button).grab_focus()

    def show_connections(
        self,
        summary: str,
        found: Sequence[FoundConversation],
        folders: Sequence[str],
        selected: int,
        losses: str = "",
    ) -> None:
        """Show saved connections, all of which are imported, and the folders they may be put in."""
        self.show_found(summary, (), losses)
        self._cancel_button.set_label(_("Cancel"))
        self._folder_row.set_model(Gtk.StringList.new(list(folders)))
        self._folder_row.set_selected(selected)
        self._folder_group.set_visible(True)
        for one in found:
            row = Adw.ActionRow(use_markup=False, title_lines=1, subtitle_lines=2)
            row.set_title(one.name)
            row.set_subtitle(one.about)
            self._list_box.append(row)
        self._list_box.set_visible(bool(found))
        self._import_button.set_visible(True)
        self._import_button.set_sensitive(True)
        self._import_button.grab_focus()

    @property
    def folder(self) -> int:
        """The place of the chosen folder."""
        return self._folder_row.get_selected()

    def _add(self, name: str, about: str) -> None:
        check = Gtk.CheckButton(valign=Gtk.Align.CENTER, active=True)
        check.update_property([Gtk.AccessibleProperty.LABEL], [name])
        check.connect("toggled", self._on_check_toggled)
        row = Adw.ActionRow(use_markup=False, title_lines=1, subtitle_lines=2)
        row.set_title(name)
        row.set_subtitle(about)
        row.add_prefix(check)
        row.set_activatable_widget(check)
        self._list_box.append(row)
        self._checks.append(check)

    @property
    def _chosen(self) -> list[int]:
        chosen = [place for place, check in enumerate(self._checks) if check.get_active()]
        if _MAX_ROWS in chosen:
            chosen += range(_MAX_ROWS + 1, self._count)
        return chosen

    def _refresh(self) -> None:
        self._import_button.set_sensitive(bool(self._chosen))

    def _on_check_toggled(self, _check: Gtk.CheckButton) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_import_button_clicked(self, button: Gtk.Button) -> None:
        button.set_sensitive(False)
        self.emit("import-requested", self._chosen)
