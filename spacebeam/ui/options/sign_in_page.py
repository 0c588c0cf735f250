"""The page of the credentials that are sent to the server."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import OAuthGrant, SignInMethod
from spacebeam.ui.connections.inherited_group import InheritedGroup
from spacebeam.ui.options.aws_group import AwsGroup
from spacebeam.ui.options.further_sign_ins_group import FurtherSignInsGroup
from spacebeam.ui.options.oauth_details_group import OAuthDetailsGroup
from spacebeam.ui.options.oauth_group import OAuthGroup
from spacebeam.ui.options.sign_in_form import SignInForm
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template


@template("sign_in_page.ui")
class SignInPage(Adw.PreferencesPage):
    """The method, and the rows of that method."""

    __gtype_name__ = "SpacebeamSignInPage"

    inherited_group: InheritedGroup = Gtk.Template.Child("_inherited_group")
    _method: Adw.ComboRow = Gtk.Template.Child()
    _user: Adw.EntryRow = Gtk.Template.Child()
    _password: Adw.PasswordEntryRow = Gtk.Template.Child()
    _token: Adw.PasswordEntryRow = Gtk.Template.Child()
    _key_name: Adw.EntryRow = Gtk.Template.Child()
    _key_value: Adw.PasswordEntryRow = Gtk.Template.Child()
    _aws_group: AwsGroup = Gtk.Template.Child()
    _oauth_group: OAuthGroup = Gtk.Template.Child()
    _oauth_details_group: OAuthDetailsGroup = Gtk.Template.Child()
    further_group: FurtherSignInsGroup = Gtk.Template.Child("_further_group")
    _save_secrets: SwitchRow = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(InheritedGroup)  # the template has one
        super().__init__()
        self.form = SignInForm(
            {
                "sign_in.method": self._method,
                "sign_in.user": self._user,
                "sign_in.password": self._password,
                "sign_in.token": self._token,
                "sign_in.key_name": self._key_name,
                "sign_in.key_value": self._key_value,
                **self._aws_group.rows,
                **self._oauth_group.rows,
                **self._oauth_details_group.rows,
                "save_secrets": self._save_secrets,
            },
            self.further_group,
        )
        self._method.connect("notify::selected", self._on_method_selected)
        self._on_method_selected(self._method)
        self._oauth_group.grant_row.connect("notify::selected", self._on_grant_selected)
        self._on_grant_selected(self._oauth_group.grant_row)

    @property
    def save_secrets(self) -> SwitchRow:
        """The switch that saves the connection's secrets in the keyring."""
        return self._save_secrets

    def _on_grant_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        self._oauth_details_group.show_grant(list(OAuthGrant)[row.get_selected()])

    def _on_method_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        method = list(SignInMethod)[row.get_selected()]
        is_key = method in (SignInMethod.KEY_IN_HEADER, SignInMethod.KEY_IN_QUERY)
        for widget, is_shown in (
            (self._user, method is SignInMethod.PASSWORD),
            (self._password, method is SignInMethod.PASSWORD),
            (self._token, method is SignInMethod.BEARER),
            (self._key_name, is_key),
            (self._key_value, is_key),
            (self._aws_group, method is SignInMethod.AWS),
            (self._oauth_group, method is SignInMethod.OAUTH),
            (self._oauth_details_group, method is SignInMethod.OAUTH),
            (self.further_group, method is not SignInMethod.NONE or self.further_group.sign_ins),
            (self._save_secrets, method is not SignInMethod.NONE),
        ):
            widget.set_visible(bool(is_shown))
