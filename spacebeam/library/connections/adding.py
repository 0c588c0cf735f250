"""Adds a collection of another program to an open folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.file_names import COLLECTION_FILE, free_name
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Collection, Environment, Folder, Variable
from spacebeam.profiles.profile import PAIRS, SECRETS, Profile, is_secret, value_at
from spacebeam.profiles.written_secrets import is_only_variables


@dataclass(frozen=True, slots=True)
class AddedCollection:
    """What was added. Paths are relative to the open folder."""

    folder: str | None  # None: the collection has no connections
    environments: tuple[str, ...]  # their names, which may have a number


def folder_to_add_to(path: Path) -> tuple[OpenFolder, str]:
    """Return the collection that a folder is in, with the folder's path there.

    A folder that is in none becomes one.
    """
    path = Path(os.path.abspath(path))
    root = next((one for one in (path, *path.parents) if (one / COLLECTION_FILE).is_file()), path)
    inside = path.relative_to(root).as_posix()
    return OpenFolder(root, may_be_missing=True), ROOT if inside == "." else inside


def add_collection(collection: Collection, into: OpenFolder, parent: str = ROOT) -> AddedCollection:
    """Add a collection as a new folder in `parent`, and its environments to the open folder's.

    An environment that is there already is not added again; one of the same name gets a number.
    Raises as `OpenFolder`; then nothing of the folder was added.
    """
    path = None
    if any(collection.folder.walk()):
        into.load()
        path = _add_folder(collection.folder, into, parent)
    files = EnvironmentFiles(into.root)
    return AddedCollection(path, tuple(_add(one, files) for one in collection.environments))


def _add_folder(folder: Folder, into: OpenFolder, parent: str) -> str:
    if parent:
        (into.root / parent).mkdir(parents=True, exist_ok=True)
    taken = [one.name for one in into.children(parent)]
    called = free_name(folder.name, taken)
    before = {one.path for one in into.children(parent)}
    try:
        return into.create_folder(parent, replace(folder, name=called))
    except BaseException:
        for one in into.children(parent):
            if one.path not in before:
                shutil.rmtree(into.root / one.path, ignore_errors=True)
        into.refresh([into.root / parent])
        raise


def _add(environment: Environment, files: EnvironmentFiles) -> str:
    present = {one.name: one.environment for one in files.all()}
    same = present.get(environment.name)
    if same is not None and _written(same) == _written(environment):
        return environment.name
    return files.save(replace(environment, name=free_name(environment.name, present))).name


def _written(environment: Environment) -> tuple[tuple[str, str | None, bool], ...]:
    return tuple(
        (one.name, None if one.is_secret else one.value, one.enabled)
        for one in environment.variables
    )


def secrets_in(collection: Collection) -> int:
    """Return the number of secrets in a collection, which the files of a library do not have."""
    variables = (one for environment in collection.environments for one in environment.variables)
    return sum(map(_is_value, variables)) + _secrets_in(collection.folder)


def _secrets_in(folder: Folder) -> int:
    own = _secrets_of(folder.profile) + sum(map(_is_value, folder.variables))
    for one in folder.connections:
        own += _secrets_of(one.profile) + sum(map(_is_value, one.variables))
    return own + sum(map(_secrets_in, folder.folders))


def _secrets_of(profile: Profile) -> int:
    return sum(bool(one) and not is_only_variables(one) for one in _texts(profile))


def _texts(profile: Profile) -> Iterator[str]:
    """Yield the texts of a profile that may be secret."""
    for path in SECRETS:
        yield value_at(profile, path) or ""
    for path in PAIRS:
        for name, value in value_at(profile, path):
            if is_secret(path, name, value):
                yield value or ""


def _is_value(variable: Variable) -> bool:
    return variable.is_secret and bool(variable.value)
