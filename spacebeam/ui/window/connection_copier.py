"""Copies a tab's connection as a command or program that makes it."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gio, GLib, Gtk

from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.protocol.known_secrets import masked
from spacebeam.protocol.secrets import MASK
from spacebeam.ui.clipboard import put
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.window.tab import Tab
from spacebeam.wording.i18n import _

_WITH_SECRETS = "+secrets"  # at the end of an action's target
_NO_ADDRESS = _("There is no address to copy")


@weak_handlers
class ConnectionCopier:
    """Adds the action `copy-connection` to a window; its target is a form."""

    def __init__(self, window: Gtk.ApplicationWindow, tab: Callable[[], Tab | None]) -> None:
        self._tab = tab
        action = Gio.SimpleAction.new("copy-connection", GLib.VariantType("s"))
        action.connect("activate", self._on_action_activate)
        window.add_action(action)

    def _on_action_activate(self, _action: Gio.SimpleAction, target: GLib.Variant) -> None:
        # Not before something is copied: the start has no need of it.
        from spacebeam.exchange.copy_connection import ConnectionForm, connection_as
        from spacebeam.profiles.variables import TooLongError
        from spacebeam.wording.copying import copied_words
        from spacebeam.wording.variables import too_long_words

        tab = self._tab()
        if tab is None:
            return
        name = target.get_string()
        with_secrets = name.endswith(_WITH_SECRETS)
        form = ConnectionForm(name.removesuffix(_WITH_SECRETS))
        state = tab.memory.state
        try:
            typed, profile = tab.connection.variables.copied(state.address, state.profile)
            address = parse(typed).url_with_user
        except EndpointError:
            _notify(tab, _NO_ADDRESS)
            return
        except TooLongError:
            _notify(tab, too_long_words())
            return
        copied = connection_as(form, address, profile, with_secrets=with_secrets)
        put(copied.text if with_secrets else masked(copied.text, MASK), tab.get_clipboard())
        _notify(tab, copied_words(copied, with_secrets=with_secrets))


def _notify(tab: Tab, words: str) -> None:
    tab.activate_action("tab.notify", GLib.Variant("s", words))
