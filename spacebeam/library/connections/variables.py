"""The variables of a saved connection: which ones there are, and which of the same name wins.

Later ones win: the collection's, the environment's, those of the folders from the outermost one on,
the connection's, and those of the command line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from spacebeam.exchange.env_file import read_env_file
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.secrets import KnownSecrets, environments_used
from spacebeam.library.connections.tree import FolderTree
from spacebeam.profiles.collection import Environment, Variable, by_name, inherited
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.prepared import Preparation
from spacebeam.protocol.secrets import is_secret_name

NO_SECRETS = KnownSecrets()
ENV_FILE = ".env"  # of a collection: `{{process.env.NAME}}`, `{{$env NAME}}`


def preparation(
    folder: FolderTree,
    path: str,
    environment: str = "",
    overrides: Mapping[str, str] | None = None,
    secrets: KnownSecrets = NO_SECRETS,
) -> Preparation:
    """Return what makes a saved connection ready to connect.

    `secrets` are those of the keyring (`known_secrets`), of which the files have the names only.
    Raises OSError or YamlError.
    """
    connection = secrets.connection(path, folder.connection(path))
    places = path.split("/")[:-1]
    folders = [
        secrets.folder("/".join(places[:depth]), one)
        for depth, one in enumerate(folder.folders_of(path))
    ]
    inner = (*(one.variables for one in folders[1:]), connection.variables)
    found = variables_for(folder.root, folders[0].variables, environment, inner, overrides, secrets)
    return Preparation(inherited(connection, folders), found, made_values(folder.root))


def variables_for(
    root: Path,
    collection: tuple[Variable, ...],
    environment: str = "",
    inner: tuple[tuple[Variable, ...], ...] = (),
    overrides: Mapping[str, str] | None = None,
    secrets: KnownSecrets = NO_SECRETS,
) -> Mapping[str, Variable]:
    """Return the variables by name: `inner` are those of the folders and of the connection."""
    found = by_name(collection, environment_variables(root, environment, secrets), *inner)
    given = (
        Variable(name, value, is_secret=_is_secret(name, found.get(name)))
        for name, value in (overrides or {}).items()
    )
    return by_name(found.values(), given)


def _is_secret(name: str, present: Variable | None) -> bool:
    return is_secret_name(name) or (present is not None and present.is_secret)


def environment_variables(
    root: Path, name: str, secrets: KnownSecrets = NO_SECRETS
) -> tuple[Variable, ...]:
    """Return the variables of an environment, above those of its file and of what it extends."""
    found: tuple[Variable, ...] = ()
    for one in environments_used(root, name):
        found = (*_of_file(root, one), *secrets.environment(one).variables, *found)
    return found


def usable_environments(roots: Iterable[Path]) -> tuple[Environment, ...]:
    """Return the environments of folders with all their variables, for what is in no folder.

    The variables of the folder itself are among them; secret ones have no value. Of the same name
    the earlier folder's is returned. What cannot be read is left out.
    """
    found: dict[str, Environment] = {}
    for root in roots:
        with suppress(OSError, YamlError):
            collection = FolderTree(root).folder().variables
            for one in EnvironmentFiles(root).all():
                if one.problem is None and one.name not in found:
                    variables = collection + environment_variables(root, one.name)
                    found[one.name] = Environment(one.name, variables)
    return tuple(found.values())


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
