"""The dialog that asks what is exported, and in which format."""

from __future__ import annotations

from collections.abc import Mapping

from gi.repository import Adw, Gdk, GObject, Gtk

from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.ui.exchange.export_choice import ExportChoice, Scope
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template
from spacebeam.wording.exchange import left_out_words, unavailable_words
from spacebeam.wording.i18n import _

_HAR = "har"
_NAMES = {
    _HAR: "HAR",
    "playwright": _("Playwright Trace"),
    "jsonl": _("JSON Lines"),
    "csv": "CSV",
    "markdown": _("Markdown"),
    "text": _("Text"),
    "parquet": _("Parquet"),
    "folder": _("Folder of Messages"),
}


@template("export_dialog.ui")
class ExportDialog(Adw.Window):
    """Emits `export-requested` (an ExportChoice)."""

    __gtype_name__ = "SpacebeamExportDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "export-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _export_button: Gtk.Button = Gtk.Template.Child()
    _format_row: Adw.ComboRow = Gtk.Template.Child()
    _scope_row: Adw.ComboRow = Gtk.Template.Child()
    _control_frames_row: SwitchRow = Gtk.Template.Child()
    _losses_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, scopes: Mapping[Scope, int], chosen: Scope) -> None:
        GObject.type_ensure(SwitchRow)  # the template has one
        super().__init__()
        self._formats = list(FORMATS.values())
        self._scopes = list(scopes)
        words = [f"{scope.value} ({count:,})" for scope, count in scopes.items()]
        self._scope_row.set_model(Gtk.StringList.new(words))
        self._scope_row.set_selected(self._scopes.index(chosen))
        self._scope_row.set_sensitive(len(scopes) > 1)
        names = [_NAMES[one.name] for one in self._formats]
        self._format_row.set_model(Gtk.StringList.new(names))
        escape = Gtk.KeyvalTrigger.new(Gdk.KEY_Escape, Gdk.ModifierType(0))
        keys = Gtk.ShortcutController()
        keys.add_shortcut(Gtk.Shortcut.new(escape, Gtk.NamedAction.new("window.close")))
        self.add_controller(keys)

    @property
    def _choice(self) -> ExportChoice:
        format_ = self._formats[self._format_row.get_selected()]
        has_control_frames = format_.name == _HAR and bool(self._control_frames_row.active)
        scope = self._scopes[self._scope_row.get_selected()]
        return ExportChoice(format_, scope, has_control_frames)

    def _refresh(self) -> None:
        if self._format_row.get_selected() >= len(self._formats):
            return  # it is being destroyed
        choice = self._choice
        self._control_frames_row.set_visible(choice.format.name == _HAR)
        is_available = choice.format.is_available()
        self._export_button.set_sensitive(is_available)
        losses = [one.value for one in choice.format.losses]
        self._losses_label.set_text(
            left_out_words(losses, with_control_frames=choice.has_control_frames)
            if is_available
            else unavailable_words()
        )

    @Gtk.Template.Callback()
    def _on_format_row_notify_selected(
        self, _row: Gtk.Widget, _property: GObject.ParamSpec
    ) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_export_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("export-requested", self._choice)
