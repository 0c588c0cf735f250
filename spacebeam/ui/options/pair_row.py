"""A row with a name and its value: a header, a query parameter or a cookie."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import Pair, is_secret
from spacebeam.ui.template import template
from spacebeam.ui.variables.entry_variables import EntryVariables
from spacebeam.ui.variables.known import Known


@template("pair_row.ui")
class PairRow(Adw.PreferencesRow):
    """Emits `changed` after every change, and `remove-requested` for the Remove button.

    A value of None is a secret that was not saved; it stays None until a value is typed.
    """

    __gtype_name__ = "SpacebeamPairRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "remove-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _name_entry: Gtk.Entry = Gtk.Template.Child()
    _value_entry: Gtk.Entry = Gtk.Template.Child()
    _remove_button: Gtk.Button = Gtk.Template.Child()
    _error_label: Gtk.Label = Gtk.Template.Child()
    _secret_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, path: str, pair: Pair = ("", "")) -> None:
        super().__init__()
        self._path = path  # of the field in the profile
        name, value = pair
        self._name_entry.set_text(name)
        self._value_entry.set_text(value or "")
        self._is_known = value is not None
        for entry in (self._name_entry, self._value_entry):
            entry.connect("changed", self._on_entry_changed)
        self._variables: list[EntryVariables] = []
        self._show_secret()

    def follow_variables(self, known: Callable[[], Known]) -> None:
        """Propose and mark variables in both entries."""
        self._variables = [EntryVariables(one, known) for one in self._entries]

    @property
    def _entries(self) -> tuple[Gtk.Entry, Gtk.Entry]:
        return self._name_entry, self._value_entry

    @property
    def pair(self) -> Pair:
        """The name and the value."""
        value = self._value_entry.get_text() if self._is_known else None
        return self._name_entry.get_text(), value

    @property
    def is_empty(self) -> bool:
        """Whether both entries are empty."""
        return self.pair == ("", "")

    def show_error(self, message: str) -> None:
        """Mark the row as invalid and show why; remove the mark if the message is empty."""
        self._error_label.set_text(message)
        self._error_label.set_visible(bool(message))
        self._show_secret()
        (self.add_css_class if message else self.remove_css_class)("error")
        for entry in (self._name_entry, self._value_entry):
            (entry.add_css_class if message else entry.remove_css_class)("error")
            entry.update_property([Gtk.AccessibleProperty.DESCRIPTION], [message])

    def do_grab_focus(self) -> bool:
        entry = self._value_entry if self._name_entry.get_text() else self._name_entry
        return entry.grab_focus()

    def _show_secret(self) -> None:
        name, value = self.pair
        is_valid = bool(value) and not self._error_label.get_visible()
        self._secret_label.set_visible(is_valid and is_secret(self._path, name, value))

    def _on_entry_changed(self, entry: Gtk.Entry) -> None:
        self._is_known = self._is_known or entry is self._value_entry
        self._show_secret()
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_remove_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("remove-requested")
