"""The rows of OAuth 2 that most connections need."""

from __future__ import annotations

from collections.abc import Mapping

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import OAuthGrant
from spacebeam.ui.template import template


@template("oauth_group.ui")
class OAuthGroup(Adw.PreferencesGroup):
    """The grant, the client, and the authorization server's addresses for that grant."""

    __gtype_name__ = "SpacebeamOAuthGroup"

    _grant: Adw.ComboRow = Gtk.Template.Child()
    _issuer: Adw.EntryRow = Gtk.Template.Child()
    _client_id: Adw.EntryRow = Gtk.Template.Child()
    _client_secret: Adw.PasswordEntryRow = Gtk.Template.Child()
    _scope: Adw.EntryRow = Gtk.Template.Child()
    _authorization_url: Adw.EntryRow = Gtk.Template.Child()
    _device_url: Adw.EntryRow = Gtk.Template.Child()
    _token_url: Adw.EntryRow = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._grant.connect("notify::selected", self._on_grant_selected)
        self._on_grant_selected(self._grant)

    @property
    def grant_row(self) -> Adw.ComboRow:
        """The row of the grant; other rows are shown for some grants only."""
        return self._grant

    @property
    def rows(self) -> Mapping[str, Gtk.Widget]:
        """The rows by the paths of their fields."""
        return {
            "oauth.grant": self._grant,
            "oauth.issuer": self._issuer,
            "oauth.client_id": self._client_id,
            "oauth.client_secret": self._client_secret,
            "oauth.scope": self._scope,
            "oauth.authorization_url": self._authorization_url,
            "oauth.device_url": self._device_url,
            "oauth.token_url": self._token_url,
        }

    def _on_grant_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        grant = list(OAuthGrant)[row.get_selected()]
        self._authorization_url.set_visible(grant is OAuthGrant.CODE)
        self._device_url.set_visible(grant is OAuthGrant.DEVICE)
