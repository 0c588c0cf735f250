"""The variables of a saved connection: which ones there are, and which of the same name wins.

Later ones win: the collection's, the environment's, those of the folders from the outermost one on,
the connection's, and those of the command line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from spacebeam.exchange.env_file import read_env_file
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Environment, Variable, by_name, inherited
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.prepared import Preparation
from spacebeam.protocol.secrets import is_secret_name

ENV_FILE = ".env"  # of a collection: `{{process.env.NAME}}`, `{{$env NAME}}`


def preparation(
    folder: OpenFolder,
    path: str,
    environment: str = "",
    overrides: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Preparation:
    """Return what makes a saved connection ready to connect.

    `secrets` has the values of secret variables, of which the files have the names only; the
    caller also fills in the secrets of the connection's profile (`dataclasses.replace`). Raises
    OSError or YamlError.
    """
    connection = folder.connection(path)
    folders = folder.folders_of(path)
    found = variables_for(
        folder,
        folders[0].variables if folders else (),
        environment,
        (*(one.variables for one in folders[1:]), connection.variables),
        overrides,
    )
    known = {
        name: replace(one, value=(secrets or {}).get(name)) if one.value is None else one
        for name, one in found.items()
    }
    return Preparation(inherited(connection, folders), known, made_values(folder.root))


def variables_for(
    folder: OpenFolder,
    collection: tuple[Variable, ...],
    environment: str = "",
    inner: tuple[tuple[Variable, ...], ...] = (),
    overrides: Mapping[str, str] | None = None,
) -> Mapping[str, Variable]:
    """Return the variables by name: `inner` are those of the folders and of the connection."""
    found = by_name(collection, environment_variables(folder.root, environment), *inner)
    given = (
        Variable(name, value, is_secret=name in found and found[name].is_secret)
        for name, value in (overrides or {}).items()
    )
    return by_name(found.values(), given)


def environment_variables(root: Path, name: str) -> tuple[Variable, ...]:
    """Return the variables of an environment, above those of its file and of what it extends."""
    found: tuple[Variable, ...] = ()
    files = {one.name: one.environment for one in EnvironmentFiles(root).all()} if name else {}
    seen: set[str] = set()
    while name in files and name not in seen:
        seen.add(name)
        environment = files[name]
        found = (*_of_file(root, environment), *environment.variables, *found)
        name = environment.extends
    return found


def made_values(root: Path) -> MadeValues:
    """Return what makes values for a collection, whose `.env` file wins over the environment."""
    return MadeValues({**os.environ, **_inside(root, ENV_FILE)})


def _of_file(root: Path, environment: Environment) -> tuple[Variable, ...]:
    if not environment.env_file:
        return ()
    return tuple(
        Variable(name, value, is_secret=is_secret_name(name))
        for name, value in _inside(root, environment.env_file).items()
    )


def _inside(root: Path, name: str) -> dict[str, str]:
    """Return the values of a file in the collection; a stranger's may not name others."""
    path = Path(os.path.realpath(root / name))
    with suppress(OSError, ValueError, YamlError):
        if path.is_relative_to(os.path.realpath(root)) and path.is_file():
            return read_env_file(path)
    return {}
