"""The secrets that the keyring has for a saved connection, and which of them may be sent where.

A file under git may name another server tomorrow. Each secret is therefore saved with the servers
that it was sent to: for another one it is missing, and asked for. One that was saved before it was
used, such as an environment's, belongs to the servers of the first connection that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from spacebeam.keyring.values import OwnerKind, SavedSecret, SecretOwner
from spacebeam.library.connections.secrets import (
    REFRESH_TOKEN,
    VARIABLES,
    KnownSecrets,
    environment_owner,
    environments_used,
    lacking,
    secret_owner,
)
from spacebeam.library.connections.tree import FolderTree
from spacebeam.library.secrets import SecretKeeper, SecretStore
from spacebeam.profiles.collection import Folder, SavedConnection, Variable
from spacebeam.profiles.prepared import Preparation, PreparedConnection
from spacebeam.profiles.profile import Profile, ProxyChoice, SignInMethod
from spacebeam.profiles.secret_fields import secrets_of, unknown_secrets
from spacebeam.protocol.endpoint import EndpointError, parse

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080}


@dataclass(frozen=True, slots=True)
class _Place:
    """A connection, folder or environment: whose secrets they are, and which fields it lacks."""

    owner: SecretOwner
    key: str  # the path, or an environment's name
    is_environment: bool
    fields: frozenset[str]  # of the profile
    variables: frozenset[str]

    def name(self, variable: str) -> str:
        """Return the field of a variable."""
        return variable if self.is_environment else VARIABLES + variable


@dataclass(frozen=True, slots=True)
class SavedSecrets:
    """All that the keyring has for a connection, its folders and its environment."""

    found: Mapping[_Place, tuple[SavedSecret, ...]] = field(default_factory=dict)

    def known(self, servers: frozenset[str] | None = None) -> KnownSecrets:
        """Return those that may be sent to all of these servers; without any, all of them."""
        by_path: dict[str, Mapping[str, str]] = {}
        by_environment: dict[str, Mapping[str, str]] = {}
        for place, secrets in self.found.items():
            # Of several values, the one that was used with these servers wins.
            ranked = sorted(secrets, key=lambda one: bool(one.servers))
            values = {one.field: one.value for one in ranked if _may_be_sent(one, servers)}
            (by_environment if place.is_environment else by_path)[place.key] = values
        return KnownSecrets(by_path, by_environment)


@dataclass(frozen=True, slots=True)
class Released:
    """The secrets for a connection. `withheld` are the servers of secrets that it lacks, but that
    were saved for other servers than `servers`.
    """

    secrets: KnownSecrets = field(default_factory=KnownSecrets)
    servers: frozenset[str] = frozenset()
    withheld: tuple[str, ...] = ()


async def saved_secrets(
    keyring: SecretKeeper,
    folder: FolderTree,
    path: str,
    environment: str = "",
    connection: SavedConnection | None = None,
    given: Collection[str] = (),
) -> SavedSecrets:
    """Return what the keyring has for a connection, its folders and its environment.

    `connection` is used in place of the one in the file, which may not exist. The keyring is asked
    only for what lacks a value, and not for variables whose names are `given`.
    Raises KeyringError, OSError or YamlError.
    """
    found: dict[_Place, tuple[SavedSecret, ...]] = {}
    for place in _places(folder, path, environment, connection):
        if place.fields or not place.variables.issubset(given):
            found[place] = tuple(await keyring.saved(place.owner))
    return SavedSecrets(found)


async def release(
    store: SecretStore, saved: SavedSecrets, prepare: Callable[[KnownSecrets], Preparation]
) -> Released:
    """Return the secrets that may be sent to the servers that a connection leads to.

    Those that were not used yet are bound to these servers. Raises KeyringError or TooLongError.
    """
    servers = servers_of(prepare(saved.known()).prepared())
    bare = prepare(KnownSecrets())
    withheld: set[str] = set()
    for place, secrets in saved.found.items():
        for name in _used(place, list(saved.found), bare):
            of_field = [one for one in secrets if one.field == name]
            released = [one for one in of_field if _may_be_sent(one, servers)]
            if not released:
                withheld.update(one.servers for one in of_field)
            elif servers and not any(one.servers for one in released):
                await store.bind(place.owner, released[0], servers_text(servers))
    return Released(saved.known(servers), servers, tuple(sorted(withheld)))


async def save_secrets(
    store: SecretStore,
    owner: SecretOwner,
    connection: SavedConnection | Folder,
    servers: frozenset[str] = frozenset(),
) -> bool:
    """Save the secrets of a connection or folder, or remove them if the person does not agree.

    Return whether the keyring has them all now. Secret variables stay as they are if their values
    are unknown. Raises KeyringError.
    """
    profile = connection.profile
    if not profile.record:
        return False
    secret = [one for one in connection.variables if one.is_secret]
    wanted = {f"{VARIABLES}{one.name}": one.value for one in secret if one.value}
    unknown = frozenset(f"{VARIABLES}{one.name}" for one in secret if not one.value)
    if profile.save_secrets:
        wanted |= secrets_of(profile)
        unknown |= unknown_secrets(profile) | {REFRESH_TOKEN}
    await store.replace(owner, wanted, unknown, servers_text(servers))
    return profile.save_secrets or not secrets_of(profile)


async def save_token(
    store: SecretStore, owner: SecretOwner, token: str, servers: frozenset[str]
) -> None:
    """Save the newest refresh token of a connection's sign-in. Raises KeyringError."""
    others = {one.field for one in await store.keyring.saved(owner)} - {REFRESH_TOKEN}
    await store.replace(owner, {REFRESH_TOKEN: token}, frozenset(others), servers_text(servers))


async def move_secrets(store: SecretStore, old: str, new: str) -> None:
    """Give the secrets of a file, or of all in a folder, to its new path. Raises KeyringError."""
    for owner in await _owners(store, old):
        await store.move(owner, replace(owner, name=new + owner.name[len(old) :]))


async def forget_secrets(store: SecretStore, path: str) -> None:
    """Remove the secrets of a file, or of all in a folder. Raises KeyringError."""
    for owner in await _owners(store, path):
        await store.forget(owner)


async def _owners(store: SecretStore, path: str) -> set[SecretOwner]:
    """Return the owners of secrets at a path, or in it."""
    found = (one.owner for one in await store.items() if one.owner.kind is OwnerKind.CONNECTION)
    return {one for one in found if one.name == path or one.name.startswith(f"{path}/")}


def servers_of(prepared: PreparedConnection) -> frozenset[str]:
    """Return scheme, host and port of all that secrets of a connection are sent to.

    There are none while one of them has a variable that is not known.
    """
    try:
        endpoint = parse(prepared.address)
    except EndpointError:
        return frozenset()
    if endpoint.socket_path is not None:
        found = {f"{endpoint.scheme}+unix:{endpoint.socket_path}"}
    else:
        found = {_server(endpoint.scheme, endpoint.host, endpoint.port)}
    found.update(map(_other_server, _other_addresses(prepared.profile)))
    return frozenset() if any("{{" in one for one in found) else frozenset(found)


def servers_text(servers: Iterable[str]) -> str:
    """Return servers as a secret is saved with them."""
    return " ".join(sorted(servers))


def _may_be_sent(secret: SavedSecret, servers: frozenset[str] | None) -> bool:
    if servers is None:
        return True
    return bool(servers) and (not secret.servers or servers <= set(secret.servers.split(" ")))


def _other_addresses(profile: Profile) -> Iterator[str]:
    """Yield what else is connected to, with secrets of the profile."""
    if profile.proxy.choice is ProxyChoice.CUSTOM:
        yield profile.proxy.address
    if profile.sign_in.method is SignInMethod.OAUTH:
        oauth = profile.oauth
        yield from filter(None, (oauth.issuer, oauth.token_url, oauth.device_url))


def _other_server(address: str) -> str:
    scheme, slashes, _rest = address.strip().partition("://")
    try:
        parts = urlsplit(address.strip() if slashes else f"http://{address.strip()}")
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return f"{scheme.lower()}://?"  # it cannot be connected to
    return _server(parts.scheme, parts.hostname or "?", port)


def _server(scheme: str, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}".replace(" ", "%20")


def _places(
    folder: FolderTree, path: str, environment: str, connection: SavedConnection | None
) -> Iterator[_Place]:
    parts = path.split("/")[:-1]
    paths = ["/".join(parts[:count]) for count in range(len(parts) + 1)]
    folders = folder.folders_of(path) if path else (folder.folder(),)
    own = connection if connection is not None else folder.connection(path)
    values: list[tuple[str, SavedConnection | Folder]] = [*zip(paths, folders, strict=True)]
    if path:
        values.append((path, own))
    for key, one in values:
        owner = secret_owner(folder.root, key)
        yield _Place(owner, key, False, lacking(one.profile), _missing(one.variables))
    for used in environments_used(folder.root, environment):
        owner = environment_owner(folder.root, used.name)
        yield _Place(owner, used.name, True, frozenset(), _missing(used.variables))


def _used(place: _Place, places: list[_Place], bare: Preparation) -> Iterator[str]:
    """Yield the fields of a place that a connection needs."""
    needed = set(bare.missing_secrets(in_all_messages=True))
    yield from (place.name(one) for one in sorted(place.variables & needed))
    wanted = lacking(bare.connection.profile)
    inner = [one for one in places[places.index(place) + 1 :] if not one.is_environment]
    for name in sorted(place.fields & wanted):
        if not any(name in one.fields for one in inner):
            yield name


def _missing(variables: Iterable[Variable]) -> frozenset[str]:
    return frozenset(one.name for one in variables if one.is_secret and one.value is None)
