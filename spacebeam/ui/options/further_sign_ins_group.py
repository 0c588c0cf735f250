"""The sign-ins that are sent beside the first one, with a button to add one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import MAX_PAIRS, SignIn, SignInMethod
from spacebeam.profiles.validation import ValidationError
from spacebeam.ui.options.further_sign_in_row import FurtherSignInRow
from spacebeam.ui.template import template
from spacebeam.ui.variables.known import Known


@template("further_sign_ins_group.ui")
class FurtherSignInsGroup(Adw.PreferencesGroup):
    """Emits `changed` after every change by the person."""

    __gtype_name__ = "SpacebeamFurtherSignInsGroup"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _add_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._known: Callable[[], Known] | None = None  # variables
        self._rows: list[FurtherSignInRow] = []

    @property
    def sign_ins(self) -> tuple[SignIn, ...]:
        """The sign-ins of all rows."""
        return tuple(row.sign_in for row in self._rows)

    def show_sign_ins(self, sign_ins: Sequence[SignIn]) -> None:
        """Show these sign-ins in place of all others."""
        for row in self._rows:
            self.remove(row)
        self._rows = []
        for one in sign_ins:
            self._add(one)

    def follow_variables(self, known: Callable[[], Known]) -> None:
        """Propose and mark variables in all rows."""
        self._known = known
        for row in self._rows:
            row.follow_variables(known)

    def show_errors(self, errors: Sequence[ValidationError]) -> None:
        """Mark the invalid fields; an error's row is the place of its sign-in."""
        for place, row in enumerate(self._rows):
            found = tuple(one for one in errors if one.row == place)
            row.form.show_errors(found)
            if found:
                row.set_expanded(True)

    def focus_error(self, error: ValidationError) -> None:
        """Move the focus to the invalid field."""
        self._rows[error.row or 0].form.focus(error)

    def _add(self, sign_in: SignIn) -> FurtherSignInRow:
        row = FurtherSignInRow(sign_in)
        if self._known is not None:
            row.follow_variables(self._known)
        row.connect("changed", self._on_row_changed)
        row.connect("remove-requested", self._on_row_remove_requested)
        self._rows.append(row)
        self.add(row)
        self._add_button.set_sensitive(len(self._rows) < MAX_PAIRS)
        return row

    def _on_row_changed(self, _row: FurtherSignInRow) -> None:
        self.emit("changed")

    def _on_row_remove_requested(self, row: FurtherSignInRow) -> None:
        self._rows.remove(row)
        self.remove(row)
        self._add_button.set_sensitive(True)
        self._add_button.grab_focus()  # the removed row had the focus
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_add_button_clicked(self, _button: Gtk.Button) -> None:
        row = self._add(SignIn(SignInMethod.KEY_IN_HEADER))
        row.set_expanded(True)
        row.grab_focus()
        self.emit("changed")
