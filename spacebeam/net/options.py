"""Options of a handshake and limits of a connection. Values only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from spacebeam.net.cookies import CookieJar
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.frame_decoder import DEFAULT_MAX_MESSAGE
from spacebeam.protocol.known_secrets import masked
from spacebeam.protocol.secrets import MASK
from spacebeam.protocol.subprotocol_secrets import masked_subprotocols

_CERTIFICATE_FILE = re.compile(r"(?:[^\\:]|\\[\\:]?)*")
DIRECT = "direct"  # as `proxy`: no proxy, also if the system has one


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """Trusted certificates, and the client certificate."""

    verify: bool = True  # off: any certificate is accepted
    ca_file: str | None = None  # PEM file of authorities, in place of the system's
    trusted_sha256: str | None = None  # fingerprint of one certificate to trust, hexadecimal
    certificate_file: str | None = None  # client certificate: PEM, or PKCS#12 with its key
    key_file: str | None = None  # the PEM key, if it is in another file
    password: str | None = None  # of the PKCS#12 file, or of an encrypted PEM key


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """AWS's signature. What is empty is found as AWS's tools find it, or by the host's name."""

    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    region: str = ""
    service: str = ""
    profile: str = ""  # of AWS's credentials file
    in_query: bool = True  # off: in headers


@dataclass(frozen=True, slots=True)
class HandshakeOptions:
    """Options of one handshake."""

    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    time_limit: float = 10.0  # for the whole handshake with its redirects, in seconds
    compression: bool = True  # offer permessage-deflate
    # For Basic and Digest, unless the address has a user or `headers` has an Authorization.
    user: str | None = None
    password: str | None = None
    cookies: tuple[tuple[str, str], ...] = ()  # replace the jar's of the same name
    # Stores the cookies that servers set; None: only for this handshake.
    cookie_jar: CookieJar | None = None
    # Query parameters that are sent only to the address's own server and never shown.
    secret_query: tuple[tuple[str, str], ...] = ()
    secret_names: frozenset[str] = frozenset()  # headers and parameters, lower case
    aws: AwsOptions | None = None
    is_private: bool = False  # the server's address is not logged
    max_redirects: int = 10  # 0: none is followed
    proxy: str | None = None  # http://…, socks5://…, with credentials; None: the system's
    tls: TlsOptions = field(default_factory=TlsOptions)

    def for_other_host(self) -> HandshakeOptions:
        """Return the same options without secrets, for another host that a redirect names."""
        safe_headers = tuple(
            (name, value)
            for name, value in self.headers
            if name.lower() in _SAFE_HEADERS and masked(value, MASK) == value
        )
        subprotocols = masked_subprotocols(self.subprotocols)
        return HandshakeOptions(
            headers=safe_headers,
            subprotocols=tuple(one for one in subprotocols if MASK not in one),
            time_limit=self.time_limit,
            compression=self.compression,
            cookie_jar=self.cookie_jar,  # it selects cookies by host
            max_redirects=self.max_redirects,
            proxy=self.proxy,
            tls=TlsOptions(self.tls.verify, self.tls.ca_file, self.tls.trusted_sha256),
            is_private=self.is_private,
        )


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of one connection, and how strict it is."""

    max_message: int = DEFAULT_MAX_MESSAGE  # bytes, unpacked
    close_time: float = 5.0  # seconds that the peer has to answer a close frame
    linger_time: float = 1.0  # seconds that the server then has to close the stream
    checks_text: bool = True  # off: a text that is not UTF-8 is received like any other


# Headers without credentials. Any other header may have one, under any name.
_SAFE_HEADERS = ("user-agent", "origin", "accept-language")


def bearer(token: str) -> tuple[str, str]:
    """Return the header of Bearer authentication (RFC 6750, section 2.1)."""
    return "Authorization", f"Bearer {token}"


def with_api_key(
    options: HandshakeOptions, name: str, value: str, *, in_query: bool = False
) -> HandshakeOptions:
    """Return the options with an API key, in a header or the query (OpenAPI's `apiKey`).

    It is sent only to the address's own host. In the query it is not part of the address that is
    shown, saved or reported.
    """
    names = options.secret_names | {name.lower()}
    if in_query:
        query = (*options.secret_query, (name, value))
        return replace(options, secret_query=query, secret_names=names)
    return replace(options, headers=(*options.headers, (name, value)), secret_names=names)


def with_query(endpoint: Endpoint, parameters: tuple[tuple[str, str], ...]) -> Endpoint:
    """Return the endpoint with added query parameters, percent-encoded."""
    if not parameters:
        return endpoint
    added = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters
    )
    resource = endpoint.resource
    between = "" if resource.endswith(("?", "&")) else "&" if "?" in resource else "?"
    return endpoint.with_resource(resource + between + added)


def split_certificate(written: str) -> tuple[str, str | None]:
    r"""Split `FILE[:PASSWORD]`, where `\:` and `\\` are a colon and a backslash of the file.

    As curl's option `--cert`: without any colon, backslashes are backslashes.
    """
    if ":" not in written:
        return written, None
    found = _CERTIFICATE_FILE.match(written)
    assert found is not None  # it may be empty
    password = written[found.end() + 1 :] if found.end() < len(written) else None
    return re.sub(r"\\([\\:])", r"\1", found[0]), password


def written_certificate(file: str, password: str) -> str:
    """Return a client certificate as `split_certificate` reads it."""
    if ":" in file or password:
        file = re.sub(r"([\\:])", r"\\\1", file)
    return f"{file}:{password}" if password else file
