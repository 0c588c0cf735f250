"""Who this side is."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import Authentication
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.template import template


@template("authentication_page.ui")
class AuthenticationPage(Adw.PreferencesPage):
    """One way of saying it; only the rows of that way are shown."""

    __gtype_name__ = "SpacebeamAuthenticationPage"

    _authentication: Adw.ComboRow = Gtk.Template.Child()
    _user: Adw.EntryRow = Gtk.Template.Child()
    _password: Adw.PasswordEntryRow = Gtk.Template.Child()
    _token: Adw.PasswordEntryRow = Gtk.Template.Child()
    _key_name: Adw.EntryRow = Gtk.Template.Child()
    _key_value: Adw.PasswordEntryRow = Gtk.Template.Child()
    _kept_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.form = OptionsForm(
            {
                "authentication": self._authentication,
                "user": self._user,
                "password": self._password,
                "token": self._token,
                "key_name": self._key_name,
                "key_value": self._key_value,
            }
        )
        self._authentication.connect("notify::selected", self._on_authentication_selected)
        self._on_authentication_selected(self._authentication)

    def _on_authentication_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        kind = list(Authentication)[row.get_selected()]
        is_key = kind in (Authentication.KEY_IN_HEADER, Authentication.KEY_IN_QUERY)
        for widget, is_shown in (
            (self._user, kind is Authentication.PASSWORD),
            (self._password, kind is Authentication.PASSWORD),
            (self._token, kind is Authentication.BEARER),
            (self._key_name, is_key),
            (self._key_value, is_key),
            (self._kept_label, kind is not Authentication.NONE),
        ):
            widget.set_visible(is_shown)
