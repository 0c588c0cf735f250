"""How to connect to one address, as values: one model for the window and the terminal.

Values are as the person typed them and may be invalid; `validation.validate` checks them. A field
is named by its path, such as "tls.ca_file".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from operator import attrgetter
from typing import Any

from spacebeam.profiles.written_secrets import is_only_variables
from spacebeam.protocol.secrets import is_secret_name, scheme_of, without_secrets

MIB = 1024 * 1024  # bytes
MAX_PAIRS = 100  # headers, parameters, cookies, subprotocols; of each
MAX_TEXT = 16 * 1024  # characters

Secret = str | None  # None: there was a secret, but it was not saved
Pair = tuple[str, Secret]  # name and value


class SignInMethod(Enum):
    """How the client authenticates."""

    NONE = "none"
    PASSWORD = "password"  # Basic at once; Digest if the server asks for it
    BEARER = "bearer"
    KEY_IN_HEADER = "key in a header"
    KEY_IN_QUERY = "key in the query"
    AWS = "aws"  # `AwsSettings`
    OAUTH = "oauth"  # `OAuthSettings`


class AwsForm(Enum):
    """Where AWS's signature is."""

    QUERY = "query"
    HEADERS = "headers"


class OAuthGrant(Enum):
    """How an access token is granted (RFC 6749, RFC 8628)."""

    CODE = "authorization code"  # the person signs in in the browser
    CLIENT = "client credentials"  # without a person
    DEVICE = "device code"  # the person signs in in a browser anywhere


class ClientAuthentication(Enum):
    """Where client ID and secret are sent (RFC 6749, section 2.3.1)."""

    BASIC = "basic"
    POST = "post"


class TokenPlace(Enum):
    """Where the handshake has the access token (RFC 6750, section 2)."""

    HEADER = "header"
    QUERY = "query"


class SpokenProtocol(Enum):
    """The protocol that the client speaks by itself over the connection."""

    AUTOMATIC = "automatic"  # none; messages are decoded by what they are
    SOCKET_IO = "socketio"
    ENGINE_IO = "engineio"
    GRAPHQL = "graphql"  # graphql-transport-ws
    GRAPHQL_WS = "graphql-ws"  # the older one, of subscriptions-transport-ws
    PHOENIX = "phoenix"
    STOMP = "stomp"
    MQTT = "mqtt"  # 3.1.1
    MQTT_5 = "mqtt5"
    SIGNALR = "signalr"  # in JSON
    SIGNALR_MESSAGE_PACK = "signalr-messagepack"


class ProxyChoice(Enum):
    """Which proxy is used."""

    SYSTEM = "system"
    NONE = "none"
    CUSTOM = "own"


@dataclass(frozen=True, slots=True)
class RequestSettings:
    """The opening request, besides the address."""

    headers: tuple[Pair, ...] = ()
    query: tuple[Pair, ...] = ()
    cookies: tuple[Pair, ...] = ()
    save_cookies: bool = True  # that servers set, until the program ends
    subprotocols: tuple[str, ...] = ()
    compression: bool = True  # offer permessage-deflate
    follow_redirects: bool = True
    max_redirects: int = 10


@dataclass(frozen=True, slots=True)
class SignIn:
    """Credentials; only those of `method` are sent."""

    method: SignInMethod = SignInMethod.NONE
    user: str = ""
    password: Secret = ""
    token: Secret = ""
    key_name: str = "X-API-Key"  # of a header or a query parameter
    key_value: Secret = ""


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """AWS's signature (SigV4); what is empty is found as AWS's tools find it, or by the host."""

    access_key: str = ""
    secret_key: Secret = ""
    session_token: Secret = ""
    region: str = ""
    service: str = ""
    profile: str = ""  # of AWS's credentials file
    form: AwsForm = AwsForm.QUERY


@dataclass(frozen=True, slots=True)
class OAuthSettings:
    """OAuth 2: how an access token is obtained, and where it is sent."""

    grant: OAuthGrant = OAuthGrant.CODE
    issuer: str = ""  # whose metadata name the endpoints that are empty (RFC 8414)
    authorization_url: str = ""
    token_url: str = ""
    device_url: str = ""
    client_id: str = ""
    client_secret: Secret = ""  # "": a public client
    authentication: ClientAuthentication = ClientAuthentication.BASIC
    scope: str = ""  # names, separated by spaces
    audience: str = ""
    resource: str = ""  # RFC 8707
    extra: str = ""  # further parameters, `name=value&…`
    redirect_url: str = ""  # of this computer; "": a free port
    place: TokenPlace = TokenPlace.HEADER
    parameter: str = "access_token"  # name in the query
    refresh_token: Secret = ""  # of the last sign-in; not edited


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Trusted certificates, and the client certificate."""

    verify: bool = True  # off: any certificate is accepted
    ca_file: str = ""  # PEM file of authorities, in place of the system's
    trusted_sha256: str = ""  # fingerprint of one certificate to trust, hexadecimal
    certificate_file: str = ""  # PEM, or PKCS#12 with its key
    key_file: str = ""
    certificate_password: Secret = ""  # of the PKCS#12 file, or of an encrypted key


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """Which proxy is used; the address and credentials are those of a custom one."""

    choice: ProxyChoice = ProxyChoice.SYSTEM
    address: str = ""  # http://… or socks5://…
    user: str = ""
    password: Secret = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Timeouts and sizes, and how strict the connection is."""

    connect_timeout: float = 10  # seconds, for the whole handshake
    close_timeout: float = 5  # seconds
    max_message: int = 64 * MIB  # bytes, decompressed
    check_text: bool = True  # off: a text that is not UTF-8 does not end the connection


@dataclass(frozen=True, slots=True)
class PingSettings:
    """Whether the server's pings are answered, and whether the client sends its own."""

    answer: bool = True
    keepalive: bool = False
    interval: float = 20  # seconds
    timeout: float = 20  # seconds


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Whether and how a lost connection is opened again."""

    enabled: bool = False
    attempts: int = 10  # in a row; 0: no limit
    first_delay: float = 1.0  # seconds
    max_delay: float = 30  # seconds


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """Files that say what payloads mean, where the payloads themselves do not.

    In a saved connection, a relative path is one in the folder of its collection.
    """

    protobuf: str = ""  # a .proto file or a descriptor set
    message_types: tuple[str, ...] = ()  # rules, as `decode.schemas.protobuf_rule` reads them
    avro: str = ""  # .avsc
    json_schema: str = ""  # of received messages, or an AsyncAPI document of both directions


@dataclass(frozen=True, slots=True)
class ProtocolSettings:
    """The protocol that is spoken over the connection, and the data it is opened with."""

    name: SpokenProtocol = SpokenProtocol.AUTOMATIC
    auth: Secret = ""  # an object of JSON
    topic: str = ""  # of Phoenix, that is joined


@dataclass(frozen=True, slots=True)
class Profile:
    """How to connect to one address."""

    request: RequestSettings = field(default_factory=RequestSettings)
    sign_in: SignIn = field(default_factory=SignIn)
    tls: TlsSettings = field(default_factory=TlsSettings)
    proxy: ProxySettings = field(default_factory=ProxySettings)
    limits: Limits = field(default_factory=Limits)
    pings: PingSettings = field(default_factory=PingSettings)
    reconnect: Reconnect = field(default_factory=Reconnect)
    record: bool = True  # off: no message is written to disk
    save_secrets: bool = False  # in the desktop's keyring; the person agreed
    aws: AwsSettings = field(default_factory=AwsSettings)
    oauth: OAuthSettings = field(default_factory=OAuthSettings)
    schemas: SchemaFiles = field(default_factory=SchemaFiles)
    protocol: ProtocolSettings = field(default_factory=ProtocolSettings)
    other_sign_ins: tuple[SignIn, ...] = ()  # sent as well: no AWS, no OAuth


# Smallest and largest numbers that the window offers and a settings file may hold.
NUMBER_LIMITS: dict[str, tuple[float, float]] = {
    "request.max_redirects": (1, 50),
    "limits.connect_timeout": (1, 600),
    "limits.close_timeout": (1, 60),
    "limits.max_message": (MIB, 900 * MIB),  # a row of SQLite holds a little more
    "pings.interval": (1, 3600),
    "pings.timeout": (1, 600),
    "reconnect.attempts": (1, 1000),
    "reconnect.first_delay": (0.1, 600),
    "reconnect.max_delay": (1, 3600),
}
SECRETS = frozenset(
    (
        "sign_in.password",
        "sign_in.token",
        "sign_in.key_value",
        "aws.secret_key",
        "aws.session_token",
        "oauth.client_secret",
        "oauth.refresh_token",
        "protocol.auth",
        "tls.certificate_password",
        "proxy.password",
    )
)
PAIRS = frozenset(("request.headers", "request.query", "request.cookies"))


def _defaults() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(Profile):
        if one.name == "other_sign_ins":
            continue
        value = getattr(Profile(), one.name)
        if is_dataclass(value):
            found |= {f"{one.name}.{inner.name}": inner.default for inner in fields(value)}
        else:
            found[one.name] = value
    return found


DEFAULTS = _defaults()  # of every field that is edited and saved, by its path


def value_at(profile: Profile, path: str) -> Any:
    """Return the value of the field at `path`."""
    return attrgetter(path)(profile)


def with_values(profile: Profile, values: Mapping[str, Any]) -> Profile:
    """Return the profile with other values of the fields at these paths."""
    changed: dict[str, Any] = {}
    for path, value in values.items():
        group, _, name = path.rpartition(".")
        if group:
            before = changed.get(group, getattr(profile, group))
            changed[group] = replace(before, **{name: value})
        else:
            changed[name] = value
    return replace(profile, **changed)


def is_secret(path: str, name: str, value: Secret) -> bool:
    """Whether a header, parameter or cookie may hold a credential. Every cookie may.

    A value that is only variables holds none.
    """
    if value is None:
        return True
    if is_only_variables(value):
        return False
    if path == "request.cookies":
        return True
    return is_secret_name(name) or bool(scheme_of(value)) or without_secrets(value) != value
