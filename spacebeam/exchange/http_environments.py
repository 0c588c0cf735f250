"""Environments beside `.http` files: `http-client.env.json`, and secrets in its private twin.

JetBrains' HTTP Client, httpyac and kulala share these files. `$shared` holds for all environments.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spacebeam.profiles.collection import Environment, Variable

PUBLIC = "http-client.env.json"
PRIVATE = "http-client.private.env.json"
_SHARED = "$shared"
_MAX_SIZE = 4 * 1024 * 1024  # bytes


class EnvironmentFileError(Exception):
    """A file of environments cannot be read; the message says why."""

    def __init__(self, path: Path, words: str) -> None:
        super().__init__(words)
        self.path = path


def environments_for(file: Path) -> tuple[Environment, ...]:
    """Return the environments of the nearest folder above `file` that has some.

    Raises EnvironmentFileError.
    """
    for folder in file.absolute().parents:
        if (folder / PUBLIC).exists() or (folder / PRIVATE).exists():
            return _read_folder(folder)
    return ()


def _read_folder(folder: Path) -> tuple[Environment, ...]:
    public, private = _read(folder / PUBLIC), _read(folder / PRIVATE)
    names = [name for name in {**public, **private} if not name.startswith("$")]
    return tuple(
        Environment(
            name,
            (
                *_variables(public.get(_SHARED), is_secret=False),
                *_variables(private.get(_SHARED), is_secret=True),
                *_variables(public.get(name), is_secret=False),
                *_variables(private.get(name), is_secret=True),
            ),
        )
        for name in names
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_SIZE + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EnvironmentFileError(path, error.strerror or str(error)) from None
    if len(data) > _MAX_SIZE:
        raise EnvironmentFileError(path, "It is larger than 4 MiB.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EnvironmentFileError(path, f"It is not valid JSON: {error}.") from None
    if not isinstance(found, dict):
        raise EnvironmentFileError(path, "It is no JSON object with an object for each name.")
    return found


def _variables(values: object, *, is_secret: bool) -> list[Variable]:
    """Return the texts, numbers and truth values; objects such as SSLConfiguration are none."""
    if not isinstance(values, dict):
        return []
    return [
        Variable(name, value if isinstance(value, str) else json.dumps(value), is_secret=is_secret)
        for name, value in values.items()
        if isinstance(value, str | int | float | bool)
    ]
