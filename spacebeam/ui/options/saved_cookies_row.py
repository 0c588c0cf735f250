"""A row with the names of a server's cookies, and a button that deletes them."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.net.cookie_rules import cookies_for
from spacebeam.net.cookies import CookieJar
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.ui.template import template

_MAX_SHOWN = 200  # characters


@template("saved_cookies_row.ui")
class SavedCookiesRow(Adw.ActionRow):
    """Names the cookies that the next handshake with an endpoint sends."""

    __gtype_name__ = "SpacebeamSavedCookiesRow"

    _delete_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._jar = CookieJar()
        self._endpoint: Endpoint | None = None

    def show_jar(self, jar: CookieJar, endpoint: Endpoint | None) -> None:
        """Show the jar's cookies for `endpoint`; hide the row where there are none."""
        self._jar, self._endpoint = jar, endpoint
        cookies = cookies_for(jar, endpoint) if endpoint is not None else ()
        names = one_line(", ".join(cookie.name for cookie in cookies))
        self.set_subtitle(names if len(names) <= _MAX_SHOWN else f"{names[:_MAX_SHOWN]}…")
        self.set_visible(bool(cookies))

    @Gtk.Template.Callback()
    def _on_delete_button_clicked(self, _button: Gtk.Button) -> None:
        if self._endpoint is not None:
            for cookie in cookies_for(self._jar, self._endpoint):
                self._jar.remove(cookie)
        self.show_jar(self._jar, self._endpoint)
