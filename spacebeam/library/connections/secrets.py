"""The secrets of saved connections, their folders and environments, as the keyring has them.

They belong to the file by its absolute path: after a file was moved, `SecretStore.move` gives them
to the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from spacebeam.keyring.values import OwnerKind, SecretOwner
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.file_names import ENVIRONMENTS
from spacebeam.profiles.collection import Environment, Folder, SavedConnection, Variable
from spacebeam.profiles.profile import Profile, SignInMethod, with_values
from spacebeam.profiles.secret_fields import unknown_secrets, with_known

REFRESH_TOKEN = "oauth.refresh_token"  # is in no file, not even by its name
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
            profile=_profile(connection.profile, known),
            variables=tuple(_filled(connection.variables, known, VARIABLES)),
        )

    def folder(self, path: str, folder: Folder) -> Folder:
        """Return a folder with its secrets."""
        known = self.by_path.get(path, {})
        return replace(
            folder,
            profile=_profile(folder.profile, known),
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


def environments_used(root: Path, name: str) -> list[Environment]:
    """Return an environment and those that it extends, each after the one that extends it."""
    files = {one.name: one.environment for one in EnvironmentFiles(root).all()} if name else {}
    found: list[Environment] = []
    while name in files:
        found.append(files.pop(name))
        name = found[-1].extends
    return found


def _profile(profile: Profile, known: Mapping[str, str]) -> Profile:
    """Return a profile with its secrets, and with the refresh token, of which no file knows."""
    filled = with_known(profile, known)
    token = known.get(REFRESH_TOKEN)
    return with_values(filled, {REFRESH_TOKEN: token}) if token and _asks(filled) else filled


def lacking(profile: Profile) -> frozenset[str]:
    """Return the fields of a profile that the keyring may have."""
    return unknown_secrets(profile) | ({REFRESH_TOKEN} if _asks(profile) else frozenset())


def _asks(profile: Profile) -> bool:
    return profile.sign_in.method is SignInMethod.OAUTH and not profile.oauth.refresh_token


def _filled(
    variables: tuple[Variable, ...], known: Mapping[str, str], before: str = ""
) -> Iterator[Variable]:
    for one in variables:
        value = known.get(f"{before}{one.name}") if _is_missing(one) else one.value
        yield replace(one, value=value)


def _is_missing(variable: Variable) -> bool:
    return variable.is_secret and variable.value is None
