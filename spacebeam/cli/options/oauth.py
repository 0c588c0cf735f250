"""The options of OAuth 2, and the settings that they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import click
from click import UsageError
from cloup import option, option_group

from spacebeam.cli.options import values
from spacebeam.profiles.profile import (
    ClientAuthentication,
    OAuthGrant,
    OAuthSettings,
    Profile,
    SignInMethod,
    TokenPlace,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])
_GRANTS = {
    "code": OAuthGrant.CODE,
    "client": OAuthGrant.CLIENT,
    "device": OAuthGrant.DEVICE,
}
_USUAL_CLIENT_AUTH = ClientAuthentication.BASIC.value
# They name where secrets are sent.
_SERVERS = frozenset(
    f"oauth2_{one}" for one in ("issuer", "authorization_url", "token_url", "device_url")
)
_text = partial(option, type=values.text)
_OPTIONS = (
    _text(
        "--oauth2-issuer",
        metavar="URL",
        help="Obtain an access token from this authorization server, whose metadata name the "
        "addresses below.",
    ),
    _text("--oauth2-token-url", metavar="URL", help="Where tokens are granted."),
    _text("--oauth2-authorization-url", metavar="URL", help="The sign-in page."),
    _text("--oauth2-device-url", metavar="URL", help="Where a device gets its code."),
    _text("--oauth2-client-id", metavar="ID", help="Who asks for the token."),
    _text(
        "--oauth2-client-secret",
        metavar="SECRET",
        help="The client's secret; with the grant “client” it is asked for if it is missing.",
    ),
    option(
        "--oauth2-grant",
        type=click.Choice(list(_GRANTS)),
        help="code: sign in in the browser (with PKCE). client: the client's own credentials. "
        "device: enter a code in any browser. [default: client with a secret and a token URL "
        "alone, device with a device URL, else code]",
    ),
    option(
        "--oauth2-client-auth",
        type=click.Choice([one.value for one in ClientAuthentication]),
        default=_USUAL_CLIENT_AUTH,
        help="Where client ID and secret are sent: in a header, or in the form. [default: basic]",
    ),
    _text("--oauth2-scope", metavar="SCOPES", help="What is asked for, separated by spaces."),
    _text("--oauth2-audience", metavar="TEXT", help="Whom the token is for."),
    _text("--oauth2-resource", metavar="URL", help="What the token is for (RFC 8707)."),
    option(
        "--oauth2-param",
        metavar="NAME=VALUE",
        type=values.pair,
        multiple=True,
        help="Send another parameter to the authorization server. Repeatable.",
    ),
    _text(
        "--oauth2-redirect",
        metavar="URL",
        help="Where the browser comes back to: http://127.0.0.1:PORT/PATH. [default: a free port]",
    ),
    _text(
        "--oauth2-query",
        metavar="NAME",
        help="Send the token in this query parameter, not in the Authorization header.",
    ),
)


def oauth_options(command: _Command) -> _Command:
    """Add the group to a command."""
    add: Callable[[_Command], _Command] = option_group("OAuth 2", *_OPTIONS)
    return add(command)


def uses_oauth(given: Mapping[str, Any]) -> bool:
    """Whether a token is to be obtained. Raise UsageError for options that are of no use."""
    if given["oauth2_issuer"] or given["oauth2_token_url"] or changed_sign_in(given) is not None:
        return True
    if names := _given(given):
        shown = f"--{names[0].replace('_', '-')}"
        raise UsageError(
            f"Invalid value for '{shown}': it needs --oauth2-issuer or --oauth2-token-url."
        )
    return False


def changed_sign_in(given: Mapping[str, Any]) -> Profile | None:
    """Return the profile of the saved connection if the options change its OAuth.

    Options that name a server replace it instead: its secrets go to no other one.
    """
    target, names = given.get("target"), {*_given(given)}
    if target is None or not names or names & _SERVERS:
        return None
    profile: Profile = target.profile
    return profile if profile.sign_in.method is SignInMethod.OAUTH else None


def _given(given: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name, value in given.items()
        if name.startswith("oauth2_")
        and value
        and (name, value) != ("oauth2_client_auth", _USUAL_CLIENT_AUTH)
    ]


def oauth_of(given: Mapping[str, Any]) -> OAuthSettings:
    """Return the settings of the options, which may be invalid."""
    if not uses_oauth(given):
        return OAuthSettings()
    if (saved := changed_sign_in(given)) is not None:
        return _changed(saved.oauth, given)
    grant, secret = _grant(given), given["oauth2_client_secret"]
    return OAuthSettings(
        grant=grant,
        issuer=given["oauth2_issuer"] or "",
        authorization_url=given["oauth2_authorization_url"] or "",
        token_url=given["oauth2_token_url"] or "",
        device_url=given["oauth2_device_url"] or "",
        client_id=given["oauth2_client_id"] or "",
        client_secret=None if secret is None and grant is OAuthGrant.CLIENT else secret or "",
        authentication=ClientAuthentication(given["oauth2_client_auth"]),
        scope=given["oauth2_scope"] or "",
        audience=given["oauth2_audience"] or "",
        resource=given["oauth2_resource"] or "",
        extra=urlencode(given["oauth2_param"]),
        redirect_url=given["oauth2_redirect"] or "",
        place=TokenPlace.QUERY if given["oauth2_query"] else TokenPlace.HEADER,
        parameter=given["oauth2_query"] or OAuthSettings().parameter,
    )


def _changed(saved: OAuthSettings, given: Mapping[str, Any]) -> OAuthSettings:
    """Return the saved settings with the options in the place of their fields."""
    fields = ("client_id", "client_secret", "scope", "audience", "resource")
    values = {name: given[f"oauth2_{name}"] for name in fields if given[f"oauth2_{name}"]}
    if given["oauth2_grant"] is not None:
        values["grant"] = _GRANTS[given["oauth2_grant"]]
    if given["oauth2_client_auth"] != _USUAL_CLIENT_AUTH:
        values["authentication"] = ClientAuthentication(given["oauth2_client_auth"])
    if given["oauth2_param"]:
        extra = dict(parse_qsl(saved.extra, keep_blank_values=True))
        values["extra"] = urlencode(extra | dict(given["oauth2_param"]))
    if given["oauth2_redirect"]:
        values["redirect_url"] = given["oauth2_redirect"]
    if given["oauth2_query"]:
        values |= {"place": TokenPlace.QUERY, "parameter": given["oauth2_query"]}
    return replace(saved, **values)


def _grant(given: Mapping[str, Any]) -> OAuthGrant:
    if given["oauth2_grant"] is not None:
        return _GRANTS[given["oauth2_grant"]]
    if given["oauth2_device_url"]:
        return OAuthGrant.DEVICE
    has_page = given["oauth2_issuer"] or given["oauth2_authorization_url"]
    return OAuthGrant.CODE if has_page or not given["oauth2_client_secret"] else OAuthGrant.CLIENT
