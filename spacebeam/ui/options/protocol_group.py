"""The rows of the protocol that is spoken over a connection."""

from __future__ import annotations

from collections.abc import Mapping

from gi.repository import Adw, GObject, Gtk

from spacebeam.profiles.profile import SpokenProtocol
from spacebeam.ui.template import template
from spacebeam.wording.speaking import protocol_words

_WITH_AUTH = (
    SpokenProtocol.SOCKET_IO,
    SpokenProtocol.GRAPHQL,
    SpokenProtocol.GRAPHQL_WS,
    SpokenProtocol.PHOENIX,
)
_WITH_USER = (SpokenProtocol.STOMP, SpokenProtocol.MQTT, SpokenProtocol.MQTT_5)


@template("protocol_group.ui")
class ProtocolGroup(Adw.PreferencesGroup):
    """The protocol, and what the server is told when it is opened."""

    __gtype_name__ = "SpacebeamProtocolGroup"

    _name: Adw.ComboRow = Gtk.Template.Child()
    _auth: Adw.PasswordEntryRow = Gtk.Template.Child()
    _topic: Adw.EntryRow = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._on_name_notify_selected(self._name)

    @property
    def rows(self) -> Mapping[str, Gtk.Widget]:
        """The rows by the paths of their fields."""
        return {
            "protocol.name": self._name,
            "protocol.auth": self._auth,
            "protocol.topic": self._topic,
        }

    @Gtk.Template.Callback()
    def _on_name_notify_selected(
        self, row: Adw.ComboRow, _property: GObject.ParamSpec | None = None
    ) -> None:
        protocol = list(SpokenProtocol)[row.get_selected()]
        self._auth.set_visible(protocol in _WITH_AUTH)
        self._topic.set_visible(protocol is SpokenProtocol.PHOENIX)
        is_automatic = protocol is SpokenProtocol.AUTOMATIC
        words = protocol_words(is_automatic=is_automatic, has_user=protocol in _WITH_USER)
        row.set_subtitle(words)
