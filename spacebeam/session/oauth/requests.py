"""Requests to the authorization server, by oauthlib, and their answers.

oauthlib makes the bodies and reads the answers; it does no HTTP itself. It is imported at the first
use: few connections need it.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.http_exchange import HttpRequest, exchange
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HttpExchange
from spacebeam.profiles.profile import ClientAuthentication, OAuthSettings
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.secrets import is_secret_name
from spacebeam.session.oauth.values import OAuthError, Tokens, refused

_MAX_TOKEN = 16 * 1024  # characters
# Of a token request; its answer may repeat them (RFC 6749 and 8628).
_SECRET_PARAMETERS = ("code", "code_verifier", "device_code", "password", "refresh_token")
_MAX_SHOWN = 200  # characters of a wrong address


def endpoint_of(url: str) -> Endpoint:
    """Return an http or https address as an endpoint. Raise OAuthError."""
    scheme, slashes, _rest = url.strip().partition("://")
    try:
        if not slashes or scheme.lower() not in ("http", "https"):
            raise EndpointError("address", "")
        return parse(url.strip())
    except EndpointError:
        failure = Failure(FailureCause.OAUTH_ENDPOINT, path=url[:_MAX_SHOWN])
        raise OAuthError(failure) from None


def further_parameters(settings: OAuthSettings) -> dict[str, str]:
    """Return audience, resource and extra parameters."""
    found = dict(parse_qsl(settings.extra, keep_blank_values=True))
    named = {"audience": settings.audience.strip(), "resource": settings.resource.strip()}
    return found | {name: value for name, value in named.items() if value}


async def ask_for_token(
    settings: OAuthSettings,
    url: str,
    body: Callable[..., str],
    options: HandshakeOptions,
    further: Mapping[str, str],
) -> Tokens:
    """Ask the token endpoint; `body` is a method of oauthlib's client that makes the form.

    The `further` parameters win over those of the form. Raise OAuthError, or HandshakeError if the
    server cannot be reached.
    """
    by_post = settings.authentication is ClientAuthentication.POST
    made = body(include_client_id=by_post or not settings.client_secret)
    form = urlencode({**dict(parse_qsl(made, keep_blank_values=True)), **further})
    answer = await post(settings, url, form, options)
    return _tokens(answer, parse(url).display_host, sent_secrets(settings, form))


def sent_secrets(settings: OAuthSettings, form: str) -> tuple[str, ...]:
    """Return the secrets of a request: its answer may repeat them."""
    sent = (
        value
        for name, value in parse_qsl(form)
        if name in _SECRET_PARAMETERS or is_secret_name(name)
    )
    secret = settings.client_secret or ""
    return (secret, _basic(settings), *sent) if secret else tuple(sent)


async def post(
    settings: OAuthSettings, url: str, form: str, options: HandshakeOptions
) -> HttpExchange:
    """Send a form to the authorization server, with the client's authentication."""
    secret = settings.client_secret or ""
    headers: tuple[tuple[str, str], ...] = ()
    if secret and settings.authentication is ClientAuthentication.POST:
        form = f"{form}&{urlencode({'client_secret': secret})}"
    elif secret:
        headers = (("Authorization", f"Basic {_basic(settings)}"),)
    return await exchange(HttpRequest(endpoint_of(url), form, headers), options)


def _basic(settings: OAuthSettings) -> str:
    """Return the client's credentials as in a header (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(settings.client_id)}:{quote_plus(settings.client_secret or '')}"
    return b64encode(pair.encode()).decode()


def json_object(answer: HttpExchange) -> Mapping[str, Any]:
    """Return an answer's JSON object; empty for anything else."""
    try:
        values = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _tokens(answer: HttpExchange, where: str, secrets: Iterable[str]) -> Tokens:
    from oauthlib.oauth2 import OAuth2Error
    from oauthlib.oauth2.rfc6749.parameters import parse_token_response

    no_token = OAuthError(Failure(FailureCause.OAUTH_ANSWER, where, status=answer.status))
    values = dict(json_object(answer))
    lifetime = values.pop("expires_in", None)  # oauthlib refuses an odd one
    try:
        parsed = parse_token_response(json.dumps(values) if values else answer.body)
    except OAuth2Error as error:
        if error.error in ("missing_token", "missing_token_type"):
            raise no_token from None
        words = str(error.error), error.description or ""
        raise refused(*words, where, answer.status, secrets) from None
    except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError):
        # It expects an object.
        raise no_token from None
    access, refresh = parsed.get("access_token"), parsed.get("refresh_token") or ""
    if not (_is_token(access) and (refresh == "" or _is_token(refresh))):
        raise no_token
    seconds = _lifetime(parsed.get("expires_in", lifetime))
    return Tokens(access, refresh, None if seconds is None else time.time() + seconds)


def _lifetime(value: Any) -> float | None:
    """Return the seconds that a token is said to be valid for; None if it is no such number."""
    try:
        seconds = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return seconds if 0 <= seconds < 2**40 else None


def _is_token(value: object) -> bool:
    """Whether this can be sent in a header (RFC 6749, appendix A.12)."""
    is_text = isinstance(value, str) and 0 < len(value) <= _MAX_TOKEN
    return is_text and all(" " <= one <= "~" for one in str(value))
