"""The page of the opening request."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.net.cookies import CookieJar
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.ui.connections.inherited_group import InheritedGroup
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.number_row import NumberRow
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.protocol_group import ProtocolGroup
from spacebeam.ui.options.saved_cookies_row import SavedCookiesRow
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template


@template("request_page.ui")
class RequestPage(Adw.PreferencesPage):
    """The protocol, headers, query parameters, cookies, subprotocols, compression and redirects."""

    __gtype_name__ = "SpacebeamRequestPage"

    inherited_group: InheritedGroup = Gtk.Template.Child("_inherited_group")
    _protocol_group: ProtocolGroup = Gtk.Template.Child()
    _headers: PairsGroup = Gtk.Template.Child()
    _query: PairsGroup = Gtk.Template.Child()
    _cookies: PairsGroup = Gtk.Template.Child()
    _save_cookies: SwitchRow = Gtk.Template.Child()
    _saved_cookies: SavedCookiesRow = Gtk.Template.Child()
    _secrets_group: Adw.PreferencesGroup = Gtk.Template.Child()
    _save_secrets: SwitchRow = Gtk.Template.Child()
    _subprotocols: Adw.EntryRow = Gtk.Template.Child()
    _compression: SwitchRow = Gtk.Template.Child()
    _follow_redirects: SwitchRow = Gtk.Template.Child()
    _max_redirects: NumberRow = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(InheritedGroup)  # the template has one
        super().__init__()
        self.form = OptionsForm(
            {
                **self._protocol_group.rows,
                "request.headers": self._headers,
                "request.query": self._query,
                "request.cookies": self._cookies,
                "request.save_cookies": self._save_cookies,
                "request.subprotocols": self._subprotocols,
                "request.compression": self._compression,
                "request.follow_redirects": self._follow_redirects,
                "request.max_redirects": self._max_redirects,
            }
        )
        self._follow_redirects.bind_property(
            "active", self._max_redirects, "visible", GObject.BindingFlags.SYNC_CREATE
        )

    def show_jar(self, jar: CookieJar, endpoint: Endpoint | None) -> None:
        """Show the jar's cookies for `endpoint`."""
        self._saved_cookies.show_jar(jar, endpoint)

    @property
    def save_secrets(self) -> SwitchRow:
        """The switch that saves the connection's secrets in the keyring."""
        return self._save_secrets

    def show_secrets(self, *, has_secrets: bool) -> None:
        """Show the switch of the keyring only if the request has secrets."""
        self._secrets_group.set_visible(has_secrets)

    @property
    def groups(self) -> tuple[PairsGroup, ...]:
        """The lists of names and values."""
        return self._headers, self._query, self._cookies
