"""The secrets of saved connections, their folders and environments, as the keyring has them.

They belong to the file by its absolute path: after a file was moved, `SecretStore.move` gives them
to the new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from spacebeam.keyring.values import OwnerKind, SecretOwner
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.file_names import ENVIRONMENTS
from spacebeam.library.connections.tree import FolderTree
from spacebeam.library.secrets import SecretKeeper
from spacebeam.profiles.collection import Environment, Folder, SavedConnection, Variable
from spacebeam.profiles.secret_fields import unknown_secrets, with_known

VARIABLES = "variables/"  # before the name of a variable of a connection or folder, as a field


@dataclass(frozen=True, slots=True)
class KnownSecrets:
    """Values for what the files have no values of."""

    by_path: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # then by field
    by_environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by variable

    def connection(self, path: str, connection: SavedConnection) -> SavedConnection:
        """Return a connection with its secrets."""
        known = self.by_path.get(path, {})
        return replace(
            connection,
            profile=with_known(connection.profile, known),
            variables=tuple(_filled(connection.variables, known, VARIABLES)),
        )

    def folder(self, path: str, folder: Folder) -> Folder:
        """Return a folder with its secrets."""
        known = self.by_path.get(path, {})
        return replace(
            folder,
            profile=with_known(folder.profile, known),
            variables=tuple(_filled(folder.variables, known, VARIABLES)),
        )

    def environment(self, environment: Environment) -> Environment:
        """Return an environment with its secrets."""
        known = self.by_environment.get(environment.name, {})
        return replace(environment, variables=tuple(_filled(environment.variables, known)))


def secret_owner(root: Path, path: str) -> SecretOwner:
    """Return what the secrets of a connection or folder belong to."""
    return SecretOwner(OwnerKind.CONNECTION, str(root / path))


def environment_owner(root: Path, name: str) -> SecretOwner:
    """Return what the secrets of an environment belong to; a field is a variable's name."""
    return SecretOwner(OwnerKind.ENVIRONMENT, str(root / ENVIRONMENTS / name))


async def known_secrets(
    keyring: SecretKeeper,
    folder: FolderTree,
    path: str,
    environment: str = "",
    given: Collection[str] = (),
) -> KnownSecrets:
    """Return the secrets that the keyring has for a connection, its folders and its environment.

    The keyring is asked only for what lacks a value, and not for variables whose names are `given`.
    Raises KeyringError, OSError or YamlError.
    """

    def lacks(variables: tuple[Variable, ...]) -> bool:
        return any(_is_missing(one) and one.name not in given for one in variables)

    by_path: dict[str, Mapping[str, str]] = {}
    for place, one in _places(folder, path):
        if unknown_secrets(one.profile) or lacks(one.variables):
            by_path[place] = await keyring.lookup(secret_owner(folder.root, place))
    by_environment: dict[str, Mapping[str, str]] = {}
    for used in environments_used(folder.root, environment):
        if lacks(used.variables):
            owner = environment_owner(folder.root, used.name)
            by_environment[used.name] = await keyring.lookup(owner)
    return KnownSecrets(by_path, by_environment)


def environments_used(root: Path, name: str) -> list[Environment]:
    """Return an environment and those that it extends, each after the one that extends it."""
    files = {one.name: one.environment for one in EnvironmentFiles(root).all()} if name else {}
    found: list[Environment] = []
    while name in files:
        found.append(files.pop(name))
        name = found[-1].extends
    return found


def _places(folder: FolderTree, path: str) -> Iterator[tuple[str, SavedConnection | Folder]]:
    parts = path.split("/")[:-1]
    paths = ["/".join(parts[:count]) for count in range(len(parts) + 1)]
    yield from zip(paths, folder.folders_of(path), strict=True)
    yield path, folder.connection(path)


def _filled(
    variables: tuple[Variable, ...], known: Mapping[str, str], before: str = ""
) -> Iterator[Variable]:
    for one in variables:
        value = known.get(f"{before}{one.name}") if _is_missing(one) else one.value
        yield replace(one, value=value)


def _is_missing(variable: Variable) -> bool:
    return variable.is_secret and variable.value is None
