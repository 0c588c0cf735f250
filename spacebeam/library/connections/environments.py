"""The environments of an open folder: `environments/NAME.yml`, and those in its own file."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from spacebeam.exchange.opencollection.fields import child, items
from spacebeam.exchange.opencollection.variables import environment_document, read_environment
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.file_names import (
    COLLECTION_FILE,
    ENVIRONMENTS,
    SUFFIX,
    SUFFIXES,
    free_name,
    safe_name,
)
from spacebeam.library.connections.files import (
    ChangedOnDiskError,
    read_document,
    write_document,
    writing,
)
from spacebeam.library.connections.nodes import FileProblem, natural, stem
from spacebeam.profiles.collection import Environment

_DEFAULT_NAME = "environment"


@dataclass(frozen=True, slots=True)
class EnvironmentFile:
    """An environment, and the problem of its file if it cannot be read.

    `path` is empty for an environment in the collection's own file, which is only read.
    """

    path: str
    environment: Environment
    problem: FileProblem | None = None

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.environment.name


class EnvironmentFiles:
    """Reads and writes the environments of a folder. Errors are as those of `OpenFolder`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.folder = root / ENVIRONMENTS  # for a monitor to watch; it may not exist

    def all(self) -> list[EnvironmentFile]:
        """Return all environments, sorted by their names."""
        found = [*self._in_collection(), *map(self._file, self._paths())]
        return sorted(found, key=lambda one: natural(one.name))

    def environment(self, name: str) -> Environment | None:
        """Return the environment of this name."""
        return next((one.environment for one in self.all() if one.name == name), None)

    def save(self, environment: Environment, was: Environment | None = None) -> Environment:
        """Save an environment, under another name if `was` has another; return it as saved.

        Values of secret variables are not written. If the file does not have `was` any more, this
        raises ChangedOnDiskError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with writing(self._root):
            path = self._path_of(was.name) if was is not None else None
            if was is not None and (path is None or self._read(path) != was):
                raise ChangedOnDiskError(was.name)
            if path is None:
                path = self._free(environment.name)
            document = read_document(path) if path.exists() else {}
            write_document(path, environment_document(environment, document))
            if was is not None and was.name != environment.name:
                path = path.rename(self._free(environment.name, but=path.name))
            return self._read(path)

    def delete(self, name: str) -> Environment:
        """Delete an environment; return it, so that it can be saved again."""
        with writing(self._root):
            path = self._path_of(name)
            if path is None:
                raise FileNotFoundError(name)
            environment = self._read(path)
            path.unlink()
        return environment

    def _paths(self) -> list[Path]:
        with suppress(OSError):
            found = [one for one in os.scandir(self.folder) if not one.name.startswith(".")]
            return sorted(Path(one.path) for one in found if one.name.endswith(SUFFIXES))
        return []

    def _path_of(self, name: str) -> Path | None:
        files = ((one, self._file(one)) for one in self._paths())
        return next((path for path, one in files if one.name == name), None)

    def _free(self, name: str, but: str = "") -> Path:
        taken = (one.name for one in self._paths() if one.name != but)
        return self.folder / free_name(safe_name(name, _DEFAULT_NAME), taken, SUFFIX)

    def _read(self, path: Path) -> Environment:
        found = read_environment(read_document(path))
        return found if found.name else replace(found, name=stem(path.name))

    def _file(self, path: Path) -> EnvironmentFile:
        relative = f"{ENVIRONMENTS}/{path.name}"
        try:
            return EnvironmentFile(relative, self._read(path))
        except (OSError, YamlError) as error:
            return EnvironmentFile(relative, Environment(stem(path.name)), FileProblem.of(error))

    def _in_collection(self) -> list[EnvironmentFile]:
        with suppress(OSError, YamlError):
            config = child(read_document(self._root / COLLECTION_FILE), "config")
            found = map(read_environment, items(config, "environments"))
            return [EnvironmentFile("", one) for one in found if one.name]
        return []
