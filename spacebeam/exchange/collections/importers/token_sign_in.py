"""Reads OAuth 2 and AWS's signature, whose fields each program spells its own way."""

from __future__ import annotations

from collections.abc import Mapping

from spacebeam.profiles.profile import (
    AwsSettings,
    ClientAuthentication,
    OAuthGrant,
    OAuthSettings,
    Secret,
    TokenPlace,
)


def aws_settings(values: Mapping[str, Secret]) -> AwsSettings:
    """Return the settings of AWS's signature."""
    given = _Given(values)
    return AwsSettings(
        given.text("accesskeyid", "accesskey"),
        given.secret("secretaccesskey", "secretkey"),
        given.secret("sessiontoken"),
        given.text("region"),
        given.text("service"),
        given.text("profilename"),
    )


def oauth_settings(values: Mapping[str, Secret]) -> OAuthSettings | None:
    """Return the settings of OAuth 2; None for a grant that Spacebeam does not have."""
    given = _Given(values)
    grant = _grant(given.text("granttype"))
    if grant is None:
        return None
    is_in_body = "body" in given.text("clientauthentication", "credentialsplacement") or given.text(
        "credentialsinbody"
    ) in ("true", "True")
    is_in_query = given.text("addtokento", "tokenplacement").lower().startswith(("query", "url"))
    return OAuthSettings(
        grant,
        authorization_url=given.text("authurl", "authorizationurl"),
        token_url=given.text("accesstokenurl", "tokenurl"),
        device_url=given.text("deviceauthorizationurl"),
        client_id=given.text("clientid"),
        client_secret=given.secret("clientsecret"),
        authentication=ClientAuthentication.POST if is_in_body else ClientAuthentication.BASIC,
        scope=given.text("scope"),
        audience=given.text("audience"),
        resource=given.text("resource"),
        place=TokenPlace.QUERY if is_in_query else TokenPlace.HEADER,
    )


def _grant(name: str) -> OAuthGrant | None:
    word = name.lower()
    if "client" in word:
        return OAuthGrant.CLIENT
    if "device" in word:
        return OAuthGrant.DEVICE
    return OAuthGrant.CODE if "code" in word or not word else None


class _Given:
    """Values by their names without case and signs: `access_token_url` is `accessTokenUrl`."""

    def __init__(self, values: Mapping[str, Secret]) -> None:
        self._values = {
            "".join(filter(str.isalnum, name)).lower(): value for name, value in values.items()
        }

    def secret(self, *names: str) -> Secret:
        """Return the first value of these names; None if it is not in the file."""
        return next((self._values[name] for name in names if name in self._values), "")

    def text(self, *names: str) -> str:
        """Return the first value of these names; "" if there is none."""
        return self.secret(*names) or ""
