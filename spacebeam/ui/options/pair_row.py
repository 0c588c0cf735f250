"""One name and its value: a header, a parameter, a cookie."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import Pair, is_secret
from spacebeam.ui.template import template


@template("pair_row.ui")
class PairRow(Adw.PreferencesRow):
    """`changed` follows every change by the person; `remove-requested` asks to be taken away.

    A value of None is one that was not kept; it stays so until something is typed.
    """

    __gtype_name__ = "SpacebeamPairRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "remove-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _name_entry: Gtk.Entry = Gtk.Template.Child()
    _value_entry: Gtk.Entry = Gtk.Template.Child()
    _remove_button: Gtk.Button = Gtk.Template.Child()
    _fault_label: Gtk.Label = Gtk.Template.Child()
    _secret_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, field: str, pair: Pair = ("", "")) -> None:
        super().__init__()
        self._field = field
        name, value = pair
        self._name_entry.set_text(name)
        self._value_entry.set_text(value or "")
        self._was_kept = value is not None
        for entry in (self._name_entry, self._value_entry):
            entry.connect("changed", self._on_entry_changed)
        self._show_secret()

    @property
    def pair(self) -> Pair:
        """What stands in the row."""
        value = self._value_entry.get_text() if self._was_kept else None
        return self._name_entry.get_text(), value

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the row."""
        return self.pair == ("", "")

    def mark(self, words: str) -> None:
        """Say what is wrong with the row; without words, that nothing is."""
        self._fault_label.set_text(words)
        self._fault_label.set_visible(bool(words))
        self._show_secret()
        (self.add_css_class if words else self.remove_css_class)("error")
        for entry in (self._name_entry, self._value_entry):
            (entry.add_css_class if words else entry.remove_css_class)("error")
            entry.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])

    def do_grab_focus(self) -> bool:
        entry = self._value_entry if self._name_entry.get_text() else self._name_entry
        return entry.grab_focus()

    def _show_secret(self) -> None:
        name, value = self.pair
        is_worth_saying = bool(value) and not self._fault_label.get_visible()
        self._secret_label.set_visible(is_worth_saying and is_secret(self._field, name, value))

    def _on_entry_changed(self, entry: Gtk.Entry) -> None:
        self._was_kept = self._was_kept or entry is self._value_entry
        self._show_secret()
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_remove_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("remove-requested")
