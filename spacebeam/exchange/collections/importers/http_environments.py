"""The environments of `.http` files: JSON of JetBrains, `.env` files and settings of httpyac."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from spacebeam.exchange.collections.importers.expressions import http_file
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import CollectionReader
from spacebeam.exchange.collections.importers.values import name, record
from spacebeam.exchange.env_file import parse_env
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import Environment, Variable

_JSON = ("http-client.env.json", "http-client.private.env.json", "rest-client.env.json")
_SETTINGS = (".httpyac.json", "httpyac.config.json")
_SHARED = "$shared"
_OBJECTS = frozenset(("SSLConfiguration", "Security"))  # of JetBrains, no variables
_ENV_FILE = re.compile(r"\.env(?:\.([\w-]+))?|([\w-]+)\.env")

_Sets = dict[str, list[Variable]]


def environments_beside(
    files: CollectionFiles, reader: CollectionReader
) -> tuple[tuple[Variable, ...], tuple[Environment, ...]]:
    """Return the variables of all environments, and the environments of the outermost folder."""
    found: _Sets = {}
    for folder in (files.root, files.root / "env"):
        if folder.is_dir():
            _dotenv_files(files, folder, reader, found)
    for path in (files.root / one for one in _SETTINGS):
        _put(record(record(_document(files, path, reader)).get("environments")), reader, found)
    for path in (files.root / one for one in _JSON):
        is_secret = "private" in path.name
        _put(record(_document(files, path, reader)), reader, found, is_secret=is_secret)
    shared = tuple(found.pop(_SHARED, ()))
    return shared, tuple(Environment(name(own), tuple(one)) for own, one in found.items())


class EnvironmentFileError(Exception):
    """Files of environments cannot be read."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.folder = folder
        self.names = names


def environments_for(file: Path) -> tuple[Environment, ...]:
    """Return the environments of the nearest folder above an `.http` file that has some.

    What holds for all of them is in each. Raises EnvironmentFileError.
    """
    for folder in file.absolute().parents:
        losses = NamedLosses()
        reader = CollectionReader(losses, http_file)
        shared, found = environments_beside(CollectionFiles(folder), reader)
        if names := losses.names.get(Loss.FILES):
            raise EnvironmentFileError(folder, tuple(names))
        if found:
            return tuple(replace(one, variables=shared + one.variables) for one in found)
    return ()


def _document(files: CollectionFiles, path: Path, reader: CollectionReader) -> Any:
    try:
        return files.document(path)
    except FileNotFoundError:
        return None
    except (OSError, ImportFileError):
        reader.losses.lose(Loss.FILES, path.name)
        return None


def _put(
    values: dict[str, Any], reader: CollectionReader, found: _Sets, *, is_secret: bool = False
) -> None:
    for own, variables in values.items():
        if not isinstance(variables, dict):  # as `$schema`
            continue
        into = found.setdefault(own, [])
        for key, value in variables.items():
            if key in _OBJECTS:
                reader.losses.lose(Loss.SETTINGS, key)
            else:
                into.append(reader.variable(key, value, is_secret=is_secret))


def _dotenv_files(
    files: CollectionFiles, folder: Path, reader: CollectionReader, found: _Sets
) -> None:
    for path in files.listed(folder)[0]:
        match = _ENV_FILE.fullmatch(path.name)
        if match is None:
            continue
        try:
            pairs = parse_env(files.text(path))
        except (OSError, ImportFileError):
            reader.losses.lose(Loss.FILES, path.name)
            continue
        into = found.setdefault(match[1] or match[2] or _SHARED, [])
        into += [Variable(key, reader.text(value), is_secret=True) for key, value in pairs.items()]
