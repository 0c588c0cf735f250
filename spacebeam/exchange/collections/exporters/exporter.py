"""What an exporter of collections gets and returns, and what several of them need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote

from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import (
    Collection,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
    inherited,
)
from spacebeam.profiles.profile import DEFAULTS, Profile, SignIn, SignInMethod, value_at

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # of Windows
_VARIABLE = re.compile(r"(\{\{[^{}]+\}\})")
_MAX_FILE_NAME = 100  # characters
# Paths and groups of a profile that are no settings, or have losses of their own.
_NO_SETTINGS = frozenset(
    ("request.headers", "request.query", "request.cookies", "request.subprotocols")
) | {"record", "save_secrets", "sign_in", "aws", "oauth"}
_SIGN_INS = frozenset(
    (
        SignInMethod.PASSWORD,
        SignInMethod.BEARER,
        SignInMethod.KEY_IN_HEADER,
        SignInMethod.KEY_IN_QUERY,
    )
)


@dataclass(frozen=True, slots=True)
class CollectionSource:
    """What is exported."""

    collection: Collection
    with_secrets: bool = False
    environment: str = ""  # the name of the one whose variables are put in


CollectionExport = Callable[[CollectionSource, NamedLosses], Iterator[Piece]]


@dataclass(frozen=True, slots=True)
class CollectionExportFormat:
    """A format that a collection is exported in."""

    name: str
    suffix: str  # of a file's name; "" for a folder
    export: CollectionExport
    is_for_one: bool = False  # a program that makes one connection

    @property
    def is_folder(self) -> bool:
        """Whether the export is a folder of files."""
        return not self.suffix


class FoundConnection(NamedTuple):
    """A connection with what its folders say for it."""

    folders: tuple[str, ...]  # names, without the outermost one
    connection: SavedConnection


def all_connections(folder: Folder) -> Iterator[FoundConnection]:
    """Yield all connections, in their order, with what they inherit."""
    return _all(folder, (folder,))


def _all(folder: Folder, above: tuple[Folder, ...]) -> Iterator[FoundConnection]:
    names = tuple(one.name for one in above[1:])
    for connection in folder.connections:
        yield FoundConnection(names, inherited(connection, above))
    for inner in folder.folders:
        yield from _all(inner, (*above, inner))


def variables_for(source: CollectionSource, connection: SavedConnection) -> tuple[Variable, ...]:
    """Return the variables that hold for a connection of `all_connections`, the weakest first.

    The environment's are above the collection's and below those of folders and the connection.
    """
    count = len(source.collection.folder.variables)
    outer, inner = connection.variables[:count], connection.variables[count:]
    return (*outer, *_environment_variables(source), *inner)


def _environment_variables(source: CollectionSource) -> tuple[Variable, ...]:
    """Return the variables of the chosen environment, above those of what it extends."""
    known = {one.name: one for one in source.collection.environments}
    found: tuple[Variable, ...] = ()
    name = source.environment
    while name in known:
        environment = known.pop(name)
        found = (*environment.variables, *found)
        name = environment.extends
    return found


def lifted_variables(folder: Folder, losses: NamedLosses) -> tuple[Variable, ...]:
    """Return a folder's variables with those of its connections, for formats without these."""
    found = {one.name: one for one in folder.variables}
    for connection in folder.connections:
        for one in connection.variables:
            if found.setdefault(one.name, one) != one:
                losses.lose(Loss.VARIABLES, one.name)
    return tuple(found.values())


def lose_settings(profile: Profile, written: Iterable[str], losses: NamedLosses) -> None:
    """Count the fields that differ from their defaults and are not at the paths `written`."""
    lose_sign_ins(profile, losses)
    known = {*written, *_NO_SETTINGS}
    for path, default in DEFAULTS.items():
        group = path.partition(".")[0]
        if path not in known and group not in known and value_at(profile, path) != default:
            losses.lose(Loss.SETTINGS, path)


def lose_sign_ins(profile: Profile, losses: NamedLosses) -> None:
    """Count the ways to sign in that other programs are not told."""
    for one in (profile.sign_in, *profile.other_sign_ins):
        if one.method not in _SIGN_INS and one.method is not SignInMethod.NONE:
            losses.lose(Loss.SIGN_INS, one.method.value)


def headers_of(profile: Profile) -> list[tuple[str, str]]:
    """Return the headers of a handshake, with cookies and subprotocols among them."""
    request = profile.request
    found = [(name, value or "") for name, value in request.headers]
    if request.cookies:
        cookies = "; ".join(f"{name}={value or ''}" for name, value in request.cookies)
        found.append(("Cookie", cookies))
    if request.subprotocols:
        found.append(("Sec-WebSocket-Protocol", ", ".join(request.subprotocols)))
    return found


def sign_ins(profile: Profile) -> list[SignIn]:
    """Return the sign-ins that other programs are told."""
    every = (profile.sign_in, *profile.other_sign_ins)
    return [one for one in every if one.method in _SIGN_INS]


def with_query(address: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return an address with further parameters; variables in them stay."""
    added = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)
    return f"{address}{'&' if '?' in address else '?'}{added}" if added else address


def _encoded(text: str) -> str:
    pieces = _VARIABLE.split(text)
    return "".join(one if count % 2 else quote(one, safe="") for count, one in enumerate(pieces))


def messages_of(connection: SavedConnection) -> tuple[SavedMessage, ...]:
    """Return the messages that a program sends by itself: those on connect, else all."""
    return tuple(one for one in connection.messages if one.on_connect) or connection.messages


def is_binary(message: SavedMessage) -> bool:
    """Whether a message is sent as bytes, or in another format than it is written in."""
    return bool(message.encoding) or message.format in (MessageFormat.HEX, MessageFormat.BASE64)


def with_own_handshakes(folder: Folder) -> Folder:
    """Return a folder whose headers and sign-in are those of what is in it."""
    empty = replace(folder, variables=(), messages=())

    def laid_over(one: SavedConnection) -> SavedConnection:
        return replace(one, profile=inherited(one, (empty,)).profile)

    def in_folder(one: Folder) -> Folder:
        inside = SavedConnection("", "", one.profile, inherits_sign_in=one.inherits_sign_in)
        return replace(one, profile=laid_over(inside).profile)

    return replace(
        folder,
        profile=Profile(),
        folders=tuple(map(in_folder, folder.folders)),
        connections=tuple(map(laid_over, folder.connections)),
    )


class FileNames:
    """Makes the names of files in a folder from names of connections, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str, suffix: str = "", default: str = "connection") -> str:
        """Return a name that is safe on every system, with a number if it is taken."""
        stem = _FORBIDDEN.sub("-", wanted).strip(" .")[:_MAX_FILE_NAME].strip(" .") or default
        stem = f"{stem}_" if _RESERVED.fullmatch(stem) else stem
        found, number = f"{stem}{suffix}", 1
        while found.casefold() in self._taken:
            number += 1
            found = f"{stem} {number}{suffix}"
        self._taken.add(found.casefold())
        return found
