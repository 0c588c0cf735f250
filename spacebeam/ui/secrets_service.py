"""The window's use of the keyring: fills profiles, saves and removes secrets in the background.

Nothing of it is used before a secret is needed: the keyring might ask for its password.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError
from spacebeam.library.secrets import SecretStore, address_owner, has_secrets
from spacebeam.library.settings import Settings
from spacebeam.profiles.profile import Profile, with_values
from spacebeam.protocol.secrets import saved_address
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.keyring import keyring_error_words, no_keyring_words, secret_label

_QUIT_TIMEOUT_S = 3.0  # the person may not answer a keyring that asks for its password


class SecretsService:
    """The secrets of addresses. Each reason why they could not be saved is told once."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._told: set[str] = set()
        self._tasks = Tasks()
        self.store = SecretStore(Keyring(), secret_label)

    async def why_missing(self) -> str:
        """Return why secrets cannot be saved, as a sentence; "" if there is a keyring."""
        return "" if await self.store.keyring.is_present() else no_keyring_words()

    async def fill(self, source: str, profile: Profile) -> Profile:
        """Return the profile with the secrets that are saved for the address `source`."""
        return await self._try(self.store.fill(profile, address_owner(source))) or profile

    async def address(self, shown: str) -> str:
        """Return the whole address of a saved one, or the same if its secrets are not known."""
        return await self._try(self.store.address(address_owner(shown))) or shown

    def agreed(self, address: str, profile: Profile) -> Profile:
        """Return the profile, with the person's last choice if its secrets are new here."""
        is_new = saved_address(address) not in self._settings.profiles
        if not (is_new and self._settings.save_secrets and profile.record):
            return profile
        return (
            with_values(profile, {"save_secrets": True})
            if has_secrets(profile, address)
            else profile
        )

    def remembered(self, before: dict[str, Profile], address: str, profile: Profile | None) -> None:
        """Save the secrets of an address, and remove those that `forgotten` finds."""
        if profile is not None:
            self.save(profile, address)
        self.forgotten(before)

    def save(self, profile: Profile, address: str) -> None:
        """Save the secrets of an address, if the person agreed."""
        if profile.save_secrets and profile.record:
            self._start(self.store.save(profile, address_owner(address), address))

    def forgotten(self, before: dict[str, Profile]) -> None:
        """Remove the secrets of addresses that were removed or switched off since `before`."""
        now = self._settings.profiles
        for shown, profile in before.items():
            if profile.save_secrets and (shown not in now or not now[shown].save_secrets):
                self._start(self.store.forget(address_owner(shown)))

    async def finish(self) -> None:
        """Wait until everything is saved and removed, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_QUIT_TIMEOUT_S):
                await self._tasks.finish()
        self._tasks.cancel()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(self._try(work))

    async def _try(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return the result, or None if the keyring could not be used."""
        try:
            return await work
        except KeyringError as error:
            words = keyring_error_words(error)
            if words not in self._told:
                self._told.add(words)
                self._tell(words)
        return None
