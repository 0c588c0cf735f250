"""Why a connection could not be made, as values; `wording.failures` makes the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FailureKind(Enum):
    """The kinds of failures that scripts tell apart."""

    REFUSED = "refused"
    NAME_NOT_FOUND = "name not found"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TLS = "tls"
    TIMED_OUT = "timed out"
    HTTP_STATUS = "http status"
    NOT_A_WEBSOCKET = "not a websocket"
    PROXY = "proxy"
    SIGN_IN = "sign-in"
    CANCELLED = "cancelled"
    LOST = "lost"
    OTHER = "other"


class FailureCause(Enum):
    """What exactly failed."""

    REFUSED = "refused"
    NAME_NOT_FOUND = "name-not-found"
    HOST_UNREACHABLE = "host-unreachable"
    NETWORK_UNREACHABLE = "network-unreachable"
    SOCKET_NOT_FOUND = "socket-not-found"  # a UNIX socket
    PERMISSION_DENIED = "permission-denied"
    TIMED_OUT = "timed-out"  # by the system
    TIME_LIMIT = "time-limit"  # the handshake's own; `seconds`, `stage`
    CERTIFICATE = "certificate"  # `faults`
    CERTIFICATE_REQUIRED = "certificate-required"
    CERTIFICATE_FILE = "certificate-file"  # `path`, `detail`
    KEY_PASSWORD_REQUIRED = "key-password-required"  # of an encrypted key; `path`
    KEY_PASSWORD_WRONG = "key-password-wrong"  # `path`
    CERTIFICATE_PASSWORD = "certificate-password"  # of a PKCS#12 file; `path`
    KEY_MISSING = "key-missing"  # in a PEM file; `path`
    KEY_MISMATCH = "key-mismatch"  # the key does not belong to the certificate; `path` is the key's
    TLS = "tls"  # `detail`, `hints`
    HTTP_2_ONLY = "http-2-only"  # TLS refused because HTTP/1.1 is not spoken
    PROXY_UNREACHABLE = "proxy-unreachable"  # `proxy`, `detail`
    PROXY_FAILED = "proxy-failed"  # `status` of an HTTP proxy, or `detail`
    PROXY_SIGN_IN_REFUSED = "proxy-sign-in-refused"
    PROXY_SIGN_IN_REQUIRED = "proxy-sign-in-required"
    PROXY_NOT_ALLOWED = "proxy-not-allowed"
    PROXY_ADDRESS = "proxy-address"  # `detail` is its invalid scheme, or empty without a host
    NOT_HTTP = "not-http"  # `detail` is the server's greeting; `protocol`
    NO_HANDSHAKE = "no-handshake"  # `detail` is the value of an UpgradeFault
    SUBPROTOCOL = "subprotocol"  # `detail` was chosen, and is not in `offered`
    HEAD_TOO_LONG = "head-too-long"
    PAGE = "page"  # a 2xx answer; `status`
    HTTP_STATUS = "http-status"  # `status`, `detail` is its phrase
    SIGN_IN_SCHEME = "sign-in-scheme"  # status 401; `detail` has the schemes it asks for
    REDIRECT_TARGET = "redirect-target"  # an invalid one; `detail`
    REDIRECT_REFUSED = "redirect-refused"  # redirects are not followed; `detail` is the target
    REDIRECT_LIMIT = "redirect-limit"  # `count`; `detail` is the target
    CLOSED = "closed"  # by the server, without an answer; `hints`
    CUT_OFF = "cut-off"  # by the server, inside its answer
    OAUTH_REFUSED = "oauth-refused"  # by the authorization server; `detail` has its words
    OAUTH_ANSWER = "oauth-answer"  # its answer has no token; `status`
    OAUTH_METADATA = "oauth-metadata"  # there is none, or not of this issuer; `detail` says which
    OAUTH_ENDPOINT = "oauth-endpoint"  # missing in the metadata; `detail` is its name
    OAUTH_REDIRECT = "oauth-redirect"  # back from the browser, but not from this sign-in
    OAUTH_PORT = "oauth-port"  # of the redirect is in use; `detail`
    OAUTH_TIMED_OUT = "oauth-timed-out"  # nobody signed in; `seconds`
    OAUTH_SIGN_IN = "oauth-sign-in"  # the person has to sign in again
    AWS_CREDENTIALS = "aws-credentials"  # none were found; `detail` is the profile's name
    AWS_SCOPE = "aws-scope"  # region or service are not known
    CANCELLED = "cancelled"
    OTHER = "other"  # `detail`


class HandshakeStep(Enum):
    """How far a handshake came before its time limit ran out."""

    BEFORE_LOOKUP = "before-lookup"
    LOOKUP = "lookup"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    PROXY = "proxy"
    PROXY_AGREED = "proxy-agreed"
    TLS = "tls"
    TLS_DONE = "tls-done"
    WAITING_FOR_ANSWER = "waiting-for-answer"
    INSIDE_HEAD = "inside-head"  # of an answer, before its status is known
    INSIDE_ANSWER = "inside-answer"


class FailureHint(Enum):
    """What may have caused a failure, if the server's behaviour does not rule it out."""

    NO_TLS = "no-tls"  # the server does not use TLS
    TLS_REQUIRED = "tls-required"
    SUBPROTOCOL_REQUIRED = "subprotocol-required"
    CERTIFICATE_WANTED = "certificate-wanted"  # a client's; with TLS 1.3, its alert may be lost


class UpgradeFault(Enum):
    """Why a 101 answer does not open a WebSocket (RFC 6455, section 4.1)."""

    UPGRADE = "upgrade"
    CONNECTION = "connection"
    ACCEPT = "accept"
    SUBPROTOCOL = "subprotocol"
    SUBPROTOCOLS = "subprotocols"  # more than one
    EXTENSIONS = "extensions"
    COMPRESSION = "compression"  # parameters of permessage-deflate


class CertificateFault(Enum):
    """Why a certificate failed verification (Gio.TlsCertificateFlags)."""

    UNKNOWN_AUTHORITY = "unknown-authority"
    WRONG_NAME = "wrong-name"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"
    INSECURE = "insecure"


_KINDS = {
    FailureCause.REFUSED: FailureKind.REFUSED,
    FailureCause.NAME_NOT_FOUND: FailureKind.NAME_NOT_FOUND,
    FailureCause.HOST_UNREACHABLE: FailureKind.UNREACHABLE,
    FailureCause.NETWORK_UNREACHABLE: FailureKind.UNREACHABLE,
    FailureCause.SOCKET_NOT_FOUND: FailureKind.UNREACHABLE,
    FailureCause.PERMISSION_DENIED: FailureKind.UNREACHABLE,
    FailureCause.TIMED_OUT: FailureKind.TIMED_OUT,
    FailureCause.TIME_LIMIT: FailureKind.TIMED_OUT,
    FailureCause.CERTIFICATE: FailureKind.CERTIFICATE,
    FailureCause.CERTIFICATE_REQUIRED: FailureKind.TLS,
    FailureCause.CERTIFICATE_FILE: FailureKind.TLS,
    FailureCause.KEY_PASSWORD_REQUIRED: FailureKind.TLS,
    FailureCause.KEY_PASSWORD_WRONG: FailureKind.TLS,
    FailureCause.CERTIFICATE_PASSWORD: FailureKind.TLS,
    FailureCause.KEY_MISSING: FailureKind.TLS,
    FailureCause.KEY_MISMATCH: FailureKind.TLS,
    FailureCause.TLS: FailureKind.TLS,
    FailureCause.HTTP_2_ONLY: FailureKind.NOT_A_WEBSOCKET,
    FailureCause.PROXY_UNREACHABLE: FailureKind.PROXY,
    FailureCause.PROXY_FAILED: FailureKind.PROXY,
    FailureCause.PROXY_SIGN_IN_REFUSED: FailureKind.PROXY,
    FailureCause.PROXY_SIGN_IN_REQUIRED: FailureKind.PROXY,
    FailureCause.PROXY_NOT_ALLOWED: FailureKind.PROXY,
    FailureCause.PROXY_ADDRESS: FailureKind.PROXY,
    FailureCause.NOT_HTTP: FailureKind.NOT_A_WEBSOCKET,
    FailureCause.NO_HANDSHAKE: FailureKind.NOT_A_WEBSOCKET,
    FailureCause.SUBPROTOCOL: FailureKind.NOT_A_WEBSOCKET,
    FailureCause.HEAD_TOO_LONG: FailureKind.NOT_A_WEBSOCKET,
    FailureCause.PAGE: FailureKind.NOT_A_WEBSOCKET,
    FailureCause.HTTP_STATUS: FailureKind.HTTP_STATUS,
    FailureCause.SIGN_IN_SCHEME: FailureKind.HTTP_STATUS,
    FailureCause.REDIRECT_TARGET: FailureKind.HTTP_STATUS,
    FailureCause.REDIRECT_REFUSED: FailureKind.HTTP_STATUS,
    FailureCause.REDIRECT_LIMIT: FailureKind.HTTP_STATUS,
    FailureCause.CLOSED: FailureKind.LOST,
    FailureCause.CUT_OFF: FailureKind.LOST,
    FailureCause.OAUTH_REFUSED: FailureKind.SIGN_IN,
    FailureCause.OAUTH_ANSWER: FailureKind.SIGN_IN,
    FailureCause.OAUTH_METADATA: FailureKind.SIGN_IN,
    FailureCause.OAUTH_ENDPOINT: FailureKind.SIGN_IN,
    FailureCause.OAUTH_REDIRECT: FailureKind.SIGN_IN,
    FailureCause.OAUTH_PORT: FailureKind.SIGN_IN,
    FailureCause.OAUTH_TIMED_OUT: FailureKind.SIGN_IN,
    FailureCause.OAUTH_SIGN_IN: FailureKind.SIGN_IN,
    FailureCause.AWS_CREDENTIALS: FailureKind.SIGN_IN,
    FailureCause.AWS_SCOPE: FailureKind.SIGN_IN,
    FailureCause.CANCELLED: FailureKind.CANCELLED,
    FailureCause.OTHER: FailureKind.OTHER,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a connection could not be made. Texts may be the peer's and are not escaped."""

    cause: FailureCause
    where: str = ""  # the server, as in "example.com:8080"; of NAME_NOT_FOUND the host alone
    detail: str = ""  # the system's words, or the peer's
    status: int = 0  # HTTP
    proxy: str = ""  # its address without credentials
    proxy_source: str = ""  # as in `Proxy`
    path: str = ""  # of a certificate file
    seconds: float = 0.0
    count: int = 0  # redirects that were followed
    step: HandshakeStep | None = None
    faults: tuple[CertificateFault, ...] = ()
    protocol: str = ""  # that the server speaks in place of HTTP, if it is recognised
    hints: tuple[FailureHint, ...] = ()
    offered: tuple[str, ...] = ()  # subprotocols

    @property
    def kind(self) -> FailureKind:
        """The kind that scripts see."""
        return _KINDS[self.cause]
