"""One of the sign-ins that are sent beside the first one."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import Profile, SignIn, SignInMethod
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.template import template
from spacebeam.ui.variables.entry_variables import EntryVariables
from spacebeam.ui.variables.known import Known


@template("further_sign_in_row.ui")
class FurtherSignInRow(Adw.ExpanderRow):
    """A method and its fields; emits `changed`, and `remove-requested`.

    The methods are the first five of SignInMethod: a signature and OAuth belong to the first
    sign-in.
    """

    __gtype_name__ = "SpacebeamFurtherSignInRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "remove-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _method: Adw.ComboRow = Gtk.Template.Child()
    _user: Adw.EntryRow = Gtk.Template.Child()
    _password: Adw.PasswordEntryRow = Gtk.Template.Child()
    _token: Adw.PasswordEntryRow = Gtk.Template.Child()
    _key_name: Adw.EntryRow = Gtk.Template.Child()
    _key_value: Adw.PasswordEntryRow = Gtk.Template.Child()
    _remove_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, sign_in: SignIn) -> None:
        super().__init__()
        self._variables: list[EntryVariables] = []
        self.form = OptionsForm(
            {
                "sign_in.method": self._method,
                "sign_in.user": self._user,
                "sign_in.password": self._password,
                "sign_in.token": self._token,
                "sign_in.key_name": self._key_name,
                "sign_in.key_value": self._key_value,
            }
        )
        self.form.show(Profile(sign_in=sign_in))
        self._show_method()
        self._method.connect("notify::selected", self._on_method_selected)
        self.form.on_changed = self._on_form_changed

    @property
    def sign_in(self) -> SignIn:
        """The sign-in with the values of the fields."""
        return self.form.read(Profile()).sign_in

    def follow_variables(self, known: Callable[[], Known]) -> None:
        """Propose and mark variables in all fields."""
        rows = (row for row in self.form.rows if isinstance(row, Adw.EntryRow))
        self._variables = [EntryVariables(row, known) for row in rows]

    def _show_method(self) -> None:
        method = list(SignInMethod)[self._method.get_selected()]
        is_key = method in (SignInMethod.KEY_IN_HEADER, SignInMethod.KEY_IN_QUERY)
        for widget, is_shown in (
            (self._user, method is SignInMethod.PASSWORD),
            (self._password, method is SignInMethod.PASSWORD),
            (self._token, method is SignInMethod.BEARER),
            (self._key_name, is_key),
            (self._key_value, is_key),
        ):
            widget.set_visible(is_shown)
        chosen = self._method.get_selected_item()
        assert isinstance(chosen, Gtk.StringObject)
        self.set_title(chosen.get_string())

    def _on_method_selected(self, _row: Adw.ComboRow, _property: GObject.ParamSpec) -> None:
        self._show_method()

    def _on_form_changed(self) -> None:
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_remove_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("remove-requested")
