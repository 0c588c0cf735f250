"""The rows of AWS's signature."""

from __future__ import annotations

from collections.abc import Mapping

from gi.repository import Adw, Gtk

from spacebeam.ui.template import template


@template("aws_group.ui")
class AwsGroup(Adw.PreferencesGroup):
    """The key, what it signs for, and where the signature is."""

    __gtype_name__ = "SpacebeamAwsGroup"

    _access_key: Adw.EntryRow = Gtk.Template.Child()
    _secret_key: Adw.PasswordEntryRow = Gtk.Template.Child()
    _session_token: Adw.PasswordEntryRow = Gtk.Template.Child()
    _profile: Adw.EntryRow = Gtk.Template.Child()
    _region: Adw.EntryRow = Gtk.Template.Child()
    _service: Adw.EntryRow = Gtk.Template.Child()
    _form_row: Adw.ComboRow = Gtk.Template.Child()

    @property
    def rows(self) -> Mapping[str, Gtk.Widget]:
        """The rows by the paths of their fields."""
        return {
            "aws.access_key": self._access_key,
            "aws.secret_key": self._secret_key,
            "aws.session_token": self._session_token,
            "aws.profile": self._profile,
            "aws.region": self._region,
            "aws.service": self._service,
            "aws.form": self._form_row,
        }
