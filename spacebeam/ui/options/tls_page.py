"""The page of TLS certificates."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.options.file_row import FileRow
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template


@template("tls_page.ui")
class TlsPage(Adw.PreferencesPage):
    """Which server certificates are trusted, and the client certificate."""

    __gtype_name__ = "SpacebeamTlsPage"

    _verify: SwitchRow = Gtk.Template.Child()
    _ca_file: FileRow = Gtk.Template.Child()
    _trusted_sha256: Adw.EntryRow = Gtk.Template.Child()
    _stop_trusting_button: Gtk.Button = Gtk.Template.Child()
    _certificate_file: FileRow = Gtk.Template.Child()
    _key_file: FileRow = Gtk.Template.Child()
    _certificate_password: Adw.PasswordEntryRow = Gtk.Template.Child()
    _save_secrets: SwitchRow = Gtk.Template.Child()
    _warning_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.form = OptionsForm(
            {
                "tls.verify": self._verify,
                "tls.ca_file": self._ca_file,
                "tls.trusted_sha256": self._trusted_sha256,
                "tls.certificate_file": self._certificate_file,
                "tls.key_file": self._key_file,
                "tls.certificate_password": self._certificate_password,
            }
        )
        self._verify.bind_property(
            "active",
            self._warning_label,
            "visible",
            GObject.BindingFlags.SYNC_CREATE | GObject.BindingFlags.INVERT_BOOLEAN,
        )
        self._on_trusted_sha256_changed(self._trusted_sha256)

    @property
    def save_secrets(self) -> SwitchRow:
        """The switch that saves the connection's secrets in the keyring."""
        return self._save_secrets

    @Gtk.Template.Callback()
    def _on_trusted_sha256_changed(self, row: Adw.EntryRow) -> None:
        self._stop_trusting_button.set_visible(bool(row.get_text()))

    @Gtk.Template.Callback()
    def _on_stop_trusting_button_clicked(self, _button: Gtk.Button) -> None:
        self._trusted_sha256.set_text("")
        self._trusted_sha256.grab_focus()
