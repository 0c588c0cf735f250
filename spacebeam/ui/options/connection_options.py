"""The profile of the address on the first screen: shown, edited, connected with, and trust.

Its windows, and words about failures, are imported when they are shown: the start has no need of
them.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gi.repository import Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.address_profiles import AddressProfiles
from spacebeam.library.secrets import has_secrets
from spacebeam.profiles.profile import Profile, value_at, with_values
from spacebeam.profiles.secret_fields import unknown_secrets, without_known
from spacebeam.profiles.validation import validate
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.secrets import has_mask, saved_address
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.connection_page import ConnectionPage, RecentAddress
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.body_text import body_text
from spacebeam.wording.days import ago_words
from spacebeam.wording.i18n import _
from spacebeam.wording.profile_summary import summary

if TYPE_CHECKING:
    from spacebeam.net.handshake import HandshakeError
    from spacebeam.profiles.collection import Folder
    from spacebeam.profiles.validation import ValidationError
    from spacebeam.ui.variables.known import Known

Connect = Callable[[str, Profile, "MadeFrom | None"], None]
Variables = Callable[[], "tuple[Callable[[], Known], Sequence[Folder]]"]
Prepare = Callable[[str, Profile], tuple[str, Profile] | None]
Release = Callable[[str, Profile], Awaitable[None] | None]
OwnSecrets = Callable[[], Mapping[str, str]]
Filled = Callable[[str, Profile], Coroutine[None, None, Profile]]


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What an address and profile were made from: a saved connection, or a text with variables."""

    typed: str
    profile: Profile  # with its variables
    binding: object  # see SavedSource; None without a saved connection


class ProfileSource(Protocol):
    """What `AddressProfiles` does."""

    def find(self, typed: str) -> Profile: ...
    def use(self, typed: str) -> Profile: ...
    def store(self, typed: str, profile: Profile) -> None: ...


class SavedSource(ProfileSource, Protocol):
    """The profile of a saved connection."""

    binding: object  # another one each time that a connection is shown


@weak_handlers
class ConnectionOptions:
    """Connects the first screen with the stored profiles; `connect` starts a connection."""

    def __init__(
        self, page: ConnectionPage, service: SettingsService, tasks: Tasks, connect: Connect
    ) -> None:
        self._page = page
        self._service = service
        self._tasks = tasks
        self._connect = connect
        self._profiles = AddressProfiles(service.settings, service.remember)
        self.saved: SavedSource | None = None  # of the saved connection that is shown
        self.prepare: Prepare | None = None  # replaces variables before a connection
        self.release: Release | None = None  # takes what is missing from the keyring before that
        self.filled: Filled | None = None  # a saved connection's profile with its secrets
        self.own_secrets: OwnSecrets = dict  # those that `filled` took from the keyring
        self.on_refused: Callable[[], object] = lambda: None  # it has said on the page why
        self.variables: Variables | None = None  # the known ones, and the folders
        self.saved_name = ""  # of the saved connection that is shown
        self.folder: Path | None = None  # of its collection
        self.inherited_words = ""  # what the folders of the saved connection add
        self._is_asking = False
        self._refused: tuple[HandshakeError, str, Profile, MadeFrom | None] | None = None
        page.connect("connect-requested", self._on_page_connect_requested)
        page.connect("pasted", self._on_page_pasted)
        page.connect("recent-chosen", self._on_page_recent_chosen)
        page.connect("forget-requested", self._on_page_forget_requested)
        page.connect("typed", self._on_page_typed)
        page.connect("options-requested", self._on_page_options_requested)
        page.connect("certificate-requested", self._on_page_certificate_requested)
        self.show()

    @property
    def binding(self) -> object:
        """What the saved connection is bound by; None without one."""
        return None if self.saved is None else self.saved.binding

    @property
    def _source(self) -> ProfileSource:
        return self.saved or self._profiles

    def show(self) -> None:
        """Show the recent addresses, and the summary of the profile of the address."""
        settings, now = self._service.settings, time.time()
        self._page.show_recent(
            [
                RecentAddress(
                    one,
                    summary(settings.profiles.get(one, Profile())),
                    ago_words(settings.used[one], now) if one in settings.used else "",
                )
                for one in settings.recent
            ]
        )
        self._show_summary()

    def _show_summary(self) -> None:
        profile = self._source.find(self._page.address)
        words = " · ".join(filter(None, (summary(profile), self.inherited_words)))
        self._page.show_options(words, is_unsafe=not profile.tls.verify)

    def profile_of(self, typed: str) -> Profile:
        """Return the profile that connecting to a typed address would use."""
        return self._source.find(typed)

    def adopt(self, address: str, profile: Profile) -> None:
        """Use a profile for an address that has none of its own."""
        if self.saved is None and profile != Profile() and self._source.find(address) == Profile():
            self._source.store(address, profile)
            self._show_summary()

    def store(self, address: str, profile: Profile) -> None:
        """Use a profile for an address from now on, recorded and with saved secrets as before.

        The address is not among the recent ones before it is connected to.
        """
        before = self._source.find(address)
        choices = {path: value_at(before, path) for path in ("record", "save_secrets")}
        profile = with_values(profile, choices)
        if self.saved is None:
            profile = self._service.secrets.agreed(address, profile)
            self._profiles.draft(address, profile)
        else:
            self.saved.store(address, profile)
        self.show()

    def connect_to(self, typed: str, *, edits: bool = True) -> None:
        """Connect with the address's profile; if it is invalid, show where, unless told not to.

        A variable that is not known is shown on the page instead.
        """
        go_on = partial(self._release_and_connect, edits=edits)
        if self.saved is None:
            self.with_secrets(typed, go_on)
        else:
            go_on(typed)

    def _release_and_connect(self, typed: str, *, edits: bool) -> None:
        profile = self._source.find(typed)
        waiting = self.release(typed, profile) if self.release is not None else None
        if waiting is None:
            self._connect_or_edit(typed, edits=edits)
        elif not self._is_asking:
            self._tasks.start(self._connect_after(waiting, typed, edits=edits))

    async def _connect_after(self, waiting: Awaitable[None], typed: str, *, edits: bool) -> None:
        self._is_asking = True
        try:
            await waiting
        finally:
            self._is_asking = False
        self._connect_or_edit(typed, edits=edits)

    def with_secrets(self, address: str, then: Callable[[str], object]) -> None:
        """Call `then` with the whole address once it and its profile have their saved secrets.

        That is at once, unless the keyring may have some that are not known yet.
        """
        whole = self._service.settings.typed.get(address, address)
        if self._lacks_secrets(whole):
            self._tasks.start(self._fill_and_go_on(whole, then))
        else:
            then(whole)

    async def _fill_and_go_on(self, address: str, then: Callable[[str], object]) -> None:
        if not self._is_asking:
            then(await self._fill(address))

    def _lacks_secrets(self, address: str) -> bool:
        profile = self._profiles.find(address)
        return profile.save_secrets and (has_mask(address) or bool(unknown_secrets(profile)))

    async def _fill(self, address: str) -> str:
        """Take from the keyring what the address and its profile lack; return the address."""
        source, settings = self._profiles.source(address), self._service.settings
        if source is None or not self._lacks_secrets(address):
            return address
        self._is_asking = True
        try:
            filled = await self._service.secrets.fill(source, settings.profiles[source])
            if source in settings.profiles:
                settings.profiles[source] = filled
            if has_mask(address):
                address = settings.typed[address] = await self._service.secrets.address(address)
            return address
        finally:
            self._is_asking = False

    def _connect_or_edit(self, typed: str, *, edits: bool) -> None:
        profile = self._source.use(typed)
        if self.saved is None:
            profile = self._service.secrets.agreed(typed, profile)
        prepared = self.prepare(typed, profile) if self.prepare is not None else (typed, profile)
        if prepared is None:
            self.on_refused()
            return
        errors = validate(prepared[1])
        if not errors:
            is_typed = self.saved is None and prepared == (typed, profile)
            self._connect(*prepared, None if is_typed else MadeFrom(typed, profile, self.binding))
        elif edits:
            self._tasks.start(self._edit(errors[0]))

    def remember(self, address: str, profile: Profile) -> None:
        """Remember an address that was connected to, with its profile.

        A saved connection is not among the recent addresses.
        """
        if self.saved is not None:
            return
        saved = saved_address(address)
        if profile == Profile() and saved not in self._service.settings.profiles:
            self._service.remember(address)
        else:
            self._source.store(address, profile)

    def show_failure(
        self, error: HandshakeError, address: str, profile: Profile, made_from: MadeFrom | None
    ) -> None:
        """Show why connecting failed, and offer the certificate if that is the reason."""
        from spacebeam.net.failures import FailureKind
        from spacebeam.wording.failures import advice, explanation
        from spacebeam.wording.report import report_text

        failure, tls = error.failure, error.report.tls
        is_certificate = failure.kind is FailureKind.CERTIFICATE and bool(tls and tls.chain)
        self._refused = (error, address, profile, made_from) if is_certificate else None
        self._page.show_failure(
            explanation(failure),
            advice(failure),
            report_text(error.report),
            answer=body_text(error.report.exchanges[-1]) if error.report.exchanges else "",
            has_certificate=is_certificate,
        )

    async def _edit(self, error: ValidationError | None = None) -> None:
        from spacebeam.ui.options.options_window import edit

        window = self._page.get_root()
        if self._is_asking or not isinstance(window, Gtk.Window):
            return
        typed = self._page.address
        if self.saved is None:
            await self._fill(typed)
        stored = before = self._source.find(typed)
        if self.saved is not None and self.filled is not None:
            before = await self.filled(typed, stored)
        if not has_secrets(before):
            choice = self._service.settings.save_secrets and before.record
            before = with_values(before, {"save_secrets": choice})
        self._is_asking = True
        try:
            title = _("Options: {name}").format(
                name=one_line(self.saved_name) or _host(typed) or _("new connection")
            )
            saved_cookies = self._service.cookies, _endpoint(typed)
            no_keyring = await self._service.secrets.why_missing()
            variables = self.variables() if self.variables is not None else None
            after = await edit(
                window,
                title,
                before,
                error,
                saved_cookies,
                no_keyring,
                variables,
                self.folder,
            )
        finally:
            self._is_asking = False
        if after.save_secrets != before.save_secrets:
            self._service.settings.save_secrets = after.save_secrets
        if after != before:
            self._store_edited(typed, after)
        self._show_summary()

    def _store_edited(self, typed: str, profile: Profile) -> None:
        if self.saved is not None:
            self.saved.store(typed, without_known(profile, self.own_secrets()))
        elif self._profiles.has_draft(typed):
            self._profiles.draft(typed, profile)
        else:
            self._profiles.store(typed, profile)

    async def _show_certificate(self) -> None:
        from spacebeam.ui.options.certificate_dialog import ask_trust

        window = self._page.get_root()
        if self._refused is None or self._is_asking or not isinstance(window, Gtk.Window):
            return
        error, address, profile, made_from = self._refused
        tls = error.report.tls
        assert tls is not None
        host = _host(error.report.url)  # a redirect may have led to another host
        self._is_asking = True
        try:
            is_trusted = await ask_trust(window, host, tls, profile.tls.trusted_sha256)
        finally:
            self._is_asking = False
        if is_trusted:
            trust = {"tls.trusted_sha256": tls.chain[0].sha256}
            if self.saved is None:
                self._source.store(address, with_values(profile, trust))
            else:  # what it connected with has values in place of variables, and saved secrets
                self._source.store(address, with_values(self._source.find(address), trust))
            self._connect(address, with_values(profile, trust), made_from)

    def _fill_in_pasted(self, text: str, before: str = "") -> bool:
        """Fill in a pasted command line; return whether the text is more than an address."""
        from spacebeam.ui.options.command_paste import fill_in

        return fill_in(self._page, self, text, before)

    def _on_page_pasted(self, _page: ConnectionPage, text: str, before: str) -> None:
        self._fill_in_pasted(text, before)

    def _on_page_connect_requested(self, _page: ConnectionPage, typed: str) -> None:
        if not self._fill_in_pasted(typed):
            self.connect_to(typed)

    def fill_in(self, address: str, *, connects: bool) -> None:
        """Fill in a recent address, and connect to it if told to and nothing is missing."""
        self.with_secrets(address, self._choose if connects else self._show_address)

    def edit(self) -> None:
        """Open the window of the options."""
        self._tasks.start(self._edit())

    def _on_page_recent_chosen(self, _page: ConnectionPage, address: str) -> None:
        self.fill_in(address, connects=True)

    def _choose(self, address: str) -> None:
        if self._show_address(address):
            self.connect_to(address)

    def _show_address(self, address: str) -> bool:
        """Fill in an address; return whether it has all its parts."""
        if has_mask(address):
            self._page.show_gap(address, _("The secret part of this address was not saved."))
        else:
            self._page.show_address(address)
        return not has_mask(address)

    def _on_page_forget_requested(self, _page: ConnectionPage, address: str) -> None:
        self._service.forget(address)

    def _on_page_typed(self, _page: ConnectionPage) -> None:
        self._show_summary()

    def _on_page_options_requested(self, _page: ConnectionPage) -> None:
        self.edit()

    def _on_page_certificate_requested(self, _page: ConnectionPage) -> None:
        self._tasks.start(self._show_certificate())


def _endpoint(address: str) -> Endpoint | None:
    try:
        return parse(address)
    except EndpointError:
        return None


def _host(address: str) -> str:
    endpoint = _endpoint(address)
    return "" if endpoint is None else one_line(endpoint.display_host)
