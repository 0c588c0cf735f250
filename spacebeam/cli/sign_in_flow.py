"""How commands get access tokens: the person is asked, and refresh tokens are saved again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spacebeam.cli.messages import print_note
from spacebeam.cli.options.target import Target
from spacebeam.cli.sign_in_prompt import TerminalPrompt
from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError
from spacebeam.library.connections.saved_secrets import save_token
from spacebeam.library.secrets import SecretStore
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.profile import OAuthSettings
from spacebeam.session.oauth.oauth import OAuth, same_sign_in
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.session.oauth.values import Prompt
from spacebeam.wording.keyring import keyring_error_words, secret_label


class SavedTokens(OAuth):
    """Saves each refresh token of a saved connection: servers discard the ones before.

    The connection is opened after its token was saved, so that Ctrl+C loses none.
    """

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.on_granted = self._note
        self._target = target
        self._unsaved = ""

    async def token(
        self, settings: OAuthSettings, options: HandshakeOptions, prompt: Prompt | None
    ) -> str:
        """Return an access token, as OAuth does."""
        found = await super().token(settings, options, prompt)
        token, self._unsaved = self._unsaved, ""
        owner = self._target.token_owner
        if token and owner is not None:
            store = SecretStore(Keyring(), secret_label)
            try:
                await save_token(store, owner, token, self._target.servers)
            except KeyringError as error:
                print_note(keyring_error_words(error))
        return found

    def _note(self, granted: OAuthSettings) -> None:
        # Options of the command line make another sign-in of it.
        if same_sign_in(granted, self._target.profile.oauth):
            self._unsaved = granted.refresh_token or ""


def sign_in_flow(given: Mapping[str, Any]) -> SignInFlow:
    """Return how a command's connection signs in."""
    target: Target = given["target"]
    tokens = OAuth() if target.token_owner is None else SavedTokens(target)
    return SignInFlow(tokens, TerminalPrompt())
