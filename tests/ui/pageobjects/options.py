"""The options of a connection as a person edits them, and the dialog about a certificate."""

from __future__ import annotations

from enum import Enum
from typing import Any

from gi.repository import Adw, Gtk

from spacebeam.profiles.profile import (
    DEFAULTS,
    MIB,
    PAIRS,
    AwsForm,
    ClientAuthentication,
    OAuthGrant,
    Pair,
    Profile,
    ProxyChoice,
    SignInMethod,
    SpokenProtocol,
    TokenPlace,
    value_at,
)
from spacebeam.ui.options.certificate_dialog import CertificateDialog
from spacebeam.ui.options.file_row import FileRow
from spacebeam.ui.options.further_sign_in_row import FurtherSignInRow
from spacebeam.ui.options.limits_page import LimitsPage
from spacebeam.ui.options.options_window import OptionsWindow
from spacebeam.ui.options.pair_row import PairRow
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.proxy_page import ProxyPage
from spacebeam.ui.options.request_page import RequestPage
from spacebeam.ui.options.schemas_page import SchemasPage
from spacebeam.ui.options.sign_in_page import SignInPage
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.options.tls_page import TlsPage
from tests.ui.doing import descendants
from tests.ui.pageobjects.form import FormPage
from tests.ui.pageobjects.page import Page, has_focus

OptionsSection = RequestPage | SignInPage | TlsPage | ProxyPage | LimitsPage | SchemasPage

ADD, PASTE, REMOVE = "Add", "Paste from clipboard", "Remove"

# Of every field: the title of its page, and the title of its row or group there.
TITLES = {
    "protocol.name": ("Request", "Protocol"),
    "protocol.auth": ("Request", "Sign-in data, an object of JSON"),
    "protocol.topic": ("Request", "Topic to join"),
    "request.headers": ("Request", "Headers"),
    "request.query": ("Request", "Query parameters"),
    "request.cookies": ("Request", "Cookies"),
    "request.save_cookies": ("Request", "Save cookies from servers"),
    "request.subprotocols": ("Request", "Names, separated by commas"),
    "request.compression": ("Request", "Offer compression"),
    "request.follow_redirects": ("Request", "Follow redirects"),
    "request.max_redirects": ("Request", "Maximum redirects"),
    "sign_in.method": ("Sign-in", "Method"),
    "sign_in.user": ("Sign-in", "User"),
    "sign_in.password": ("Sign-in", "Password"),
    "sign_in.token": ("Sign-in", "Token"),
    "sign_in.key_name": ("Sign-in", "Key name"),
    "sign_in.key_value": ("Sign-in", "Key"),
    "aws.access_key": ("Sign-in", "Access key ID"),
    "aws.secret_key": ("Sign-in", "Secret access key"),
    "aws.session_token": ("Sign-in", "Session token of a temporary key"),
    "aws.profile": ("Sign-in", "Profile in ~/.aws/credentials"),
    "aws.region": ("Sign-in", "Region"),
    "aws.service": ("Sign-in", "Service, such as execute-api"),
    "aws.form": ("Sign-in", "Signature"),
    "oauth.grant": ("Sign-in", "Grant"),
    "oauth.issuer": ("Sign-in", "Issuer"),
    "oauth.client_id": ("Sign-in", "Client ID"),
    "oauth.client_secret": ("Sign-in", "Client secret, if there is one"),
    "oauth.scope": ("Sign-in", "Scope"),
    "oauth.authorization_url": ("Sign-in", "Sign-in address"),
    "oauth.device_url": ("Sign-in", "Device address"),
    "oauth.token_url": ("Sign-in", "Token address"),
    "oauth.redirect_url": ("Sign-in", "Redirect to this computer"),
    "oauth.authentication": ("Sign-in", "Client ID and secret"),
    "oauth.audience": ("Sign-in", "Audience"),
    "oauth.resource": ("Sign-in", "Resource"),
    "oauth.extra": ("Sign-in", "Further parameters, as in a query"),
    "oauth.place": ("Sign-in", "Access token"),
    "oauth.parameter": ("Sign-in", "Parameter name"),
    "save_secrets": ("Sign-in", "Save in the keyring"),
    "tls.verify": ("TLS", "Verify certificate"),
    "tls.ca_file": ("TLS", "Trusted authorities (PEM file)"),
    "tls.trusted_sha256": ("TLS", "Trusted fingerprint (SHA-256)"),
    "tls.certificate_file": ("TLS", "Certificate (PEM or PKCS#12)"),
    "tls.key_file": ("TLS", "Private key, if in another file"),
    "tls.certificate_password": ("TLS", "Password of the key or PKCS#12 file"),
    "proxy.choice": ("Proxy", "Proxy"),
    "proxy.address": ("Proxy", "Address"),
    "proxy.user": ("Proxy", "User"),
    "proxy.password": ("Proxy", "Password"),
    "record": ("Connection", "Record messages"),
    "limits.connect_timeout": ("Connection", "Connect timeout"),
    "limits.close_timeout": ("Connection", "Close timeout"),
    "limits.max_message": ("Connection", "Maximum message size"),
    "limits.check_text": ("Connection", "Refuse invalid text"),
    "pings.answer": ("Connection", "Answer pings"),
    "pings.keepalive": ("Connection", "Keepalive"),
    "pings.interval": ("Connection", "Ping interval"),
    "pings.timeout": ("Connection", "Ping timeout"),
    "reconnect.enabled": ("Connection", "Reconnect"),
    "reconnect.attempts": ("Connection", "Maximum attempts"),
    "reconnect.first_delay": ("Connection", "First delay"),
    "reconnect.max_delay": ("Connection", "Longest delay"),
    "schemas.protobuf": ("Schemas", "Schema (.proto or descriptor set)"),
    "schemas.message_types": ("Schemas", "Message types, separated by commas"),
    "schemas.avro": ("Schemas", "Schema (.avsc)"),
    "schemas.json_schema": ("Schemas", "JSON Schema of received messages, or AsyncAPI"),
}
CHOICES: dict[Enum, str] = {
    SpokenProtocol.AUTOMATIC: "Automatic",
    SpokenProtocol.SOCKET_IO: "Socket.IO",
    SpokenProtocol.ENGINE_IO: "Engine.IO",
    SpokenProtocol.GRAPHQL: "GraphQL",
    SpokenProtocol.GRAPHQL_WS: "GraphQL (graphql-ws)",
    SpokenProtocol.PHOENIX: "Phoenix",
    SpokenProtocol.STOMP: "STOMP",
    SpokenProtocol.MQTT: "MQTT",
    SpokenProtocol.MQTT_5: "MQTT 5",
    SpokenProtocol.SIGNALR: "SignalR",
    SpokenProtocol.SIGNALR_MESSAGE_PACK: "SignalR (MessagePack)",
    SignInMethod.NONE: "None",
    SignInMethod.PASSWORD: "User and password",
    SignInMethod.BEARER: "Bearer token",
    SignInMethod.KEY_IN_HEADER: "API key in a header",
    SignInMethod.KEY_IN_QUERY: "API key in the query",
    SignInMethod.AWS: "AWS signature (SigV4)",
    SignInMethod.OAUTH: "OAuth 2",
    OAuthGrant.CODE: "Sign in in the browser",
    OAuthGrant.CLIENT: "Client credentials",
    OAuthGrant.DEVICE: "Code for a device",
    ClientAuthentication.BASIC: "In a header",
    ClientAuthentication.POST: "In the form",
    TokenPlace.HEADER: "In the Authorization header",
    TokenPlace.QUERY: "In the query",
    AwsForm.QUERY: "In the query",
    AwsForm.HEADERS: "In headers",
    ProxyChoice.SYSTEM: "System proxy",
    ProxyChoice.NONE: "No proxy",
    ProxyChoice.CUSTOM: "Custom proxy",
}
UNITS = {"limits.max_message": MIB}  # of numbers that are shown in a larger unit


class PairPage(Page[PairRow]):
    """A row with a name and a value."""

    @property
    def name_entry(self) -> Gtk.Entry:
        return self.child("_name_entry", Gtk.Entry)

    @property
    def value_entry(self) -> Gtk.Entry:
        return self.child("_value_entry", Gtk.Entry)

    def type_name(self, text: str) -> None:
        """Replace the name."""
        self.name_entry.set_text(text)

    def type_value(self, text: str) -> None:
        """Replace the value."""
        self.value_entry.set_text(text)

    @property
    def is_marked(self) -> bool:
        """Whether the row and both of its fields are marked as wrong."""
        parts = (self.widget, self.name_entry, self.value_entry)
        marks = {part.has_css_class("error") for part in parts}
        assert len(marks) == 1
        return marks.pop()


class PairsPage(Page[PairsGroup]):
    """A list of names and values."""

    @property
    def rows(self) -> list[PairPage]:
        return [PairPage(row) for row in descendants(self.widget, PairRow)]

    def enter(self, pairs: tuple[Pair, ...]) -> None:
        """Remove every row, and add these pairs."""
        for row in self.rows:
            row.press(REMOVE)
        for name, value in pairs:
            self.press(ADD)
            row = self.rows[-1]
            row.type_name(name)
            row.type_value(value or "")


class SectionPage(FormPage[Adw.PreferencesPage]):
    """One page of the options."""

    def pairs(self, title: str) -> PairsPage:
        """Return the list of names and values with this title."""
        groups = descendants(self.widget, PairsGroup)
        return PairsPage(next(one for one in groups if one.get_title() == title))

    @property
    def tells_of_secrets(self) -> bool:
        """Whether it says how long secrets are remembered."""
        return self.child("_save_secrets", SwitchRow).get_visible()

    @property
    def further_sign_ins(self) -> list[FurtherSignInPage]:
        """The sign-ins beside the first one."""
        return [FurtherSignInPage(row) for row in descendants(self.widget, FurtherSignInRow)]

    @property
    def has_warning(self) -> bool:
        """Whether it warns of an unchecked certificate."""
        return self.child("_warning_label", Gtk.Label).get_visible()

    @property
    def stop_trusting_button(self) -> Gtk.Button:
        """The button that removes the trusted fingerprint."""
        return self.child("_stop_trusting_button", Gtk.Button)


class FurtherSignInPage(FormPage[FurtherSignInRow]):
    """One of the sign-ins beside the first one."""


class OptionsPage(Page[OptionsWindow]):
    """The window with all options. Its fields are named by their paths in the profile."""

    @property
    def profile(self) -> Profile:
        """The profile as it was edited so far."""
        return self.widget.profile

    # Its pages

    @property
    def _pages(self) -> list[OptionsSection]:
        every = descendants(self.widget, Adw.PreferencesPage)
        return [page for page in every if isinstance(page, OptionsSection)]

    @property
    def sections(self) -> list[str]:
        """The titles of its pages."""
        return [page.get_title() for page in self._pages]

    @property
    def shown_section(self) -> str:
        """The title of the page that is shown."""
        page = self.widget.get_visible_page()
        assert page is not None
        return page.get_title()

    def section(self, title: str) -> SectionPage:
        return SectionPage(next(page for page in self._pages if page.get_title() == title))

    def open_section(self, title: str) -> SectionPage:
        """Click the title of a page."""
        section = self.section(title)
        self.widget.set_visible_page(section.widget)
        return section

    # Its fields

    def row(self, path: str) -> Adw.PreferencesRow:
        """Return the row of a field that is not a list."""
        section, title = TITLES[path]
        return self.section(section).row(title, Adw.PreferencesRow)

    def pairs(self, path: str) -> PairsPage:
        """Return the list of a field with names and values."""
        section, title = TITLES[path]
        return self.section(section).pairs(title)

    def enter(self, path: str, value: Any) -> None:
        """Open the page of a field, and give the field another value."""
        name, title = TITLES[path]
        section = self.open_section(name)
        if path in PAIRS:
            section.pairs(title).enter(value)
        elif isinstance(value, Enum):
            section.choose(title, CHOICES[value])
        elif isinstance(value, bool):
            if section.is_switched_on(title) is not value:
                section.switch(title)
        elif isinstance(value, (int, float)):
            section.enter_number(title, value / UNITS.get(path, 1))
        else:
            section.type_in(title, value if isinstance(value, str) else ", ".join(value))

    def enter_all(self, profile: Profile) -> None:
        """Enter every value of a profile that is not there yet."""
        for path in DEFAULTS:
            value = value_at(profile, path)
            if value_at(self.profile, path) != value:
                self.enter(path, value)

    def read(self, profile: Profile) -> Profile:
        """Return a profile with the values of all rows."""
        for page in self._pages:
            profile = page.form.read(profile)
        return profile

    def is_marked(self, path: str) -> bool:
        """Return whether a field, or a row of its list, is marked as wrong."""
        if path in PAIRS:
            return any(row.is_marked for row in self.pairs(path).rows)
        return self.row(path).has_css_class("error")

    def focuses(self, path: str, number: int | None = None) -> bool:
        """Return whether the keyboard focus is on a field, or on a row of its list."""
        if path in PAIRS:
            return self.pairs(path).rows[number or 0].has_focus
        return has_focus(self.row(path))

    def close(self) -> None:
        self.widget.close()


class FilePage(Page[FileRow]):
    """A row with the path of a file."""

    @property
    def is_choosing(self) -> bool:
        """Whether a file is being chosen."""
        return self.widget._tasks.are_running


class CertificatePage(Page[CertificateDialog]):
    """The dialog about a certificate that is not trusted."""

    @property
    def subject(self) -> Gtk.Label:
        return self.child("_subject_label", Gtk.Label)

    @property
    def issuer(self) -> Gtk.Label:
        return self.child("_issuer_label", Gtk.Label)

    @property
    def validity(self) -> Gtk.Label:
        return self.child("_validity_label", Gtk.Label)

    def trust(self) -> None:
        """Click the button that trusts the certificate."""
        self.widget.response("trust")

    def cancel(self) -> None:
        self.widget.response("cancel")

    def close(self) -> None:
        self.widget.close()

    def press_enter(self) -> None:
        """Press Enter, which clicks the default button."""
        assert self.widget.get_default_response() == "cancel"
        self.widget.activate_default()
