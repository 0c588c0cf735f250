"""What a person has decided about connecting to one address: plain values, in JSON and out again.

Secrets are never written down. A secret that was there is written as null and comes back as None,
so that whoever reads the file later knows that something is missing and asks for it, instead of
connecting without it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from spacebeam.protocol.secrets import is_secret_name, scheme_of

MAX_PAIRS = 100  # headers, parameters, cookies, subprotocols; of each
MAX_TEXT = 16 * 1024  # characters

Secret = str | None  # None: there was one, and it was not kept
Pair = tuple[str, Secret]  # name and value

# Wholes and what they may be; the units are those of the fields below.
BOUNDS: dict[str, tuple[float, float]] = {
    "max_redirects": (1, 50),
    "connect_time": (1, 600),
    "close_time": (1, 60),
    "max_message": (1, 900),  # a row of SQLite holds a little more
    "keepalive_interval": (1, 3600),
    "keepalive_limit": (1, 600),
    "reconnect_attempts": (1, 1000),
    "reconnect_first": (0.1, 600),
    "reconnect_longest": (1, 3600),
}


class Authentication(Enum):
    """How this side says who it is."""

    NONE = "none"
    PASSWORD = "password"  # user and password, Basic or Digest as the server asks
    BEARER = "bearer"
    KEY_IN_HEADER = "key in a header"
    KEY_IN_QUERY = "key in the query"


class ProxyUse(Enum):
    """Which way to go."""

    SYSTEM = "system"
    NONE = "none"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Profile:
    """How to connect to one address; what stands here may be wrong, as it was typed."""

    headers: tuple[Pair, ...] = ()
    query: tuple[Pair, ...] = ()
    subprotocols: tuple[str, ...] = ()
    cookies: tuple[Pair, ...] = ()
    keep_cookies: bool = True  # that servers set
    compression: bool = True
    follow_redirects: bool = True
    max_redirects: int = 10

    authentication: Authentication = Authentication.NONE
    user: str = ""
    password: Secret = ""
    token: Secret = ""
    key_name: str = "X-API-Key"  # of a header or of a parameter
    key_value: Secret = ""

    verify: bool = True  # off: any certificate will do
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    certificate_password: Secret = ""
    trusted_sha256: str = ""  # hexadecimal

    proxy: ProxyUse = ProxyUse.SYSTEM
    proxy_address: str = ""
    proxy_user: str = ""
    proxy_password: Secret = ""

    connect_time: int = 10  # seconds, for the whole handshake
    close_time: int = 5  # seconds
    max_message: int = 64  # MiB
    keepalive: bool = False
    keepalive_interval: int = 20  # seconds
    keepalive_limit: int = 20  # seconds
    answers_pings: bool = True
    reconnect: bool = False
    reconnect_attempts: int = 10
    reconnect_first: float = 1.0  # seconds
    reconnect_longest: int = 30  # seconds
    keeps_recording: bool = True  # off: nothing that is said is written to the disk

    def as_json(self) -> dict[str, Any]:
        """What differs from the defaults, without the secrets."""
        return {
            name: _written(name, value)
            for name in _DEFAULTS
            if (value := getattr(self, name)) != _DEFAULTS[name]
        }


SECRETS = frozenset(("password", "token", "key_value", "certificate_password", "proxy_password"))
_PAIRS = frozenset(("headers", "query", "cookies"))
_DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(Profile)}


def is_secret(field: str, name: str, value: Secret) -> bool:
    """Whether the value of a pair in this field lets somebody in. All cookies count."""
    if field == "cookies" or value is None:
        return True
    return is_secret_name(name) or bool(scheme_of(value))


def from_json(values: object) -> Profile:
    """Take what fits; all else is left at its default."""
    if not isinstance(values, dict):
        return Profile()
    taken = {}
    for name, value in values.items():
        if name in _DEFAULTS and (read := _read(name, value)) is not _UNFIT:
            taken[name] = read
    return Profile(**taken)


_UNFIT: Any = object()


def _written(name: str, value: Any) -> Any:
    if name in SECRETS:
        return None
    if name in _PAIRS:
        return [[one, None if is_secret(name, one, content) else content] for one, content in value]
    if name == "proxy_address":
        return without_userinfo(value)
    return value.value if isinstance(value, Enum) else value


def without_userinfo(address: str) -> str:
    """An address without the user and password that somebody may have typed into it.

    All up to the last `@` goes: a password may have been typed with a slash in it.
    """
    start, slashes, rest = address.partition("://")
    return start + slashes + rest.rpartition("@")[2] if slashes else start.rpartition("@")[2]


def _read(name: str, value: Any) -> Any:
    """The value where it fits the field, or else _UNFIT."""
    default = _DEFAULTS[name]
    if name in SECRETS:
        return None if value is None else _UNFIT
    if name in _PAIRS:
        return tuple(_pairs(value)) if isinstance(value, list) else _UNFIT
    if isinstance(default, tuple):
        return tuple(filter(_fits, value[:MAX_PAIRS])) if isinstance(value, list) else _UNFIT
    if isinstance(default, Enum):
        kinds = {one.value: one for one in type(default)}
        return kinds.get(value, _UNFIT) if isinstance(value, str) else _UNFIT
    if isinstance(default, str):
        return value if _fits(value) else _UNFIT
    if isinstance(default, bool):
        return value if isinstance(value, bool) else _UNFIT
    return _number(name, value)


def _number(name: str, value: Any) -> Any:
    is_whole = isinstance(_DEFAULTS[name], int)
    if type(value) is not int and (is_whole or type(value) is not float):
        return _UNFIT
    least, most = BOUNDS[name]
    return _UNFIT if not least <= value <= most else value if is_whole else round(value, 1)


def _pairs(values: list[Any]) -> list[Pair]:
    return [
        (one[0], one[1])
        for one in values[:MAX_PAIRS]
        if isinstance(one, list)
        and len(one) == 2
        and _fits(one[0])
        and (one[1] is None or _fits(one[1]))
    ]


def _fits(value: Any) -> bool:
    """Whether this is text that a field can show: whole characters, and no end within."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
