"""The endpoints of an authorization server: typed, or named by its metadata.

The metadata are those of OpenID Connect Discovery 1.0 or RFC 8414.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.http_exchange import HttpRequest, exchange
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.profile import OAuthSettings
from spacebeam.session.oauth.requests import endpoint_of, json_object
from spacebeam.session.oauth.values import OAuthEndpoints, OAuthError

_WELL_KNOWN = "/.well-known/"
_NAMES = ("openid-configuration", "oauth-authorization-server")


async def endpoints(settings: OAuthSettings, options: HandshakeOptions) -> OAuthEndpoints:
    """Return the endpoints, typed ones first. Raise OAuthError or HandshakeError."""
    typed = OAuthEndpoints(
        settings.token_url.strip(), settings.authorization_url.strip(), settings.device_url.strip()
    )
    issuer = settings.issuer.strip()
    if not issuer:
        return typed
    found = await _metadata(issuer, options)
    return OAuthEndpoints(
        typed.token or _address(found, "token_endpoint", issuer),
        typed.authorization or _address(found, "authorization_endpoint", issuer),
        typed.device or _address(found, "device_authorization_endpoint", issuer),
        str(found["issuer"]),
        found.get("authorization_response_iss_parameter_supported") is True,
    )


async def _metadata(issuer: str, options: HandshakeOptions) -> dict[str, object]:
    for url in metadata_addresses(issuer):
        answer = await exchange(HttpRequest(endpoint_of(url)), options)
        found = dict(json_object(answer)) if answer.status == 200 else {}
        if found:
            # RFC 8414, section 3.3: another server could name its own endpoints.
            stated = found.get("issuer")
            is_same = isinstance(stated, str) and stated.rstrip("/") == _issuer(issuer)
            if not is_same:
                raise OAuthError(Failure(FailureCause.OAUTH_METADATA, detail="issuer"))
            return found
    raise OAuthError(Failure(FailureCause.OAUTH_METADATA, endpoint_of(issuer).display_host))


def metadata_addresses(issuer: str) -> tuple[str, ...]:
    """Return where an issuer's metadata may be; an address of metadata is used as it is."""
    if _WELL_KNOWN in issuer:
        return (issuer,)
    base = issuer.rstrip("/")
    parts = urlsplit(base)
    host = f"{parts.scheme}://{parts.netloc}"
    openid, oauth = (f"{_WELL_KNOWN}{name}" for name in _NAMES)
    return tuple(dict.fromkeys((base + openid, f"{host}{oauth}{parts.path}")))


def _issuer(typed: str) -> str:
    """Return the issuer of the typed address, which may be that of its metadata."""
    before, well_known, after = typed.rstrip("/").partition(_WELL_KNOWN)
    if not well_known:
        return before.rstrip("/")
    _name, slash, path = after.partition("/")
    return f"{before}{slash}{path}".rstrip("/")


def _address(found: dict[str, object], name: str, issuer: str) -> str:
    """Return an endpoint of the metadata; it must be as secure as the issuer."""
    value = found.get(name)
    if not isinstance(value, str):
        return ""
    is_secure = value.lower().startswith("https://")
    if not is_secure and not issuer.lower().startswith("http://"):
        raise OAuthError(Failure(FailureCause.OAUTH_METADATA, detail=name))
    endpoint_of(value)
    return value
