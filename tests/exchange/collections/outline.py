"""A collection as lines of text, which a test compares and a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from spacebeam.exchange.losses import NamedLosses
from spacebeam.profiles.collection import Collection, Folder, SavedConnection, Variable
from spacebeam.profiles.profile import DEFAULTS, Profile, value_at


def outline(collection: Collection) -> list[str]:
    """Return a line for each part, indented as it is nested."""
    lines = list(_folder(collection.folder, ""))
    for one in collection.environments:
        color = f" {one.color}" if one.color else ""
        lines.append(f"environment {one.name}{color}{_variables(one.variables)}")
    return lines


def _folder(folder: Folder, space: str) -> Iterator[str]:
    own = "" if folder.inherits_sign_in else " [no sign-in]"
    about = f" -- {folder.description}" if folder.description else ""
    values = f"{_profile(folder.profile)}{_variables(folder.variables)}"
    yield f"{space}folder {folder.name}{own}{values}{about}"
    for connection in folder.connections:
        yield from _connection(connection, f"{space}  ")
    for inner in folder.folders:
        yield from _folder(inner, f"{space}  ")


def _connection(one: SavedConnection, space: str) -> Iterator[str]:
    own = "" if one.inherits_sign_in else " [no sign-in]"
    tags = f" #{','.join(one.tags)}" if one.tags else ""
    about = f" -- {one.description}" if one.description else ""
    values = f"{_profile(one.profile)}{_variables(one.variables)}"
    yield f"{space}{one.name}: {one.address}{own}{values}{tags}{about}"
    for message in one.messages:
        mark = ", on connect" if message.on_connect else ""
        yield f"{space}  > {message.name} ({message.format.value}{mark}): {message.text!r}"


def _profile(profile: Profile) -> str:
    found = []
    for path, default in DEFAULTS.items():
        value: Any = value_at(profile, path)
        if value != default:
            found.append(f"{path}={value.value if isinstance(value, Enum) else value!r}")
    return f" {{{', '.join(found)}}}" if found else ""


def _variables(variables: Iterable[Variable]) -> str:
    found = []
    for one in variables:
        value = repr(one.value) if "\n" in (one.value or "") else one.value
        mark, secret = "" if one.enabled else "~", ":secret" if one.is_secret else ""
        found.append(f" {mark}{one.name}{secret}={value}")
    return "".join(found)


def lost(losses: NamedLosses) -> str:
    """Return the losses in a line, with their names."""
    found = []
    for loss, count in losses.items():
        names = losses.names.get(loss)
        found.append(f"{count} {loss.value}" + (f" ({', '.join(names)})" if names else ""))
    return f"lost {'; '.join(sorted(found))}" if found else "lost nothing"
