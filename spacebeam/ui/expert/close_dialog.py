"""The dialog that closes the connection with a chosen code and reason."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.protocol.close import MAX_REASON
from spacebeam.ui.expert.close_form import LEGAL, CloseForm, CloseFormError, parse_close
from spacebeam.ui.remembered_dialog import make_remembered
from spacebeam.ui.template import template
from spacebeam.wording.closing import code_meaning
from spacebeam.wording.i18n import _

_NO_CODE = len(LEGAL)  # positions in the list after the legal codes
_TYPED = len(LEGAL) + 1


@template("close_dialog.ui")
class CloseDialog(Adw.Window):
    """Emits `disconnect-requested` (a CloseForm) and closes."""

    __gtype_name__ = "SpacebeamCloseDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "disconnect-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _code_row: Adw.ComboRow = Gtk.Template.Child()
    _typed_row: Adw.EntryRow = Gtk.Template.Child()
    _code_label: Gtk.Label = Gtk.Template.Child()
    _reason_row: Adw.EntryRow = Gtk.Template.Child()
    _reason_label: Gtk.Label = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()
    _illegal_switch: Gtk.Switch = Gtk.Template.Child()
    _close_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        make_remembered(self, self._code_row)
        self._is_open = False
        names = [f"{int(code)} {code_meaning(code)}" for code in LEGAL]
        self._code_row.set_model(Gtk.StringList.new([*names, _("No code"), _("Another code")]))
        self._refresh()

    def show_open(self, is_open: bool) -> None:
        """Enable or disable sending."""
        self._is_open = is_open
        self._refresh()

    def _form(self) -> CloseForm:
        chosen = self._code_row.get_selected()
        code: int | str | None = self._typed_row.get_text()
        if chosen < len(LEGAL):
            code = int(LEGAL[chosen])
        elif chosen == _NO_CODE:
            code = None
        even_illegal = self._illegal_switch.get_active()
        return parse_close(code, self._reason_row.get_text(), even_illegal=even_illegal)

    def _refresh(self) -> None:
        error: CloseFormError | None = None
        try:
            self._form()
        except CloseFormError as caught:
            error = caught
        is_typed = self._code_row.get_selected() == _TYPED
        self._typed_row.set_visible(is_typed)
        typed = self._typed_row.get_text().strip()
        meaning = code_meaning(int(typed)) if typed.isascii() and typed.isdigit() else ""
        is_wrong = _show(self._code_label, error, "code", is_hint=not typed)
        if not self._code_label.get_text():
            self._code_label.set_text(meaning.capitalize())
        self._code_label.set_visible(is_typed and bool(self._code_label.get_text()))
        _mark(self._typed_row, is_wrong)
        is_wrong = _show(self._reason_label, error, "reason")
        self._reason_label.set_visible(is_wrong)
        _mark(self._reason_row, is_wrong)
        count = len(self._reason_row.get_text().encode())
        self._count_label.set_text(
            _("{count} of {limit} bytes").format(count=count, limit=MAX_REASON)
        )
        self._close_button.set_sensitive(self._is_open and error is None)

    def _close(self) -> None:
        try:
            form = self._form()
        except CloseFormError:
            return
        if self._is_open:
            self.close()
            self.emit("disconnect-requested", form)

    @Gtk.Template.Callback()
    def _on_row_changed(self, _row: Adw.EntryRow) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_row_entry_activated(self, _row: Adw.EntryRow) -> None:
        self._close()

    @Gtk.Template.Callback()
    def _on_code_row_notify_selected(
        self, _row: Adw.ComboRow, _property: GObject.ParamSpec
    ) -> None:
        self._refresh()
        if self._code_row.get_selected() == _TYPED:
            self._typed_row.grab_focus()

    @Gtk.Template.Callback()
    def _on_illegal_switch_notify_active(
        self, _switch: Gtk.Switch, _property: GObject.ParamSpec
    ) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_close_button_clicked(self, _button: Gtk.Button) -> None:
        self._close()


def _show(
    label: Gtk.Label, error: CloseFormError | None, field: str, *, is_hint: bool = False
) -> bool:
    """Show an error if it belongs to this field, as a hint or not; return whether it is wrong."""
    words = str(error) if error is not None and error.field == field else ""
    is_wrong = bool(words) and not is_hint
    label.set_text(words)
    label.set_css_classes(["caption", "error" if is_wrong else "dim-label"])
    return is_wrong


def _mark(row: Adw.EntryRow, is_wrong: bool) -> None:
    if is_wrong:
        row.add_css_class("error")
    else:
        row.remove_css_class("error")
