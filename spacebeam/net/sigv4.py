"""Signs a handshake as AWS asks for it: Signature Version 4, in headers or in the query.

API Gateway's WebSockets take both, IoT Core takes the query. The signature has the time, so each
request is signed again. AWS's own library would bring 14 MB for these lines; tests compare with it,
and with AWS's published test suite.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote_to_bytes

_ALGORITHM = "AWS4-HMAC-SHA256"
_NO_BODY = hashlib.sha256(b"").hexdigest()
_EXPIRES_S = 300  # of a signed address: as long as AWS allows a clock to be wrong
_TOKEN = "X-Amz-Security-Token"
IOT = "iotdevicegateway"
# Hosts that tell service and region. IoT's own hosts may have `-ats`.
_HOSTS = (
    (re.compile(r"[^.]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"), "execute-api"),
    (re.compile(r"[^.]+\.iot\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"), IOT),
    (re.compile(r"transcribestreaming\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"), "transcribe"),
    (re.compile(r"[^.]+\.[^.]+\.([a-z0-9-]+)\.neptune\.amazonaws\.com(?:\.cn)?"), "neptune-db"),
)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """An access key; `session_token` belongs to a temporary one."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AwsScope:
    """Which service of which region a signature is for."""

    region: str
    service: str


def scope_of(host: str) -> AwsScope:
    """Return the scope that a host's name tells; its parts are empty if it tells none."""
    for pattern, service in _HOSTS:
        if match := pattern.fullmatch(host.lower()):
            return AwsScope(match[1], service)
    return AwsScope("", "")


def signed_headers(
    host: str, resource: str, credentials: AwsCredentials, scope: AwsScope, now: datetime
) -> Pairs:
    """Return the headers that sign a GET request without a body. `now` is UTC."""
    headers = {"X-Amz-Date": _time(now)}
    if credentials.session_token:
        headers[_TOKEN] = credentials.session_token
    signed = {"host": host, **{name.lower(): value for name, value in headers.items()}}
    path, _, query = resource.partition("?")
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = "\n".join(("GET", _path(path), _query(query), lines, names, _NO_BODY))
    signature = _signature(canonical, credentials, scope, now)
    credential = f"{credentials.access_key}/{_scope(scope, now)}"
    authorization = f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, " + (
        f"Signature={signature}"
    )
    return (*headers.items(), ("Authorization", authorization))


def signed_query(
    host: str, resource: str, credentials: AwsCredentials, scope: AwsScope, now: datetime
) -> Pairs:
    """Return the parameters that sign an address, to be added at the end of its query.

    IoT wants the session token beside the signature, not below it.
    """
    added = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{_scope(scope, now)}",
        "X-Amz-Date": _time(now),
        "X-Amz-Expires": str(_EXPIRES_S),
        "X-Amz-SignedHeaders": "host",
    }
    token = {_TOKEN: credentials.session_token} if credentials.session_token else {}
    is_token_signed = scope.service != IOT
    signed = {**added, **token} if is_token_signed else added
    path, _, query = resource.partition("?")
    own = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in signed.items())
    query = f"{query}&{own}" if query else own
    canonical = "\n".join(("GET", _path(path), _query(query), f"host:{host}\n", "host", _NO_BODY))
    signature = _signature(canonical, credentials, scope, now)
    return (
        *signed.items(),
        ("X-Amz-Signature", signature),
        *(() if is_token_signed else token.items()),
    )


def _signature(canonical: str, credentials: AwsCredentials, scope: AwsScope, now: datetime) -> str:
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((_ALGORITHM, _time(now), _scope(scope, now), hashed))
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (*_scope(scope, now).split("/"), text):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


def _path(path: str) -> str:
    """Return the canonical path; as it is sent, it is encoded once already."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    end = "/" if parts and path.endswith("/") else ""
    return "/" + quote("/".join(parts), safe="/~") + end


def _query(query: str) -> str:
    """Return the canonical query: each name and value encoded in one way, and sorted."""
    pairs = (one.partition("=") for one in query.split("&") if one)
    return "&".join(
        f"{name}={value}"
        for name, value in sorted((_again(one), _again(two)) for one, _, two in pairs)
    )


def _again(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="-_.~")


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _scope(scope: AwsScope, now: datetime) -> str:
    return f"{now:%Y%m%d}/{scope.region}/{scope.service}/aws4_request"


def _time(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}"
