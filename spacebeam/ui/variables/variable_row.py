"""A row with a variable: its name and value, whether it is used, and whether it is a secret."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.collection import Variable
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.keyring import saved_secret_words


@template("variable_row.ui")
class VariableRow(Adw.PreferencesRow):
    """Emits `changed` after every change, and `remove-requested` for the Remove button.

    A value of None is a secret that is in no file; it stays None until a value is typed.
    """

    __gtype_name__ = "SpacebeamVariableRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "remove-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _enabled_button: Gtk.CheckButton = Gtk.Template.Child()
    _name_entry: Gtk.Entry = Gtk.Template.Child()
    _value_entry: Gtk.Entry = Gtk.Template.Child()
    _secret_button: Gtk.ToggleButton = Gtk.Template.Child()
    _remove_button: Gtk.Button = Gtk.Template.Child()
    _notice_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, variable: Variable, *, is_read_only: bool = False) -> None:
        super().__init__()
        self._is_known = variable.value is not None
        self._is_saved = False  # in the keyring
        self._is_showing = True
        self._name_entry.set_text(variable.name)
        self._value_entry.set_text(variable.value or "")
        self._enabled_button.set_active(variable.enabled)
        self._secret_button.set_active(variable.is_secret)
        self._is_showing = False
        self._show_secret()
        self._show_names()
        for entry in (self._name_entry, self._value_entry):
            entry.set_editable(not is_read_only)
            entry.connect("changed", self._on_entry_changed)
        for widget in (self._enabled_button, self._secret_button, self._remove_button):
            widget.set_visible(not is_read_only)

    @property
    def variable(self) -> Variable:
        """The variable as it is typed."""
        return Variable(
            self._name_entry.get_text().strip(),
            self._value_entry.get_text() if self._is_known else None,
            enabled=self._enabled_button.get_active(),
            is_secret=self._secret_button.get_active(),
        )

    @property
    def is_empty(self) -> bool:
        """Whether neither a name nor a value is typed."""
        return not (self._name_entry.get_text() or self._value_entry.get_text())

    def show_saved(self, *, is_saved: bool) -> None:
        """Show that the keyring has the value, unless one is typed here."""
        self._is_saved = is_saved
        self._show_secret()

    def show_notice(self, words: str) -> None:
        """Show what is wrong with the row; "" hides it."""
        self._notice_label.set_text(words)
        self._notice_label.set_visible(bool(words))
        (self._name_entry.add_css_class if words else self._name_entry.remove_css_class)("warning")
        self._name_entry.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])

    def do_grab_focus(self) -> bool:
        entry = self._value_entry if self._name_entry.get_text() else self._name_entry
        return entry.grab_focus()

    def _show_secret(self) -> None:
        """Hide a secret's value, with an icon that shows it."""
        is_secret = self._secret_button.get_active()
        self._show_value(is_shown=not is_secret)
        missing = saved_secret_words() if self._is_saved else _("Not known yet: type it")
        words = _("Value") if self._is_known else missing
        self._value_entry.set_placeholder_text(words)

    def _show_value(self, *, is_shown: bool) -> None:
        self._value_entry.set_visibility(is_shown)
        icon = "view-conceal-symbolic" if is_shown else "view-reveal-symbolic"
        is_secret = self._secret_button.get_active()
        self._value_entry.set_icon_from_icon_name(
            Gtk.EntryIconPosition.SECONDARY, icon if is_secret else None
        )
        self._value_entry.set_icon_tooltip_text(
            Gtk.EntryIconPosition.SECONDARY,
            _("Hide the value") if is_shown else _("Show the value"),
        )

    def _show_names(self) -> None:
        """Name the buttons after the variable."""
        name = self._name_entry.get_text() or _("new variable")
        for widget, words in (
            (self._enabled_button, _("Use")),
            (self._secret_button, _("Secret:")),
            (self._remove_button, _("Remove")),
        ):
            widget.update_property([Gtk.AccessibleProperty.LABEL], [f"{words} {name}"])

    def _change(self) -> None:
        if not self._is_showing:
            self.emit("changed")

    def _on_entry_changed(self, entry: Gtk.Entry) -> None:
        self._is_known = self._is_known or entry is self._value_entry
        self._show_names()
        self._change()

    @Gtk.Template.Callback()
    def _on_value_entry_icon_press(
        self, entry: Gtk.Entry, _position: Gtk.EntryIconPosition
    ) -> None:
        self._show_value(is_shown=not entry.get_visibility())

    @Gtk.Template.Callback()
    def _on_enabled_button_toggled(self, _button: Gtk.CheckButton) -> None:
        self._change()

    @Gtk.Template.Callback()
    def _on_secret_button_toggled(self, _button: Gtk.ToggleButton) -> None:
        self._show_secret()
        self._change()

    @Gtk.Template.Callback()
    def _on_remove_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("remove-requested")
