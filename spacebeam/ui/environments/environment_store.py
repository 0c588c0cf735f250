"""The environments of the open folders: read once, chosen by folder, and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from spacebeam.library.connections.environments import EnvironmentFile, EnvironmentFiles
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.secrets import KnownSecrets
from spacebeam.library.connections.variables import NO_SECRETS, environment_variables
from spacebeam.library.sidebar_settings import SidebarSettings
from spacebeam.profiles.collection import Environment, Variable, without_secrets
from spacebeam.profiles.merging import merged

_MAX_CHOICES = 50


class EnvironmentStore:
    """Values of secret variables are in no file; they are held here until the program ends."""

    def __init__(
        self, settings: Callable[[], SidebarSettings], remember: Callable[[SidebarSettings], object]
    ) -> None:
        self._settings = settings
        self._remember = remember
        self._read: dict[Path, list[EnvironmentFile]] = {}
        self._variables: dict[tuple[Path, str], tuple[Variable, ...]] = {}
        self._secrets: dict[tuple[Path, str, str], str] = {}  # by folder, environment and name

    def forget(self, root: Path) -> None:
        """Read the environments of a folder again when they are next wanted."""
        self._read.pop(root, None)
        self._variables = {}

    def all(self, root: Path) -> list[EnvironmentFile]:
        """Return the environments of a folder, sorted by name."""
        if root not in self._read:
            self._read[root] = EnvironmentFiles(root).all()
        return [
            replace(one, environment=self._with_secrets(root, one.environment))
            for one in self._read[root]
        ]

    def chosen_name(self, root: Path) -> str:
        """Return the name of the chosen environment of a folder, or ""."""
        name = self._settings().environments.get(str(root), "")
        return name if any(one.name == name for one in self.all(root)) else ""

    def chosen(self, root: Path) -> Environment | None:
        """Return the chosen environment of a folder."""
        name = self.chosen_name(root)
        found = (one.environment for one in self.all(root) if one.name == name)
        return next(found, None)

    def variables(self, root: Path, secrets: KnownSecrets = NO_SECRETS) -> tuple[Variable, ...]:
        """Return the variables of the chosen environment, with those of what it extends.

        `secrets` are those of the keyring.
        """
        name = self.chosen_name(root)
        if not name:
            return ()
        if secrets.by_environment:
            found = environment_variables(root, name, secrets)
        else:
            if (root, name) not in self._variables:
                self._variables[root, name] = environment_variables(root, name)
            found = self._variables[root, name]
        return tuple(
            replace(one, value=self._secrets.get((root, name, one.name)))
            if one.is_secret and one.value is None
            else one
            for one in found
        )

    def forget_secret(self, root: Path, environment: str, name: str, value: str) -> None:
        """Forget a secret that the keyring has now, unless it was changed since."""
        if self._secrets.get((root, environment, name)) == value:
            del self._secrets[root, environment, name]

    def choose(self, root: Path, name: str) -> None:
        """Choose an environment of a folder; "" for none."""
        settings = self._settings()
        chosen = {key: one for key, one in settings.environments.items() if key != str(root)}
        if name:
            chosen[str(root)] = name
        kept = dict(list(chosen.items())[-_MAX_CHOICES:])
        self._remember(replace(settings, environments=kept))

    def save(self, root: Path, was: Environment | None, environment: Environment) -> None:
        """Save a new environment, or one that was `was` before it was changed.

        What another program has changed meanwhile stays; where both changed the same, this raises
        ChangedOnDiskError. Raises LIBRARY_ERRORS.
        """
        files = EnvironmentFiles(root)
        before = files.environment(was.name) if was is not None else None
        found: Environment | None = environment
        if was is not None and before is not None:
            found = merged(_bare(was), _bare(environment), before)
        if found is None:
            raise ChangedOnDiskError(environment.name)
        files.save(found, before)
        for one in environment.variables:
            key = root, environment.name, one.name
            if one.is_secret and one.value is not None:
                self._secrets[key] = one.value
            else:
                self._secrets.pop(key, None)
        was_chosen = was is not None and self.chosen_name(root) == was.name
        self.forget(root)
        if was_chosen:
            self.choose(root, environment.name)

    def delete(self, root: Path, name: str) -> None:
        """Delete an environment. Raises LIBRARY_ERRORS."""
        EnvironmentFiles(root).delete(name)
        self.forget(root)

    def from_files(self, root: Path) -> Mapping[str, tuple[Variable, ...]]:
        """Return the variables that environments have from .env files, by their names."""
        return {
            one.name: tuple(
                variable
                for variable in environment_variables(root, one.name)
                if variable not in one.environment.variables
            )
            for one in self.all(root)
            if one.environment.env_file
        }

    def _with_secrets(self, root: Path, environment: Environment) -> Environment:
        return replace(
            environment,
            variables=tuple(
                replace(one, value=self._secrets.get((root, environment.name, one.name)))
                if one.is_secret and one.value is None
                else one
                for one in environment.variables
            ),
        )


def _bare(environment: Environment) -> Environment:
    """Return an environment as a file has it."""
    return replace(environment, variables=without_secrets(environment.variables))
