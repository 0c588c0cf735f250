"""The rows of OAuth 2 that few connections need."""

from __future__ import annotations

from collections.abc import Mapping

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import OAuthGrant, TokenPlace
from spacebeam.ui.template import template


@template("oauth_details_group.ui")
class OAuthDetailsGroup(Adw.PreferencesGroup):
    """Where the browser comes back to, further parameters, and where the token is sent."""

    __gtype_name__ = "SpacebeamOAuthDetailsGroup"

    _redirect_url: Adw.EntryRow = Gtk.Template.Child()
    _authentication: Adw.ComboRow = Gtk.Template.Child()
    _audience: Adw.EntryRow = Gtk.Template.Child()
    _resource: Adw.EntryRow = Gtk.Template.Child()
    _extra: Adw.EntryRow = Gtk.Template.Child()
    _place: Adw.ComboRow = Gtk.Template.Child()
    _parameter: Adw.EntryRow = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._place.connect("notify::selected", self._on_place_selected)
        self._on_place_selected(self._place)

    @property
    def rows(self) -> Mapping[str, Gtk.Widget]:
        """The rows by the paths of their fields."""
        return {
            "oauth.redirect_url": self._redirect_url,
            "oauth.authentication": self._authentication,
            "oauth.audience": self._audience,
            "oauth.resource": self._resource,
            "oauth.extra": self._extra,
            "oauth.place": self._place,
            "oauth.parameter": self._parameter,
        }

    def show_grant(self, grant: OAuthGrant) -> None:
        """Show the rows of a grant."""
        self._redirect_url.set_visible(grant is OAuthGrant.CODE)

    def _on_place_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        self._parameter.set_visible(list(TokenPlace)[row.get_selected()] is TokenPlace.QUERY)
