"""The window in which a profile is edited; changes apply at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gi.repository import Adw, Gtk

from spacebeam.net.cookies import CookieJar
from spacebeam.profiles.collection import Folder
from spacebeam.profiles.profile import Profile, SignInMethod
from spacebeam.profiles.secret_fields import secrets_of, unknown_secrets
from spacebeam.profiles.validation import ValidationError, validate
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.ui.compat import add_to_header, set_parent
from spacebeam.ui.connections.inherited_group import Inherited
from spacebeam.ui.focus import has_focus
from spacebeam.ui.help.places import offer_help
from spacebeam.ui.input_method import Composing
from spacebeam.ui.options.keyring_rows import KeyringRows
from spacebeam.ui.options.limits_page import LimitsPage
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.proxy_page import ProxyPage
from spacebeam.ui.options.request_page import RequestPage
from spacebeam.ui.options.schemas_page import SchemasPage
from spacebeam.ui.options.sign_in_page import SignInPage
from spacebeam.ui.options.tls_page import TlsPage
from spacebeam.ui.surface_width import text_scale
from spacebeam.ui.template import template
from spacebeam.ui.variables.entry_variables import EntryVariables
from spacebeam.ui.variables.known import Known

_WIDTH, _HEIGHT = 680, 640  # pixels


@template("options_window.ui")
class OptionsWindow(Adw.PreferencesWindow):
    """Shows a profile and marks its invalid fields; `profile` has all changes so far."""

    __gtype_name__ = "SpacebeamOptionsWindow"

    _request_page: RequestPage = Gtk.Template.Child()
    _sign_in_page: SignInPage = Gtk.Template.Child()
    _tls_page: TlsPage = Gtk.Template.Child()
    _proxy_page: ProxyPage = Gtk.Template.Child()
    _limits_page: LimitsPage = Gtk.Template.Child()
    _schemas_page: SchemasPage = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window, profile: Profile, no_keyring: str = "") -> None:
        super().__init__()
        set_parent(self, parent)
        Composing(self)
        width = int(_WIDTH * text_scale(self))
        self.set_default_size(min(width, max(360, parent.get_width())), _HEIGHT)
        add_to_header(self, offer_help(self, parent, "options"))
        self.profile = profile
        self._variables: list[EntryVariables] = []
        secret_pages = (self._sign_in_page, self._request_page, self._tls_page, self._proxy_page)
        self._keyring_rows = KeyringRows([one.save_secrets for one in secret_pages], no_keyring)
        for page in self._pages:
            page.form.show(profile)
            page.form.on_changed = self._on_form_changed
        for group in self._request_page.groups:
            group.connect("noticed", self._on_group_noticed)
        self._show_state()

    def show_jar(self, jar: CookieJar, endpoint: Endpoint | None) -> None:
        """Show the jar's cookies for `endpoint`."""
        self._request_page.show_jar(jar, endpoint)

    def show_folder(self, folder: Path) -> None:
        """Take the folder in which relative paths of schemas are."""
        self._schemas_page.folder = folder

    def show_variables(self, known: Callable[[], Known], folders: Sequence[Folder]) -> None:
        """Propose and mark variables in all fields, and show what the folders add."""
        for group in self._request_page.groups:
            group.follow_variables(known)
        for page in self._pages:
            rows = (row for row in page.form.rows if isinstance(row, Adw.EntryRow))
            self._variables += [EntryVariables(row, known) for row in rows]
        self._sign_in_page.further_group.follow_variables(known)
        self._request_page.inherited_group.show_folders(folders, Inherited.HEADERS)
        self._sign_in_page.inherited_group.show_folders(folders, Inherited.SIGN_IN)

    def go_to(self, error: ValidationError) -> None:
        """Show the page of an invalid field and move the focus to it."""
        for page in self._pages:
            if page.form.focus(error):
                self.set_visible_page(page)
                page.form.focus(error)  # only a visible row takes the focus

    def enter(self) -> None:
        """Move the focus from the header bar, where the help is, to the first page.

        Newer versions of libadwaita have it there.
        """
        if not has_focus(self._request_page):
            self._request_page.child_focus(Gtk.DirectionType.TAB_FORWARD)

    @property
    def _pages(
        self,
    ) -> tuple[RequestPage, SignInPage, TlsPage, ProxyPage, LimitsPage, SchemasPage]:
        return (
            self._request_page,
            self._sign_in_page,
            self._tls_page,
            self._proxy_page,
            self._limits_page,
            self._schemas_page,
        )

    def _show_state(self) -> None:
        errors = validate(self.profile)
        for page in self._pages:
            page.form.show_errors(errors)
        self._keyring_rows.show(self.profile)
        secrets = (*secrets_of(self.profile), *unknown_secrets(self.profile))
        has_secrets = any(field.startswith(("request.", "protocol.")) for field in secrets)
        self._request_page.show_secrets(has_secrets=has_secrets)

    def _on_form_changed(self) -> None:
        for page in self._pages:
            self.profile = page.form.read(self.profile)
        self._show_state()

    def _on_group_noticed(self, _group: PairsGroup, notice: str) -> None:
        self.add_toast(Adw.Toast(title=notice))


async def edit(
    parent: Gtk.Window,
    title: str,
    profile: Profile,
    error: ValidationError | None = None,
    saved_cookies: tuple[CookieJar, Endpoint | None] | None = None,
    no_keyring: str = "",
    variables: tuple[Callable[[], Known], Sequence[Folder]] | None = None,
    folder: Path | None = None,
) -> Profile:
    """Let the person edit a profile; return it when the window is closed.

    The focus starts at `error`. `saved_cookies` are the cookies that servers set, and the endpoint
    they are shown for. `no_keyring` says why no secrets can be saved. `variables` returns the known
    ones, and has the folders that the connection is in. Relative paths of schemas are in `folder`.
    """
    window = OptionsWindow(parent, profile, no_keyring)
    if folder is not None:
        window.show_folder(folder)
    window.show_jar(*saved_cookies or (CookieJar(), None))
    window.set_title(title)
    if variables is not None:
        window.show_variables(*variables)
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_unrealize(_window: Gtk.Widget) -> None:
        if not closed.done():
            closed.set_result(None)

    window.connect("unrealize", on_unrealize)
    window.present()
    if error is not None:
        window.go_to(error)
    else:
        window.enter()
    try:
        await closed
    finally:
        window.destroy()
    others = window.profile.other_sign_ins
    sent = tuple(one for one in others if one.method is not SignInMethod.NONE)
    return replace(window.profile, other_sign_ins=sent)
