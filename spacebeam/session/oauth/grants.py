"""The grants: client credentials, authorization code with PKCE, device code, refresh token."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from functools import partial
from urllib.parse import parse_qs, urlencode

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.profile import OAuthSettings
from spacebeam.protocol.endpoint import parse
from spacebeam.session.oauth.redirect_listener import RedirectListener, listening
from spacebeam.session.oauth.requests import (
    ask_for_token,
    endpoint_of,
    further_parameters,
    json_object,
    post,
    sent_secrets,
)
from spacebeam.session.oauth.values import (
    DeviceCode,
    OAuthEndpoints,
    OAuthError,
    Prompt,
    Tokens,
    refused,
)

SIGN_IN_TIMEOUT_S = 600.0  # for the person
_VERIFIER_LENGTH = 64  # characters (RFC 7636, section 4.1)
_POLL_S, _SLOWER_S, _LONGEST_POLL_S = 5.0, 5.0, 60.0  # RFC 8628, sections 3.2 and 3.5
_MAX_CODE = 100  # characters of a code that a person enters


async def client_credentials(
    settings: OAuthSettings, known: OAuthEndpoints, options: HandshakeOptions
) -> Tokens:
    """Ask for a token without a person (RFC 6749, section 4.4)."""
    from oauthlib.oauth2 import BackendApplicationClient

    client = BackendApplicationClient(settings.client_id)
    further = further_parameters(settings) | _scope(settings)
    body = client.prepare_request_body
    return await ask_for_token(settings, _needed(known.token, "token"), body, options, further)


async def refresh(
    settings: OAuthSettings, known: OAuthEndpoints, options: HandshakeOptions, token: str
) -> Tokens:
    """Ask for a new token in place of an expired one (RFC 6749, section 6)."""
    from oauthlib.oauth2.rfc6749.parameters import prepare_token_request

    def body(*, include_client_id: bool) -> str:
        client = {"client_id": settings.client_id} if include_client_id else {}
        made: str = prepare_token_request(
            "refresh_token", include_client_id=include_client_id, refresh_token=token, **client
        )
        return made

    further = further_parameters(settings)
    resource = {"resource": further["resource"]} if "resource" in further else {}
    url = _needed(known.token, "token")
    tokens = await ask_for_token(settings, url, body, options, resource)
    # The server may keep the old one.
    return tokens if tokens.refresh_token else Tokens(tokens.access_token, token, tokens.expires_at)


async def authorization_code(
    settings: OAuthSettings, known: OAuthEndpoints, options: HandshakeOptions, prompt: Prompt
) -> Tokens:
    """Let the person sign in in the browser (RFC 6749, section 4.1, with RFC 7636)."""
    from oauthlib.oauth2 import WebApplicationClient

    url = _needed(known.authorization, "authorization")
    _needed(known.token, "token")
    client = WebApplicationClient(settings.client_id)
    verifier, state = client.create_code_verifier(_VERIFIER_LENGTH), secrets.token_urlsafe(24)
    async with listening(settings.redirect_url, lambda ok: prompt.page(has_succeeded=ok)) as back:
        parameters = {
            **further_parameters(settings),
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": back.url,
            "state": state,
            "code_challenge": client.create_code_challenge(verifier, "S256"),
            "code_challenge_method": "S256",
        }
        parameters |= _scope(settings)
        prompt.open_browser(f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}")
        code = await _code(back, state, known)
        body = partial(
            client.prepare_request_body, code=code, redirect_uri=back.url, code_verifier=verifier
        )
        tokens = await ask_for_token(settings, known.token, body, options, _resource(settings))
        back.has_succeeded = True
    return tokens


async def _code(back: RedirectListener, state: str, known: OAuthEndpoints) -> str:
    """Wait for the browser; return the code that it brings. Raise OAuthError."""
    try:
        async with asyncio.timeout(SIGN_IN_TIMEOUT_S):
            query = parse_qs(await back.query(), max_num_fields=50)
    except TimeoutError:
        failure = Failure(FailureCause.OAUTH_TIMED_OUT, seconds=SIGN_IN_TIMEOUT_S)
        raise OAuthError(failure) from None
    except ValueError:
        raise OAuthError(Failure(FailureCause.OAUTH_REDIRECT)) from None
    values = {name: found[0] for name, found in query.items()}
    issuer = values.get("iss", "")
    has_state = hmac.compare_digest(values.get("state", "").encode(), state.encode())
    must_name_issuer = known.names_issuer or (issuer and known.issuer)
    if not has_state or (must_name_issuer and issuer != known.issuer):
        raise OAuthError(Failure(FailureCause.OAUTH_REDIRECT))
    if error := values.get("error"):
        where = parse(known.authorization).display_host
        raise refused(error, values.get("error_description", ""), where)
    if not values.get("code"):
        raise OAuthError(Failure(FailureCause.OAUTH_REDIRECT))
    return values["code"]


async def device_code(
    settings: OAuthSettings, known: OAuthEndpoints, options: HandshakeOptions, prompt: Prompt
) -> Tokens:
    """Let the person enter a code in any browser (RFC 8628)."""
    from oauthlib.oauth2 import DeviceClient

    url, where = _needed(known.device, "device"), endpoint_of(known.device).display_host
    token_url = _needed(known.token, "token")
    form = urlencode(
        {"client_id": settings.client_id, **further_parameters(settings), **_scope(settings)}
    )
    answer = await post(settings, url, form, options)
    found = json_object(answer)
    if isinstance(found.get("error"), str):
        raise refused(
            found["error"],
            str(found.get("error_description") or ""),
            where,
            answer.status,
            sent_secrets(settings, form),
        )
    texts = [found.get(name) for name in ("device_code", "user_code", "verification_uri")]
    if not all(isinstance(one, str) and one for one in texts):
        raise OAuthError(Failure(FailureCause.OAUTH_ANSWER, where, status=answer.status))
    code, user_code, page = map(str, texts)
    complete = str(found.get("verification_uri_complete") or "")
    for one in (page, complete or page):
        endpoint_of(one)  # it is opened in a browser
    prompt.show_code(DeviceCode(user_code[:_MAX_CODE], page, complete))
    wait = _seconds(found.get("interval"), _POLL_S)
    lifetime = _seconds(found.get("expires_in"), SIGN_IN_TIMEOUT_S)
    body = partial(DeviceClient(settings.client_id).prepare_request_body, device_code=code)
    try:
        async with asyncio.timeout(min(lifetime, 2 * SIGN_IN_TIMEOUT_S)):
            while True:
                await asyncio.sleep(wait)
                try:
                    resource = _resource(settings)
                    return await ask_for_token(settings, token_url, body, options, resource)
                except OAuthError as error:
                    if error.code not in ("authorization_pending", "slow_down"):
                        raise
                    if error.code == "slow_down":
                        wait = min(wait + _SLOWER_S, _LONGEST_POLL_S)
    except TimeoutError:
        raise OAuthError(Failure(FailureCause.OAUTH_TIMED_OUT, seconds=lifetime)) from None


def _seconds(value: object, default: float) -> float:
    is_number = isinstance(value, int | float) and 0 < value <= 86_400
    return float(value) if is_number else default  # type: ignore[arg-type]


def _needed(url: str, name: str) -> str:
    if not url:
        raise OAuthError(Failure(FailureCause.OAUTH_ENDPOINT, detail=name))
    endpoint_of(url)
    return url


def _scope(settings: OAuthSettings) -> dict[str, str]:
    return {"scope": settings.scope.strip()} if settings.scope.strip() else {}


def _resource(settings: OAuthSettings) -> dict[str, str]:
    return {"resource": settings.resource.strip()} if settings.resource.strip() else {}
