"""Stores secrets in the keyring of the desktop: GNOME's, KDE's or another Secret Service.

Secrets are encrypted there with the person's login, and Seahorse or KWalletManager show them. A
locked keyring asks the person to unlock it. libsecret is imported at the first use: the window's
start has no need of it, and it may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

import gi
from gi.repository import Gio, GLib

from spacebeam.keyring.values import (
    KeyringError,
    KeyringProblem,
    OwnerKind,
    SavedSecret,
    SecretItem,
    SecretOwner,
)
from spacebeam.net.gio_call import gio_call

SCHEMA = "app.spacebeam.Spacebeam"
SERVICE = "org.freedesktop.secrets"
_APPLICATION = {"application": "spacebeam"}  # finds all items: libsecret wants an attribute
_TEXT = "text/plain; charset=utf8"
_BUS_TIMEOUT_MS = 5000
_Result = TypeVar("_Result")


class Keyring:
    """One value for each owner, field and servers. Every method raises KeyringError."""

    async def is_present(self) -> bool:
        """Whether a keyring could be used: libsecret is installed, and a service may be started."""
        try:
            _ = self._schema
            bus = await gio_call(
                lambda *rest: Gio.bus_get(Gio.BusType.SESSION, *rest), Gio.bus_get_finish
            )
            return any(
                [await _is_listed(bus, one) for one in ("ListActivatableNames", "ListNames")]
            )
        except (KeyringError, GLib.Error):
            return False

    async def store(
        self, owner: SecretOwner, field: str, label: str, value: str, servers: str = ""
    ) -> None:
        """Store a value in place of the earlier one; `label` is shown by the desktop's tools."""
        if "\0" in value:  # libsecret's values end there
            raise KeyringError(KeyringProblem.NULL_CHARACTER)
        exists = await self._unlocked()
        secret = self._library.Value.new(value, -1, _TEXT)
        attributes = {**_attributes(owner), "field": field}
        if owner.kind is not OwnerKind.ADDRESS:
            attributes["servers"] = servers  # always: services replace any item that has the rest
        try:
            await self._call(
                lambda *rest: self._library.password_store_binary(
                    self._schema, attributes, None, label, secret, *rest
                ),
                self._library.password_store_finish,
            )
        except KeyringError as error:
            # The person chose no password for a new keyring; services say that in their own ways.
            raise error if exists else KeyringError(KeyringProblem.LOCKED) from None

    async def lookup(self, owner: SecretOwner) -> dict[str, str]:
        """Return the owner's values by their fields, whatever the servers."""
        return {one.field: one.value for one in await self.saved(owner)}

    async def saved(self, owner: SecretOwner) -> list[SavedSecret]:
        """Return all values of the owner."""
        await self._unlocked()
        flags = self._library.SearchFlags
        flags = flags.ALL | flags.LOAD_SECRETS | flags.UNLOCK
        found: list[SavedSecret] = []
        for item in await self._search(_attributes(owner), flags):
            secret = item.get_secret()
            text = None if secret is None else secret.get_text()
            if text is not None:  # another program may have written bytes
                about = item.get_attributes()
                found.append(SavedSecret(about.get("field", ""), text, about.get("servers", "")))
        return found

    async def items(self) -> list[SecretItem]:
        """Return all items of Spacebeam, without their values."""
        await self._unlocked()
        kinds = {kind.value: kind for kind in OwnerKind}
        flags = self._library.SearchFlags.ALL
        found = [one.get_attributes() for one in await self._search(_APPLICATION, flags)]
        return [
            SecretItem(
                SecretOwner(kinds[one["kind"]], one.get("owner", "")),
                one.get("field", ""),
                one.get("servers", ""),
            )
            for one in found
            if one.get("kind") in kinds
        ]

    async def forget(self, owner: SecretOwner, field: str | None = None) -> None:
        """Remove a value, or without a field all of the owner."""
        await self._unlocked()
        attributes = _attributes(owner) if field is None else {**_attributes(owner), "field": field}
        await self._call(
            lambda *rest: self._library.password_clear(self._schema, attributes, *rest),
            self._library.password_clear_finish,
        )

    async def forget_unbound(self, owner: SecretOwner, field: str) -> None:
        """Remove a value that has no servers; the field's others stay."""
        await self._unlocked()
        attributes = {**_attributes(owner), "field": field}
        for item in await self._search(attributes, self._library.SearchFlags.ALL):
            if not item.get_attributes().get("servers"):
                await self._call(item.delete, item.delete_finish)

    @cached_property
    def _library(self) -> Any:
        try:
            gi.require_version("Secret", "1")
            from gi.repository import Secret
        except (ValueError, ImportError):
            raise KeyringError(KeyringProblem.NO_LIBRARY) from None
        return Secret

    @cached_property
    def _schema(self) -> Any:
        text = self._library.SchemaAttributeType.STRING
        names = ("application", "kind", "owner", "field", "servers")
        return self._library.Schema.new(
            SCHEMA, self._library.SchemaFlags.NONE, dict.fromkeys(names, text)
        )

    async def _unlocked(self) -> bool:
        """Ask the person to unlock the keyring if it is locked; return whether there is one.

        Storing makes the first one.
        """
        library = self._library
        try:
            service = await gio_call(
                lambda *rest: library.Service.get(library.ServiceFlags.OPEN_SESSION, *rest),
                library.Service.get_finish,
            )
        except GLib.Error:
            raise KeyringError(KeyringProblem.NO_SERVICE) from None
        collection = await self._call(
            lambda *rest: library.Collection.for_alias(
                service, library.COLLECTION_DEFAULT, library.CollectionFlags.NONE, *rest
            ),
            library.Collection.for_alias_finish,
        )
        if collection is None or not collection.get_locked():
            return collection is not None
        _count, unlocked = await self._call(
            lambda *rest: service.unlock([collection], *rest), service.unlock_finish
        )
        if not unlocked:
            raise KeyringError(KeyringProblem.LOCKED)
        return True

    async def _search(self, attributes: Mapping[str, str], flags: object) -> list[Any]:
        """Return the items that match. One that is removed meanwhile fails a search: try again."""
        try:
            return await self._search_once(attributes, flags)
        except KeyringError as error:
            if error.problem is not KeyringProblem.FAILED:
                raise
        return await self._search_once(attributes, flags)

    async def _search_once(self, attributes: Mapping[str, str], flags: object) -> list[Any]:
        library = self._library
        found: list[Any] = await self._call(
            lambda *rest: library.password_search(self._schema, attributes, flags, *rest),
            library.password_search_finish,
        )
        return found

    async def _call(
        self, start: Callable[..., None], finish: Callable[[Gio.AsyncResult], _Result]
    ) -> _Result:
        try:
            return await gio_call(start, finish)
        except GLib.Error as error:
            raise KeyringError(_problem(error), error.message) from None


def _attributes(owner: SecretOwner) -> dict[str, str]:
    return {**_APPLICATION, "kind": owner.kind.value, "owner": owner.name}


def _problem(error: GLib.Error) -> KeyringProblem:
    if error.domain == "secret-error":
        return KeyringProblem.LOCKED
    unknown = (Gio.DBusError.SERVICE_UNKNOWN, Gio.DBusError.NAME_HAS_NO_OWNER)
    if any(error.matches(Gio.DBusError.quark(), one) for one in unknown):
        return KeyringProblem.NO_SERVICE
    return KeyringProblem.FAILED


async def _is_listed(bus: Gio.DBusConnection, method: str) -> bool:
    reply = await gio_call(
        lambda *rest: bus.call(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            method,
            None,
            GLib.VariantType("(as)"),
            Gio.DBusCallFlags.NONE,
            _BUS_TIMEOUT_MS,
            *rest,
        ),
        bus.call_finish,
    )
    return SERVICE in reply.unpack()[0]
