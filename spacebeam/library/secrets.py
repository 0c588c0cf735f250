"""Saves the secrets of profiles in the desktop's keyring, if the person agreed.

The files have none: they are under git, in backups, and read by other programs. A private
connection saves nothing anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from spacebeam.keyring.values import OwnerKind, SavedSecret, SecretItem, SecretOwner
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.secret_fields import secrets_of, unknown_secrets, with_known
from spacebeam.protocol.secrets import saved_address

ADDRESS = "address"  # the field of an address that has secrets itself

Label = Callable[[SecretOwner, str], str]  # what the desktop's tools call an owner's field


class SecretKeeper(Protocol):
    """What `keyring.keyring.Keyring` does; every method raises KeyringError."""

    async def is_present(self) -> bool: ...
    async def store(
        self, owner: SecretOwner, field: str, label: str, value: str, servers: str = ""
    ) -> None: ...
    async def lookup(self, owner: SecretOwner) -> dict[str, str]: ...
    async def saved(self, owner: SecretOwner) -> list[SavedSecret]: ...
    async def items(self) -> list[SecretItem]: ...
    async def forget(self, owner: SecretOwner, field: str | None = None) -> None: ...
    async def forget_unbound(self, owner: SecretOwner, field: str) -> None: ...


def address_owner(address: str) -> SecretOwner:
    """Return the owner of the secrets of an address that has no name."""
    return SecretOwner(OwnerKind.ADDRESS, saved_address(address))


def has_secrets(profile: Profile, address: str = "") -> bool:
    """Whether a profile or its address has secrets, known or not."""
    return bool(
        secrets_of(profile) or unknown_secrets(profile) or saved_address(address) != address
    )


class SecretStore:
    """The secrets of what the person has. Methods raise KeyringError."""

    def __init__(self, keyring: SecretKeeper, label: Label) -> None:
        self.keyring = keyring
        self._label = label
        self._lock = asyncio.Lock()  # of two saves, the later one wins

    async def fill(self, profile: Profile, owner: SecretOwner) -> Profile:
        """Return the profile with its saved secrets; those that are known stay.

        The keyring is asked only if the profile lacks some that may be there.
        """
        if not profile.save_secrets or not unknown_secrets(profile):
            return profile
        return with_known(profile, await self.keyring.lookup(owner))

    async def address(self, owner: SecretOwner) -> str | None:
        """Return the whole address of which the owner has the saved form, if it is known."""
        found = (await self.keyring.lookup(owner)).get(ADDRESS)
        return found if found is not None and saved_address(found) == owner.name else None

    async def save(self, profile: Profile, owner: SecretOwner, address: str = "") -> None:
        """Save what is secret in the profile, if the person agreed to it.

        `address` is the whole address, of which a part may be secret. What the profile has no more
        is removed; what it does not know stays.
        """
        if not profile.save_secrets or not profile.record:
            return
        wanted = secrets_of(profile)
        if address and saved_address(address) != address:
            wanted[ADDRESS] = address
        await self.replace(owner, wanted, unknown_secrets(profile) | {ADDRESS})

    async def replace(
        self,
        owner: SecretOwner,
        wanted: Mapping[str, str],
        unknown: frozenset[str],
        servers: str = "",
    ) -> None:
        """Save these secrets by their fields, for some servers, and remove all others.

        Those of the fields that are `unknown` stay.
        """
        async with self._lock:
            saved = await self.keyring.saved(owner)
            for field, value in wanted.items():
                if not servers and any(
                    one.field == field and one.servers and one.value != value for one in saved
                ):
                    await self.keyring.forget(owner, field)
                if SavedSecret(field, value, servers) not in saved:
                    label = self._label(owner, field)
                    await self.keyring.store(owner, field, label, value, servers)
                if servers and any(one.field == field and not one.servers for one in saved):
                    await self.keyring.forget_unbound(owner, field)
            for field in {one.field for one in saved} - wanted.keys() - unknown:
                await self.keyring.forget(owner, field)

    async def bind(self, owner: SecretOwner, secret: SavedSecret, servers: str) -> None:
        """Let a secret that was not used yet be sent to these servers only."""
        async with self._lock:
            label = self._label(owner, secret.field)
            await self.keyring.store(owner, secret.field, label, secret.value, servers)
            await self.keyring.forget_unbound(owner, secret.field)

    async def lookup(self, owner: SecretOwner, field: str) -> str | None:
        """Return one secret, such as an environment's variable."""
        return (await self.keyring.lookup(owner)).get(field)

    async def store(self, owner: SecretOwner, field: str, value: str) -> None:
        """Store one secret, in place of all other values of the field."""
        async with self._lock:
            saved = await self.keyring.saved(owner)
            if any(one.field == field and one.value != value for one in saved):
                await self.keyring.forget(owner, field)
            await self.keyring.store(owner, field, self._label(owner, field), value)

    async def forget(self, owner: SecretOwner, field: str | None = None) -> None:
        """Remove one secret, or all of the owner."""
        async with self._lock:
            await self.keyring.forget(owner, field)

    async def move(self, owner: SecretOwner, target: SecretOwner) -> None:
        """Give all secrets to another owner, such as a renamed connection."""
        async with self._lock:
            for one in await self.keyring.saved(owner):
                label = self._label(target, one.field)
                await self.keyring.store(target, one.field, label, one.value, one.servers)
            await self.keyring.forget(owner)

    async def items(self) -> list[SecretItem]:
        """Return all secrets without their values, sorted."""
        return sorted(
            await self.keyring.items(),
            key=lambda one: (one.owner.kind.value, one.owner.name, one.field),
        )
