"""Collects what a pasted text says, and makes a profile of it."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from spacebeam.exchange.command_lines.pasted_connection import (
    LeftOut,
    LeftOutKind,
    PastedConnection,
    PasteError,
    PasteProblem,
)
from spacebeam.net.options import split_certificate
from spacebeam.net.proxy import with_scheme
from spacebeam.net.request_rules import belongs_to_handshake, cookie_fault, header_fault
from spacebeam.profiles import pasted
from spacebeam.profiles.profile import (
    NUMBER_LIMITS,
    AwsForm,
    Profile,
    ProxyChoice,
    SignInMethod,
    with_values,
)
from spacebeam.profiles.saved_profile import without_credentials
from spacebeam.protocol.endpoint import EndpointError, parse

_OF_BROWSERS = re.compile(r"sec-(?:fetch|ch)-.*", re.IGNORECASE)
_MADE_BY_US = ("accept-encoding", "content-length")
_AWS_TOKEN = "x-amz-security-token"
_SCHEMES = {"http": "ws", "https": "wss"}
_COMMAND_WORD = re.compile(r"[\w.+-]{1,40}")
_MAX_NAME = 60  # characters of a name that is shown


class ConnectionBuilder:
    """A connection in the making. What does not fit is noted."""

    def __init__(self) -> None:
        self.address = ""
        self.values: dict[str, Any] = {}  # by the paths of a profile
        self.messages: list[str] = []
        self._left_out: dict[LeftOut, None] = {}
        self._headers: list[tuple[str, str]] = []
        self._cookies: list[tuple[str, str]] = []
        self._subprotocols: list[str] = []
        self._signs_in_by_header = False

    def leave_out(self, kind: LeftOutKind, name: str = "") -> None:
        """Note something that is not in the connection."""
        self._left_out[LeftOut(kind, name[:_MAX_NAME])] = None

    def leave_out_command(self, words: list[str]) -> None:
        """Note another command; its name only if it looks like one."""
        is_name = words and _COMMAND_WORD.fullmatch(words[0])
        self.leave_out(LeftOutKind.COMMAND, words[0] if is_name else "")

    def header_line(self, line: str) -> None:
        """Add a header, written `Name: value`; curl's `Name;` has an empty value."""
        name, colon, value = line.partition(":")
        if not colon and line.endswith(";"):
            name = line[:-1]
        elif not colon:
            self.leave_out(LeftOutKind.HEADER)
            return
        self.header(name.strip(), value.strip())

    def header(self, name: str, value: str) -> None:
        """Add a header: as it is, as another field of the profile, or not at all."""
        lower = name.lower()
        if lower == "sec-websocket-protocol":
            self.subprotocols(value)
        elif lower == "sec-websocket-extensions":
            self._extensions(name, value)
        elif lower == "sec-websocket-version" and value != "13":
            self.leave_out(LeftOutKind.HEADER, name)
        elif belongs_to_handshake(name) or lower in _MADE_BY_US:
            self.leave_out(LeftOutKind.OWN_HEADER, name)
        elif _OF_BROWSERS.fullmatch(name):
            self.leave_out(LeftOutKind.BROWSER_HEADER, name)
        elif header_fault(name, value) is not None:
            self.leave_out(LeftOutKind.HEADER, name if name.isprintable() else "")
        elif lower == "cookie":
            self.cookies(value)
        elif lower == "authorization":
            self._authorization(name, value)
        else:
            self._headers.append((name, value))

    def _extensions(self, name: str, value: str) -> None:
        offered = [one.partition(";")[0].strip().lower() for one in value.split(",")]
        self.values["request.compression"] = "permessage-deflate" in offered
        if set(offered) - {"permessage-deflate", ""}:
            self.leave_out(LeftOutKind.HEADER, name)

    def cookies(self, text: str) -> None:
        """Add cookies, written `name=value; …`; as a header, if not all have a valid name."""
        pairs = pasted.cookies(text).pairs
        if all(cookie_fault(*pair) is None for pair in pairs):
            self._cookies += pairs
        elif header_fault("Cookie", text) is None:
            self._headers.append(("Cookie", text))
        else:
            self.leave_out(LeftOutKind.HEADER, "Cookie")

    def subprotocols(self, text: str) -> None:
        """Add subprotocols, separated by commas."""
        for one in filter(None, map(str.strip, text.split(","))):
            if one not in self._subprotocols:
                self._subprotocols.append(one)

    def _authorization(self, name: str, value: str) -> None:
        if self._signs_in_by_header:
            self.leave_out(LeftOutKind.HEADER, name)
            return
        if self.values.get("sign_in.method") is SignInMethod.PASSWORD:
            self.leave_out(LeftOutKind.OPTION, "--user")
        self._signs_in_by_header = True
        scheme, _, credentials = value.partition(" ")
        credentials = credentials.strip()
        if scheme.lower() == "bearer" and credentials:
            self._sign_in({"method": SignInMethod.BEARER, "token": credentials})
        elif scheme.lower() != "basic" or not self.basic(credentials):
            self.forget_sign_in()
            self._headers.append((name, value))

    def basic(self, credentials: str) -> bool:
        """Sign in with the credentials of Basic authentication; return whether they are valid."""
        try:
            user, colon, password = b64decode(credentials, validate=True).decode().partition(":")
        except (Base64Error, ValueError):
            return False
        if colon:
            self._sign_in({"method": SignInMethod.PASSWORD, "user": user, "password": password})
        return bool(colon)

    def user(self, text: str) -> None:
        """Sign in with `user:password`, unless a header does."""
        if self._signs_in_by_header:
            self.leave_out(LeftOutKind.OPTION, "--user")
            return
        user, colon, password = text.partition(":")
        self._sign_in(
            {
                "method": SignInMethod.PASSWORD,
                "user": user,
                "password": password if colon else None,  # it is asked for
            }
        )

    def bearer(self, token: str) -> None:
        """Sign in with a bearer token."""
        self.header("Authorization", f"Bearer {token}")

    def aws_signature(self, region: str, service: str) -> None:
        """Sign with the user and password as access key, unless a header signs in."""
        if self._signs_in_by_header:
            self.leave_out(LeftOutKind.OPTION, "--aws-sigv4")
            return
        tokens = [value for name, value in self._headers if name.lower() == _AWS_TOKEN]
        self._headers = [one for one in self._headers if one[0].lower() != _AWS_TOKEN]
        values = {
            "access_key": self.values.get("sign_in.user", ""),
            "secret_key": self.values.get("sign_in.password", ""),
            "session_token": tokens[0] if tokens else "",
            "region": region,
            "service": service,
            "form": AwsForm.HEADERS,
        }
        self._sign_in({"method": SignInMethod.AWS})
        self.values |= {f"aws.{name}": value for name, value in values.items()}

    def _sign_in(self, values: Mapping[str, Any]) -> None:
        self.forget_sign_in()
        self.values |= {f"sign_in.{name}": value for name, value in values.items()}

    def forget_sign_in(self) -> None:
        """Forget an earlier sign-in: the last one counts."""
        for path in [one for one in self.values if one.startswith("sign_in.")]:
            del self.values[path]

    def proxy(self, address: str, scheme: str = "http") -> None:
        """Use a proxy; an address without a scheme gets `scheme`, an empty one means none."""
        if not address:
            self.values["proxy.choice"] = ProxyChoice.NONE
            return
        address = with_scheme(address, scheme)
        credentials = address.partition("://")[2].rpartition("@")[0]
        self.values["proxy.choice"] = ProxyChoice.CUSTOM
        self.values["proxy.address"] = without_credentials(address)
        if credentials:
            self.proxy_user(unquote(credentials))

    def proxy_user(self, text: str) -> None:
        """Sign in to the proxy with `user:password`."""
        self.values["proxy.user"], _, self.values["proxy.password"] = text.partition(":")

    def certificate(self, text: str) -> None:
        """Use a client certificate, written `FILE[:PASSWORD]`. The file is not read here."""
        self.values["tls.certificate_file"], password = split_certificate(text)
        if password is not None:
            self.values["tls.certificate_password"] = password

    def set(self, path: str, value: Any) -> None:
        """Set a field of the profile."""
        self.values[path] = value

    def add_message(self, text: str) -> None:
        """Add a message to be sent after connecting."""
        self.messages.append(text)

    def set_address(self, address: str) -> None:
        """Set the address, unless there is one."""
        if self.address:
            self.leave_out(LeftOutKind.COMMAND)
        else:
            self.address = address

    def method(self, name: str) -> None:
        """Note a method that a WebSocket does not have."""
        if name.upper() not in ("", "GET"):
            self.leave_out(LeftOutKind.METHOD, name)

    def redirects(self, text: str) -> None:
        """Follow at most this number of redirects."""
        if text == "0":
            self.values["request.follow_redirects"] = False
        else:
            self.number("request.max_redirects", text)

    def ping_interval(self, text: str) -> None:
        """Send pings at this interval in seconds."""
        self.values["pings.keepalive"] = True
        self.number("pings.interval", text)

    def number(self, path: str, text: str) -> None:
        """Set a number, unless the profile does not allow it."""
        least, most = NUMBER_LIMITS[path]
        try:
            value = float(text)
            is_whole = path == "request.max_redirects"
            if not least <= value <= most:
                raise ValueError
            self.values[path] = int(value) if is_whole else value
        except ValueError:
            self.leave_out(LeftOutKind.OPTION, path.partition(".")[2].replace("_", "-"))

    def finish(self, *, needs_address: bool = True) -> PastedConnection:
        """Return the connection. Raise PasteError if it has no address and needs one."""
        if needs_address and not self.address:
            raise PasteError(PasteProblem.NO_ADDRESS)
        address = self._finished_address()
        values = {
            "request.headers": tuple(self._headers_for(address)),
            "request.cookies": tuple(self._cookies),
            "request.subprotocols": tuple(self._subprotocols),
            **self.values,
        }
        profile = with_values(Profile(), values)
        return PastedConnection(address, profile, tuple(self.messages), tuple(self._left_out))

    def _finished_address(self) -> str:
        address, mark, _fragment = self.address.partition("#")
        if mark:
            self.leave_out(LeftOutKind.FRAGMENT)
        scheme, separator, rest = address.partition("://")
        return f"{_SCHEMES.get(scheme.lower(), scheme)}{separator}{rest}"

    def _headers_for(self, address: str) -> list[tuple[str, str]]:
        """Return the headers without a Host that the address has anyway."""
        try:
            authority = parse(address).authority
        except EndpointError:
            authority = ""
        found = []
        for name, value in self._headers:
            if name.lower() == "host" and value.lower() in (authority, ""):
                self.leave_out(LeftOutKind.OWN_HEADER, name)
            else:
                found.append((name, value))
        return found
