"""What the first screen does with options: shows, changes and uses them, trusts certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gi.repository import Gtk

from spacebeam.decode.visible import one_line
from spacebeam.net.failures import FailureKind
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.summary import summary
from spacebeam.profiles.validation import ValidationError, validate
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.ui.options.address_options import AddressOptions
from spacebeam.ui.options.certificate_dialog import ask_trust
from spacebeam.ui.options.options_window import edit
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.failures import advice, explanation
from spacebeam.wording.report import report_text

Connect = Callable[[str, Profile], None]


class ConnectionOptions:
    """Stands between a first screen, what is kept, and `connect`, which begins to connect."""

    def __init__(
        self, page: ConnectionPage, keeper: SettingsService, tasks: Tasks, connect: Connect
    ) -> None:
        self._page = page
        self._keeper = keeper
        self._tasks = tasks
        self._connect = connect
        self._options = AddressOptions(keeper)
        self._is_asking = False
        self._refused: tuple[HandshakeError, str, Profile] | None = None
        page.connect("typed", lambda _page: self.show())
        page.connect("options-requested", lambda _page: tasks.start(self._edit()))
        page.connect("certificate-requested", lambda _page: tasks.start(self._show_certificate()))
        self.show()

    def show(self) -> None:
        """Say on the screen what is special about the address that stands there."""
        settings = self._options.of(self._page.address)
        self._page.show_options(summary(settings), is_unsafe=not settings.verify)

    def connect_to(self, typed: str) -> None:
        """Connect with the address's options; where there is a mistake in them, show it instead."""
        settings = self._options.use(typed)
        mistakes = validate(settings)
        if mistakes:
            self._tasks.start(self._edit(mistakes[0]))
        else:
            self._connect(typed, settings)

    def remember(self, address: str, settings: Profile) -> None:
        """An address was connected to with these options."""
        if settings == Profile() and address not in self._keeper.settings.options:
            self._keeper.remember(address)
        else:
            self._options.keep(address, settings)

    def show_failure(self, error: HandshakeError, address: str, settings: Profile) -> None:
        """Say why connecting failed; where it was the certificate, offer to show it."""
        failure, tls = error.failure, error.report.tls
        is_certificate = failure.kind is FailureKind.CERTIFICATE and bool(tls and tls.chain)
        self._refused = (error, address, settings) if is_certificate else None
        self._page.show_failure(
            explanation(failure),
            advice(failure),
            report_text(error.report),
            has_certificate=is_certificate,
        )

    async def _edit(self, at: ValidationError | None = None) -> None:
        window = self._page.get_root()
        if self._is_asking or not isinstance(window, Gtk.Window):
            return
        typed = self._page.address
        before = self._options.of(typed)
        self._is_asking = True
        try:
            title = f"Options: {_host(typed) or 'new connection'}"
            kept = self._keeper.cookies, _endpoint(typed)
            after = await edit(window, title, before, at, kept)
        finally:
            self._is_asking = False
        if after != before:
            self._options.keep(typed, after)
        self.show()

    async def _show_certificate(self) -> None:
        window = self._page.get_root()
        if self._refused is None or self._is_asking or not isinstance(window, Gtk.Window):
            return
        error, address, settings = self._refused
        tls = error.report.tls
        assert tls is not None
        host = _host(error.report.url)  # after a redirect it is not the address's
        self._is_asking = True
        try:
            is_trusted = await ask_trust(window, host, tls, settings.trusted_sha256)
        finally:
            self._is_asking = False
        if is_trusted:
            trusting = replace(settings, trusted_sha256=tls.chain[0].sha256)
            self._options.keep(address, trusting)
            self._connect(address, trusting)


def _endpoint(address: str) -> Endpoint | None:
    try:
        return parse(address)
    except EndpointError:
        return None


def _host(address: str) -> str:
    endpoint = _endpoint(address)
    return "" if endpoint is None else one_line(endpoint.display_host)
