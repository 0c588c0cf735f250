"""The window's use of the keyring: fills profiles, saves and removes secrets in the background.

Nothing of it is used before a secret is needed: the keyring might ask for its password.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError, OwnerKind, SecretOwner
from spacebeam.library.secrets import SecretStore, address_owner, has_secrets
from spacebeam.library.settings import Settings
from spacebeam.profiles.profile import Profile, with_values
from spacebeam.protocol.secrets import saved_address
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.keyring import keyring_error_words, no_keyring_words, secret_label

if TYPE_CHECKING:
    from spacebeam.library.connections.saved_secrets import Released
    from spacebeam.library.connections.secrets import KnownSecrets
    from spacebeam.library.connections.tree import FolderTree
    from spacebeam.profiles.collection import Folder, SavedConnection
    from spacebeam.profiles.prepared import Preparation
    from spacebeam.profiles.profile import OAuthSettings

_QUIT_TIMEOUT_S = 3.0  # the person may not answer a keyring that asks for its password


class SecretsService:
    """The secrets of addresses. Each reason why they could not be saved is told once."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._told: set[str] = set()
        self._tasks = Tasks()
        self._order = asyncio.Lock()
        # Of saved connections whose refresh tokens are saved, as they connected last.
        self._signed_in: dict[SecretOwner, tuple[OAuthSettings, frozenset[str]]] = {}
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

    # Saved connections, folders and environments

    async def released(
        self,
        folder: FolderTree,
        path: str,
        environment: str,
        connection: SavedConnection,
        prepare: Callable[[KnownSecrets], Preparation],
    ) -> Released:
        """Return the saved secrets that a connection may send to where it leads now."""
        from spacebeam.library.connections.saved_secrets import Released, release, saved_secrets

        async def found() -> Released:
            await self._tasks.finish()  # what is being saved is used
            keyring = self.store.keyring
            saved = await saved_secrets(keyring, folder, path, environment, connection)
            return await release(self.store, saved, prepare)

        return await self._try(found()) or Released()

    def save_of_file(
        self,
        owner: SecretOwner,
        value: SavedConnection | Folder,
        servers: frozenset[str],
        then: Callable[[], object],
    ) -> None:
        """Save the secrets of a connection or folder; call `then` once they are in the keyring."""
        from spacebeam.library.connections.saved_secrets import save_secrets

        async def save() -> None:
            if await save_secrets(self.store, owner, value, servers):
                then()

        self.start(save())

    def follow_token(
        self, owner: SecretOwner, settings: OAuthSettings, servers: frozenset[str]
    ) -> None:
        """Save the refresh tokens of this sign-in from now on: servers discard older ones."""
        self._signed_in[owner] = settings, servers

    def save_token(self, granted: OAuthSettings) -> None:
        """Save the newest refresh token of the saved connections that have this sign-in."""
        from spacebeam.library.connections.saved_secrets import save_token
        from spacebeam.session.oauth.oauth import same_sign_in

        for owner, (settings, servers) in self._signed_in.items():
            if granted.refresh_token and same_sign_in(settings, granted):
                self.start(save_token(self.store, owner, granted.refresh_token, servers))

    def move_files(self, old: str, new: str) -> None:
        """Give the secrets of a file, or of all in a folder, to its new path."""
        from spacebeam.library.connections.saved_secrets import move_secrets

        if old != new:
            self.start(move_secrets(self.store, old, new))

    def forget_files(self, path: str) -> None:
        """Remove the secrets of a file, or of all in a folder."""
        from spacebeam.library.connections.saved_secrets import forget_secrets

        self.start(forget_secrets(self.store, path))

    async def environment_fields(self, root: Path) -> set[tuple[str, str]]:
        """Return which secret variables of a folder's environments the keyring has."""
        from spacebeam.library.connections.secrets import environment_owner

        folder = environment_owner(root, "").name.rstrip("/") + "/"
        items = await self._try(self.store.items()) or []
        return {
            (one.owner.name.removeprefix(folder), one.field)
            for one in items
            if one.owner.kind is OwnerKind.ENVIRONMENT and one.owner.name.startswith(folder)
        }

    async def fields(self, owner: SecretOwner) -> set[str]:
        """Return which secrets of an owner the keyring has."""
        items = await self._try(self.store.items()) or []
        return {one.field for one in items if one.owner == owner}

    def start_always(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work that finds out whether there is a keyring."""
        self._tasks.start(work)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work in the keyring after the earlier, if there is a keyring."""
        self._tasks.start(self._try(self._in_order(work)))

    async def _in_order(self, work: Coroutine[Any, Any, None]) -> None:
        async with self._order:
            if await self.store.keyring.is_present():
                await work
            else:
                work.close()

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
