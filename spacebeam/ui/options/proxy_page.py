"""The page of the proxy."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import ProxyChoice
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template


@template("proxy_page.ui")
class ProxyPage(Adw.PreferencesPage):
    """The choice of proxy, and the rows of a custom one."""

    __gtype_name__ = "SpacebeamProxyPage"

    _proxy: Adw.ComboRow = Gtk.Template.Child()
    _proxy_address: Adw.EntryRow = Gtk.Template.Child()
    _proxy_user: Adw.EntryRow = Gtk.Template.Child()
    _proxy_password: Adw.PasswordEntryRow = Gtk.Template.Child()
    _save_secrets: SwitchRow = Gtk.Template.Child()
    _example_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.form = OptionsForm(
            {
                "proxy.choice": self._proxy,
                "proxy.address": self._proxy_address,
                "proxy.user": self._proxy_user,
                "proxy.password": self._proxy_password,
            }
        )
        self._proxy.connect("notify::selected", self._on_proxy_selected)
        self._on_proxy_selected(self._proxy)

    @property
    def save_secrets(self) -> SwitchRow:
        """The switch that saves the connection's secrets in the keyring."""
        return self._save_secrets

    def _on_proxy_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        is_custom = list(ProxyChoice)[row.get_selected()] is ProxyChoice.CUSTOM
        for widget in (
            self._proxy_address,
            self._proxy_user,
            self._proxy_password,
            self._save_secrets,
            self._example_label,
        ):
            widget.set_visible(is_custom)
