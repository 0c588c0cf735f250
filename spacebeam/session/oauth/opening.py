"""Opens a connection with an access token, and once more if the server refuses it."""

from __future__ import annotations

from dataclasses import replace

from spacebeam.net.connection import Connection
from spacebeam.net.handshake import Handshake, HandshakeError
from spacebeam.net.options import HandshakeOptions, bearer, with_api_key
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.profiles.profile import OAuthSettings, SpokenProtocol, TokenPlace
from spacebeam.session.negotiation import negotiated
from spacebeam.session.oauth.oauth import OAuth
from spacebeam.session.oauth.values import OAuthError, Prompt

_UNAUTHORIZED = 401
_NEGOTIATED = (SpokenProtocol.SIGNALR, SpokenProtocol.SIGNALR_MESSAGE_PACK)


class SignInFlow:
    """How a session gets its access tokens; `prompt` asks the person, None asks nobody."""

    def __init__(self, tokens: OAuth | None = None, prompt: Prompt | None = None) -> None:
        self.tokens = tokens or OAuth()
        self.prompt = prompt

    async def open(
        self, connection: Connection, plan: ConnectionPlan, *, may_ask: bool = True
    ) -> None:
        """Open the connection of a plan, with a token if it has OAuth. Raise HandshakeError.

        A token that was granted earlier may be refused: then it is replaced once. Reconnecting
        asks nobody: a browser that opens by itself would be a surprise.
        """
        settings = plan.oauth
        if settings is None:
            await _open(connection, plan, plan.options)
            return
        prompt = self.prompt if may_ask else None
        is_earlier = self.tokens.has_token(settings)
        token = await self._token(plan, settings, prompt)
        try:
            await _open(connection, plan, with_token(plan.options, settings, token))
        except HandshakeError as error:
            if not is_earlier or error.failure.status != _UNAUTHORIZED:
                raise
            self.tokens.forget(settings, token)
            token = await self._token(plan, settings, prompt)
            await _open(connection, plan, with_token(plan.options, settings, token))

    async def _token(
        self, plan: ConnectionPlan, settings: OAuthSettings, prompt: Prompt | None
    ) -> str:
        try:
            return await self.tokens.token(settings, plan.options, prompt)
        except OAuthError as error:
            raise Handshake(plan.endpoint, plan.options).failed(error.failure) from None


async def _open(connection: Connection, plan: ConnectionPlan, options: HandshakeOptions) -> None:
    endpoint = plan.endpoint
    if plan.spoken is not None and plan.spoken.protocol in _NEGOTIATED:
        endpoint, options = await negotiated(endpoint, options)
    await connection.open(endpoint, options)


def with_token(options: HandshakeOptions, settings: OAuthSettings, token: str) -> HandshakeOptions:
    """Return the options with an access token (RFC 6750, section 2)."""
    if settings.place is TokenPlace.QUERY:
        return with_api_key(options, settings.parameter, token, in_query=True)
    return replace(options, headers=(*options.headers, bearer(token)))
