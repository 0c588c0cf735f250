"""Saved connections as values: folders, environments and messages, whatever file they are in.

The library stores them, importers make them and exporters write them. A collection is a folder with
environments. What a folder says (headers, sign-in, variables) holds for all in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from spacebeam.profiles.overlay import overlaid
from spacebeam.profiles.profile import Profile, Secret, SignIn, SignInMethod


class MessageFormat(Enum):
    """How a saved message is written: as text of some language, or as bytes."""

    TEXT = "text"
    JSON = "json"
    XML = "xml"
    HEX = "hex"  # sent as a binary message
    BASE64 = "base64"  # sent as a binary message


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """A message to send again. Its text may hold variables."""

    name: str
    text: str
    format: MessageFormat = MessageFormat.TEXT
    on_connect: bool = False  # sent by itself after each connect, in the order of the messages
    folder: str = ""  # names separated by slashes; empty: in no folder
    encoding: str = ""  # the name of the format that a text in JSON is sent in; empty: as it is


@dataclass(frozen=True, slots=True)
class Variable:
    """A name and the text that takes its place, which may hold other variables."""

    name: str
    value: Secret  # None: a secret, which is in no file
    enabled: bool = True
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """A named set of variables, such as that of a test server."""

    name: str
    variables: tuple[Variable, ...] = ()
    color: str = ""  # #rrggbb, or empty
    extends: str = ""  # the environment whose variables it has too, below its own
    env_file: str = ""  # a .env file whose variables it has too; below its own


@dataclass(frozen=True, slots=True)
class SavedConnection:
    """A connection as it is saved. All texts may hold variables."""

    name: str
    address: str  # as it was typed
    profile: Profile = field(default_factory=Profile)
    messages: tuple[SavedMessage, ...] = ()
    variables: tuple[Variable, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    inherits_sign_in: bool = True  # of its folders, if it has none of its own
    is_favorite: bool = False
    decoder: str = ""  # of texts, the name of one that was chosen; empty: automatic
    binary_decoder: str = ""  # of binary messages
    filter: str = ""  # of the timeline


@dataclass(frozen=True, slots=True)
class Folder:
    """Connections and folders, in their order, and what holds for all of them.

    Of the profile only the headers and the sign-in are used.
    """

    name: str
    profile: Profile = field(default_factory=Profile)
    variables: tuple[Variable, ...] = ()
    messages: tuple[SavedMessage, ...] = ()  # offered in all its connections
    folders: tuple[Folder, ...] = ()
    connections: tuple[SavedConnection, ...] = ()
    description: str = ""
    inherits_sign_in: bool = True

    def walk(self, *folders: str) -> Iterator[tuple[tuple[str, ...], SavedConnection]]:
        """Yield each connection with the names of the folders that it is in."""
        for connection in self.connections:
            yield folders, connection
        for folder in self.folders:
            yield from folder.walk(*folders, folder.name)


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder with its environments."""

    folder: Folder
    environments: tuple[Environment, ...] = ()

    @property
    def name(self) -> str:
        """The name of the outermost folder."""
        return self.folder.name


def inherited(connection: SavedConnection, folders: Iterable[Folder]) -> SavedConnection:
    """Return the connection with what its `folders`, outermost first, say for all in them."""
    profile = Profile()
    variables: tuple[Variable, ...] = ()
    messages: tuple[SavedMessage, ...] = ()
    for folder in folders:
        profile = _laid_over(profile, folder.profile, inherits_sign_in=folder.inherits_sign_in)
        variables += folder.variables
        messages += folder.messages
    return replace(
        connection,
        profile=_laid_over(
            profile, connection.profile, inherits_sign_in=connection.inherits_sign_in
        ),
        variables=variables + connection.variables,
        messages=connection.messages + messages,
    )


def _laid_over(lower: Profile, upper: Profile, *, inherits_sign_in: bool) -> Profile:
    if not inherits_sign_in:
        lower = replace(lower, sign_in=SignIn(), other_sign_ins=())
    return overlaid(lower, upper)


def without_secrets(variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """Return the variables as files have them: without the values of secret variables."""
    return tuple(replace(one, value=None) if one.is_secret else one for one in variables)


def by_name(*sets: Iterable[Variable]) -> Mapping[str, Variable]:
    """Return the enabled variables by their names; of the same name the last one wins."""
    return {one.name: one for variables in sets for one in variables if one.enabled}


def has_sign_in(profile: Profile) -> bool:
    """Whether the profile signs in by a method of its own."""
    return profile.sign_in.method is not SignInMethod.NONE
