"""Has the access tokens of a program: in memory, refreshed before they expire.

A refresh token may be saved by the person's wish. It is bound to its authorization server: settings
that were changed, here or in a file, never send it to another one.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.profile import OAuthGrant, OAuthSettings, Profile, SignInMethod
from spacebeam.session.oauth import grants
from spacebeam.session.oauth.discovery import endpoints
from spacebeam.session.oauth.values import OAuthEndpoints, OAuthError, Prompt, Tokens

_MAX_SIGN_INS = 100  # remembered


class OAuth:
    """Tokens by the settings that they were granted with; several sessions may share them.

    `on_granted` is called with settings that have the newest refresh token.
    """

    def __init__(self) -> None:
        self.on_granted: Callable[[OAuthSettings], None] = lambda _settings: None
        self._tokens: dict[OAuthSettings, Tokens] = {}
        self._locks: defaultdict[OAuthSettings, asyncio.Lock] = defaultdict(asyncio.Lock)

    def newest(self, settings: OAuthSettings) -> OAuthSettings:
        """Return the settings with the newest refresh token, which may be saved."""
        tokens = self._tokens.get(_key(settings))
        if tokens is None:
            return settings
        token = f"{_binding(settings)}.{tokens.refresh_token}" if tokens.refresh_token else ""
        return replace(settings, refresh_token=token)

    def has_token(self, settings: OAuthSettings) -> bool:
        """Whether a token was granted before."""
        return _key(settings) in self._tokens

    def forget(self, settings: OAuthSettings, token: str) -> None:
        """Discard an access token that a server refused; its refresh token stays."""
        tokens = self._tokens.get(_key(settings))
        if tokens is not None and tokens.access_token == token:
            self._tokens[_key(settings)] = replace(tokens, access_token="")

    async def token(
        self, settings: OAuthSettings, options: HandshakeOptions, prompt: Prompt | None
    ) -> str:
        """Return an access token: a fresh one, a refreshed one, or a new one.

        Without a prompt the person is not asked. Raise OAuthError, or HandshakeError if the
        authorization server cannot be reached.
        """
        key = _key(settings)
        async with self._locks[key]:
            tokens = self._tokens.get(key)
            if tokens is None or not tokens.access_token or not tokens.is_fresh:
                old = _saved(settings) if tokens is None else tokens.refresh_token
                tokens = await self._granted(settings, options, prompt, old)
                self._tokens.pop(key, None)
                self._tokens[key] = tokens
                for one in list(self._tokens)[:-_MAX_SIGN_INS]:
                    del self._tokens[one]
                self.on_granted(self.newest(settings))
            return tokens.access_token

    async def _granted(
        self,
        settings: OAuthSettings,
        options: HandshakeOptions,
        prompt: Prompt | None,
        refresh_token: str,
    ) -> Tokens:
        known = await endpoints(settings, options)
        if refresh_token:
            try:
                return await grants.refresh(settings, known, options, refresh_token)
            except OAuthError as error:
                if error.code != "invalid_grant":
                    raise
                self._tokens.pop(_key(settings), None)
        if settings.grant is OAuthGrant.CLIENT:
            return await grants.client_credentials(settings, known, options)
        if prompt is None:
            raise OAuthError(Failure(FailureCause.OAUTH_SIGN_IN))
        return await _by_person(settings, known, options, prompt)


async def _by_person(
    settings: OAuthSettings, known: OAuthEndpoints, options: HandshakeOptions, prompt: Prompt
) -> Tokens:
    is_device = settings.grant is OAuthGrant.DEVICE
    grant = grants.device_code if is_device else grants.authorization_code
    try:
        return await grant(settings, known, options, prompt)
    finally:
        prompt.finish()


def with_newest_token(profile: Profile, tokens: OAuth) -> Profile:
    """Return the profile with its newest refresh token, if it signs in by OAuth."""
    if profile.sign_in.method is not SignInMethod.OAUTH:
        return profile
    return replace(profile, oauth=tokens.newest(profile.oauth))


def same_sign_in(one: OAuthSettings, other: OAuthSettings) -> bool:
    """Whether settings differ in nothing but their refresh token."""
    return _key(one) == _key(other)


def _saved(settings: OAuthSettings) -> str:
    """Return the saved refresh token if it is of this server and client, else ""."""
    binding, _dot, token = (settings.refresh_token or "").partition(".")
    return token if binding == _binding(settings) else ""


def _binding(settings: OAuthSettings) -> str:
    parts = (settings.issuer, settings.token_url, settings.client_id)
    text = "\n".join(one.strip() for one in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _key(settings: OAuthSettings) -> OAuthSettings:
    return replace(settings, refresh_token="")
