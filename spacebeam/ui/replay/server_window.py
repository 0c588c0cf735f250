"""The window of a recording that plays the server's part to whoever connects."""

from __future__ import annotations

from collections import deque

from gi.repository import Adw, GObject, Gtk

from spacebeam.decode.decoder import Context
from spacebeam.decode.paths import PathStepsError, steps
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import one_line
from spacebeam.scenario.replay.script import Turn
from spacebeam.scenario.replay.server_part import Matching, ServerSettings
from spacebeam.server.server import Server, ServerError
from spacebeam.ui.input_method import Composing
from spacebeam.ui.replay.played_server import PlayedClient, PlayedPaths
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.fault_account import cut
from spacebeam.wording.i18n import _, ngettext

_MAX_CLIENTS = 50  # that are shown
_MAX_UNKNOWN = 50  # messages that are shown, the newest
_MAX_DECODED = 16 * 1024  # bytes of a message for its row
_MATCHING = (Matching.CONTENT, Matching.ORDER)


@template("server_window.ui")
class ServerWindow(Adw.Window):
    """Starts the server when it is opened, and stops it when it is closed."""

    __gtype_name__ = "SpacebeamServerWindow"

    _title: Adw.WindowTitle = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _state_label: Gtk.Label = Gtk.Template.Child()
    _address_row: Adw.ActionRow = Gtk.Template.Child()
    _copy_button: Gtk.Button = Gtk.Template.Child()
    _matching_row: Adw.ComboRow = Gtk.Template.Child()
    _echo_row: Adw.EntryRow = Gtk.Template.Child()
    _clients_group: Adw.PreferencesGroup = Gtk.Template.Child()
    _unknown_group: Adw.PreferencesGroup = Gtk.Template.Child()

    def __init__(self, name: str, script: list[Turn]) -> None:
        super().__init__()
        self._tasks = Tasks()
        self._paths = PlayedPaths(
            script, self._on_client_connected, self._on_client_left, self._on_client_unknown
        )
        self._server: Server | None = Server(paths=self._paths)
        self._clients: dict[PlayedClient, Adw.ActionRow | None] = {}
        self._unknown: deque[Adw.ActionRow] = deque()
        Composing(self)
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        for key in ("<Control>w", "Escape"):
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new("window.close")))
        self.add_controller(keys)
        self._title.set_subtitle(one_line(name))
        self._start()

    @property
    def url(self) -> str:
        """The address to connect to; "" once it is stopped."""
        return "" if self._server is None else self._server.url

    def _start(self) -> None:
        assert self._server is not None
        try:
            self._server.start()
        except ServerError as error:
            self._server = None
            self._state_label.set_text(one_line(str(error)))
            self._show_state()
            return
        self._address_row.set_subtitle(self._server.url)
        self._show_state()
        self._copy_button.grab_focus()

    async def _stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            self._show_state()
            self._state_label.set_text(_("Stopped."))
            await server.stop()

    async def end(self) -> None:
        """Stop the server of a closed window."""
        await self._stop()

    def _show_state(self) -> None:
        is_serving = self._server is not None
        for widget in (self._stop_button, self._address_row, self._matching_row, self._echo_row):
            widget.set_sensitive(is_serving)
        if is_serving:
            count = len(self._clients)
            clients = ngettext(
                "{count:,} client is connected", "{count:,} clients are connected", count
            ).format(count=count)
            words = clients if count else _("Waiting for a client on this computer")
            self._state_label.set_text(f"{words}.")
        self._clients_group.set_visible(bool(self._clients))

    def _show_settings(self) -> None:
        """Use the settings for the next client, unless a path is not complete."""
        paths = tuple(self._echo_row.get_text().replace(",", " ").split())
        try:
            for path in paths:
                steps(path)
        except PathStepsError:
            self._echo_row.add_css_class("error")
            return
        self._echo_row.remove_css_class("error")
        matching = _MATCHING[min(self._matching_row.get_selected(), len(_MATCHING) - 1)]
        self._paths.settings = ServerSettings(matching, captured=paths)

    def _on_client_connected(self, client: PlayedClient) -> None:
        row: Adw.ActionRow | None = None
        if len(self._clients) < _MAX_CLIENTS:
            row = _row(f"{client.remote or 'A client'} · {client.path}")
            self._clients_group.add(row)
        self._clients[client] = row
        self._show_state()

    def _on_client_left(self, client: PlayedClient) -> None:
        row = self._clients.pop(client, None)
        if row is not None:
            self._clients_group.remove(row)
        self._show_state()

    def _on_client_unknown(self, _client: PlayedClient, message: str | bytes) -> None:
        is_text = isinstance(message, str)
        shown = message[:_MAX_DECODED]
        data = shown.encode(errors="replace") if isinstance(shown, str) else shown
        context = Context("text" if is_text else "binary", "received")
        row = _row(cut(REGISTRY.summary(data, context)))
        self._unknown_group.add(row)
        self._unknown.append(row)
        if len(self._unknown) > _MAX_UNKNOWN:
            self._unknown_group.remove(self._unknown.popleft())
        self._unknown_group.set_visible(True)

    @Gtk.Template.Callback()
    def _on_stop_button_clicked(self, _button: Gtk.Button) -> None:
        self._tasks.start(self._stop())

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        self.get_clipboard().set(self._address_row.get_subtitle() or "")

    @Gtk.Template.Callback()
    def _on_matching_row_notify_selected(
        self, _row: Gtk.Widget, _property: GObject.ParamSpec
    ) -> None:
        self._show_settings()

    @Gtk.Template.Callback()
    def _on_echo_row_changed(self, _row: Gtk.Editable) -> None:
        self._show_settings()


def _row(title: str) -> Adw.ActionRow:
    row = Adw.ActionRow(use_markup=False, title_lines=2)
    row.set_title(one_line(title)[:500])
    return row
