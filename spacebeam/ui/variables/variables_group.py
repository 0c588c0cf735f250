"""A list of variables, of an environment, a folder or a connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.collection import Variable
from spacebeam.ui.template import template
from spacebeam.ui.variables.variable_row import VariableRow
from spacebeam.wording.i18n import _


@template("variables_group.ui")
class VariablesGroup(Adw.PreferencesGroup):
    """Emits `changed` after every change, and `removed` (a Variable and its place)."""

    __gtype_name__ = "SpacebeamVariablesGroup"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "removed": (GObject.SignalFlags.RUN_FIRST, None, (object, int)),
    }

    _add_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[VariableRow] = []

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of all rows with a name."""
        return tuple(one for row in self._rows if (one := row.variable).name)

    def show_variables(self, variables: tuple[Variable, ...]) -> None:
        """Show these variables in place of all others."""
        for row in self._rows:
            self.remove(row)
        self._rows = []
        for one in variables:
            self._add(one)
        self._mark_duplicates()

    def show_saved(self, names: Collection[str]) -> None:
        """Show which secrets the keyring has: their values are not shown."""
        for row in self._rows:
            row.show_saved(is_saved=row.variable.name in names)

    def show_read_only(self, variables: tuple[Variable, ...]) -> None:
        """Show variables that cannot be changed here."""
        self._add_button.set_visible(False)
        for row in self._rows:
            self.remove(row)
        self._rows = [VariableRow(one, is_read_only=True) for one in variables]
        for row in self._rows:
            self.add(row)

    def insert(self, variable: Variable, place: int) -> None:
        """Put a variable back that was removed."""
        self.show_variables((*self.variables[:place], variable, *self.variables[place:]))
        self.emit("changed")

    def add_variable(self, name: str = "") -> None:
        """Move the focus to the row of this name, which may be empty; to a new one if none is."""
        fits = (row for row in self._rows if (row.variable.name == name if name else row.is_empty))
        (next(fits, None) or self._add(Variable(name, ""))).grab_focus()

    def _add(self, variable: Variable) -> VariableRow:
        row = VariableRow(variable)
        row.connect("changed", self._on_row_changed)
        row.connect("remove-requested", self._on_row_remove_requested)
        self._rows.append(row)
        self.add(row)
        return row

    def _mark_duplicates(self) -> None:
        times = Counter(one.name for one in self.variables if one.enabled)
        for row in self._rows:
            one = row.variable
            is_twice = one.enabled and times[one.name] > 1
            words = _("There are several of this name; the last one is used.") if is_twice else ""
            if not words and not one.name and one.value:
                words = _("Without a name it is not saved.")
            row.show_notice(words)

    def _on_row_changed(self, _row: VariableRow) -> None:
        self._mark_duplicates()
        self.emit("changed")

    def _on_row_remove_requested(self, row: VariableRow) -> None:
        at, removed = self._rows.index(row), row.variable
        self._rows.remove(row)
        self.remove(row)
        # The removed row had the focus.
        (self._rows[min(at, len(self._rows) - 1)] if self._rows else self._add_button).grab_focus()
        self._mark_duplicates()
        self.emit("changed")
        if removed.name:
            self.emit("removed", removed, at)

    @Gtk.Template.Callback()
    def _on_add_button_clicked(self, _button: Gtk.Button) -> None:
        self.add_variable()
