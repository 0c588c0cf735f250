"""A library on disk, as a person has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.library import default_library
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Environment, Folder, SavedConnection, Variable
from spacebeam.profiles.profile import Profile, with_values


class Saved:
    """The library of this test."""

    def __init__(self) -> None:
        self.root: Path = default_library()
        self.root.mkdir(parents=True)
        self.folder = OpenFolder(self.root)
        self.folder.load()

    def add(self, name: str, address: str, folder: str = "", **values: object) -> Path:
        """Save a connection; return its file."""
        made = SavedConnection(name, address, **values)  # type: ignore[arg-type]
        return self.root / self.folder.create_connection(folder, made)

    def add_folder(self, name: str, parent: str = "", **values: object) -> str:
        """Make a folder, perhaps with headers and variables; return its path."""
        return self.folder.create_folder(parent, Folder(name, **values))  # type: ignore[arg-type]

    def add_environment(self, name: str, **values: str) -> None:
        variables = tuple(Variable(one, value) for one, value in values.items())
        EnvironmentFiles(self.root).save(Environment(name, variables))

    def files(self) -> list[str]:
        """The paths of all files."""
        every = (one.relative_to(self.root).as_posix() for one in self.root.rglob("*.yml"))
        return sorted(every)


def headers(*pairs: tuple[str, str]) -> Profile:
    return with_values(Profile(), {"request.headers": pairs})


@pytest.fixture
def library(settings_path: Path) -> Saved:
    return Saved()
