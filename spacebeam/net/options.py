"""How to connect: everything a person can decide about a handshake. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from spacebeam.net.cookies import CookieJar
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.frame_decoder import DEFAULT_MAX_MESSAGE

DIRECT = "direct"  # as a proxy: none, whatever the system says


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """What is trusted, and what this side shows."""

    verify: bool = True  # off: any certificate will do
    ca_file: str | None = None  # authorities to trust instead of the system's, PEM
    trusted_sha256: str | None = None  # one certificate to trust, by its fingerprint in hexadecimal
    certificate_file: str | None = None  # the client's own: PEM, or PKCS#12 with its key
    key_file: str | None = None  # where a PEM certificate's key is in another file
    password: str | None = None  # of the PKCS#12 file


@dataclass(frozen=True, slots=True)
class HandshakeOptions:
    """How to connect."""

    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    time_limit: float = 10.0  # for the whole handshake with its redirects, in seconds
    compression: bool = True  # offer permessage-deflate
    user: str | None = None  # for Basic and Digest; the address's own comes first
    password: str | None = None
    cookies: tuple[tuple[str, str], ...] = ()  # names and values to send; win over the jar's
    # Where the cookies that servers set are kept; None: until the handshake is over.
    cookie_jar: CookieJar | None = None
    # Query parameters that no one is shown but the server that the address names.
    secret_query: tuple[tuple[str, str], ...] = ()
    secret_names: frozenset[str] = frozenset()  # of keys in headers or the query, in lower case
    max_redirects: int = 10  # 0: follow none
    proxy: str | None = None  # http://…, socks5://…, with credentials; None: the system's
    tls: TlsOptions = field(default_factory=TlsOptions)

    def for_other_host(self) -> HandshakeOptions:
        """The same for a host that a redirect leads to: without anything that is secret."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() in _CARRIED)
        return HandshakeOptions(
            headers=kept,
            subprotocols=self.subprotocols,
            time_limit=self.time_limit,
            compression=self.compression,
            cookie_jar=self.cookie_jar,  # it knows which host gets what
            max_redirects=self.max_redirects,
            proxy=self.proxy,
            tls=TlsOptions(self.tls.verify, self.tls.ca_file, self.tls.trusted_sha256),
        )


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of one connection."""

    max_message: int = DEFAULT_MAX_MESSAGE  # bytes, unpacked
    close_time: float = 5.0  # seconds that the peer has to answer a close frame
    linger_time: float = 1.0  # seconds that the server then has to close the stream


# Headers that say nothing about who is asking. All others may hold a key, under any name.
_CARRIED = ("user-agent", "origin", "accept-language")


def bearer(token: str) -> tuple[str, str]:
    """The header of Bearer authentication (RFC 6750, section 2.1)."""
    return "Authorization", f"Bearer {token}"


def with_api_key(
    options: HandshakeOptions, name: str, value: str, *, in_query: bool = False
) -> HandshakeOptions:
    """The options with an API key: in a header of that name, or in the query.

    Either goes to the host alone that is connected to, and in the query it is no part of the
    address that is shown, kept or reported (OpenAPI's security scheme `apiKey`).
    """
    names = options.secret_names | {name.lower()}
    if in_query:
        query = (*options.secret_query, (name, value))
        return replace(options, secret_query=query, secret_names=names)
    return replace(options, headers=(*options.headers, (name, value)), secret_names=names)


def with_query(endpoint: Endpoint, parameters: tuple[tuple[str, str], ...]) -> Endpoint:
    """The endpoint with query parameters added, percent-encoded."""
    if not parameters:
        return endpoint
    added = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters
    )
    between = "&" if "?" in endpoint.resource else "?"
    return endpoint.with_resource(endpoint.resource + between + added)
