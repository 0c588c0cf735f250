"""The window with all options of a connection; what is changed in it holds at once."""

from __future__ import annotations

import asyncio

from gi.repository import Adw, Gtk

from spacebeam.net.cookies import CookieJar
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.validation import ValidationError, validate
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.ui.options.authentication_page import AuthenticationPage
from spacebeam.ui.options.limits_page import LimitsPage
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.proxy_page import ProxyPage
from spacebeam.ui.options.request_page import RequestPage
from spacebeam.ui.options.tls_page import TlsPage
from spacebeam.ui.template import template

_WIDTH, _HEIGHT = 680, 640  # pixels


@template("options_window.ui")
class OptionsWindow(Adw.PreferencesWindow):
    """Shows options and marks the mistakes in them; `settings` are those that it shows now."""

    __gtype_name__ = "SpacebeamOptionsWindow"

    _request_page: RequestPage = Gtk.Template.Child()
    _authentication_page: AuthenticationPage = Gtk.Template.Child()
    _tls_page: TlsPage = Gtk.Template.Child()
    _proxy_page: ProxyPage = Gtk.Template.Child()
    _limits_page: LimitsPage = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window, settings: Profile) -> None:
        super().__init__(transient_for=parent)
        self.set_default_size(min(_WIDTH, max(360, parent.get_width())), _HEIGHT)
        self.settings = settings
        for page in self._pages:
            page.form.show(settings)
            page.form.on_changed = self._on_form_changed
        for group in self._request_page.groups:
            group.connect("noticed", self._on_group_noticed)
        self._mark()

    def show_jar(self, jar: CookieJar, endpoint: Endpoint | None) -> None:
        """Show which cookies are kept for `endpoint`."""
        self._request_page.show_jar(jar, endpoint)

    def go_to(self, mistake: ValidationError) -> None:
        """Put the cursor where something is wrong."""
        for page in self._pages:
            if page.form.focus(mistake):
                self.set_visible_page(page)
                page.form.focus(mistake)  # only what is shown can have the cursor

    @property
    def _pages(
        self,
    ) -> tuple[RequestPage, AuthenticationPage, TlsPage, ProxyPage, LimitsPage]:
        return (
            self._request_page,
            self._authentication_page,
            self._tls_page,
            self._proxy_page,
            self._limits_page,
        )

    def _mark(self) -> None:
        mistakes = validate(self.settings)
        for page in self._pages:
            page.form.mark(mistakes)

    def _on_form_changed(self) -> None:
        for page in self._pages:
            self.settings = page.form.read(self.settings)
        self._mark()

    def _on_group_noticed(self, _group: PairsGroup, words: str) -> None:
        self.add_toast(Adw.Toast(title=words))


async def edit(
    parent: Gtk.Window,
    title: str,
    settings: Profile,
    at: ValidationError | None = None,
    kept: tuple[CookieJar, Endpoint | None] | None = None,
) -> Profile:
    """Let the person change the options of a connection, from where a mistake is if there is one.

    `kept` are cookies that servers set, and the endpoint they are shown for. Returns the options as
    they are when the window is closed.
    """
    window = OptionsWindow(parent, settings)
    window.show_jar(*kept or (CookieJar(), None))
    window.set_title(title)
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_unrealize(_window: Gtk.Widget) -> None:
        if not closed.done():
            closed.set_result(None)

    window.connect("unrealize", on_unrealize)
    window.present()
    if at is not None:
        window.go_to(at)
    try:
        await closed
    finally:
        window.destroy()
    return window.settings
