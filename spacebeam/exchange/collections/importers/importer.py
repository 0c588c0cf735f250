"""What an importer of collections gets and returns, and what all of them have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from spacebeam.exchange.collections.importers.expressions import Translate
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.profile_maker import NamedValue, ProfileMaker
from spacebeam.exchange.collections.importers.values import flag, text
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import Collection, Folder, SavedConnection, Variable
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.secrets import is_secret_name

MAX_DEPTH = 50  # folders in folders

_SCHEME = re.compile(r"(https?|wss?)://", re.IGNORECASE)
_VARIABLE_START = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class CollectionFormat:
    """A format of another program's collections.

    `read` raises ImportFileError if a file is not valid, and OSError.
    """

    name: str
    read: Callable[[CollectionFiles, NamedLosses], Collection]


class CollectionReader:
    """One import: its losses, and how the program's texts are translated to ours."""

    def __init__(self, losses: NamedLosses, translate: Translate) -> None:
        self.losses = losses
        self._translate = translate

    def text(self, value: object) -> str:
        """Return a translated text."""
        return self._translate(text(value), self.losses)

    def pairs(self, values: object) -> list[NamedValue]:
        """Return headers or parameters: a list of objects as most programs have it, or a map."""
        if isinstance(values, dict):
            return [
                NamedValue(self.text(one), self.text(value))
                for one, value in values.items()
                if not isinstance(value, dict | list)
            ]
        if not isinstance(values, list):
            return []
        return [self._pair(one) for one in values if isinstance(one, dict)]

    def _pair(self, one: dict[str, Any]) -> NamedValue:
        return NamedValue(
            self.text(one.get("name", one.get("key"))),
            self.text(one.get("value")),
            is_enabled(one),
            bool(text(one.get("description"))),
        )

    def variables(self, values: object) -> tuple[Variable, ...]:
        """Return variables: a list of objects as most programs have it, or a map."""
        if isinstance(values, dict):
            values = [{"name": name, "value": value} for name, value in values.items()]
        if not isinstance(values, list):
            return ()
        found = [self._variable(one) for one in values if isinstance(one, dict)]
        return tuple(one for one in found if one.name)

    def _variable(self, one: dict[str, Any]) -> Variable:
        value = one.get("value")
        if isinstance(value, dict) and "data" in value:  # OpenCollection's, with a type
            value = value["data"]
        is_secret = flag(one.get("secret")) or one.get("type") == "secret"
        if text(one.get("description")):
            self.losses.lose(Loss.DESCRIPTIONS)
        name = text(one.get("name", one.get("key"))).strip()
        return self.variable(name, value, is_enabled(one), is_secret=is_secret)

    def variable(
        self, name: str, value: object, enabled: bool = True, *, is_secret: bool = False
    ) -> Variable:
        """Return a variable; a secret one by its name, too. A secret may have no value here."""
        if is_secret and not value:
            self.losses.lose(Loss.SECRET_VALUES, name)
            return Variable(name, None, enabled, is_secret=True)
        translated = self.text(value)
        is_named = is_secret_name(name) and bool(translated) and not has_variables(translated)
        return Variable(name, translated, enabled, is_secret=is_secret or is_named)

    def children(
        self,
        items: Iterable[dict[str, Any]],
        key: str,
        depth: int,
        read_folder: Callable[[dict[str, Any]], Folder],
        read_connection: Callable[[dict[str, Any]], SavedConnection | None],
    ) -> tuple[tuple[Folder, ...], tuple[SavedConnection, ...]]:
        """Return the folders and connections of a folder's items; folders have `key`.

        `depth` is that of the items. Folders that are too deep are left out.
        """
        folders, connections = [], []
        for one in items:
            if key in one:
                if depth <= MAX_DEPTH:
                    folders.append(read_folder(one))
                else:
                    self.losses.lose(Loss.EXCESS)
            elif connection := read_connection(one):
                connections.append(connection)
        return tuple(folders), tuple(connections)

    def maker(self) -> ProfileMaker:
        """Return a new maker of a profile."""
        return ProfileMaker(self.losses)


def is_enabled(one: dict[str, Any]) -> bool:
    """Whether an item is switched on, as any program writes it."""
    if "disabled" in one:
        return not flag(one["disabled"])
    return flag(one.get("enabled", one.get("active")), default=True)


def websocket_address(address: str) -> str:
    """Return an address with `ws` in place of `http`."""
    found = _SCHEME.match(address.strip())
    if found is None:
        return address.strip()
    return f"{found[1].lower().replace('http', 'ws')}{address.strip()[found.end(1) :]}"


def is_websocket(address: str, *sets: Iterable[Variable]) -> bool:
    """Whether an address begins with ws or wss, also where a variable of these sets holds it."""
    known = {one.name: one.value or "" for variables in sets for one in variables if one.enabled}
    for _ in range(8):
        if found := _VARIABLE_START.match(address.strip()):
            address = known.get(found[1], "") + address.strip()[found.end() :]
    scheme = _SCHEME.match(address.strip())
    return scheme is not None and scheme[1].lower().startswith("ws")


def with_path_parameters(
    address: str, parameters: Iterable[NamedValue]
) -> tuple[str, tuple[Variable, ...]]:
    """Return an address with its `:name` segments replaced, and the variables they became."""
    variables: list[Variable] = []
    start, query, rest = address.partition("?")
    for one in parameters:
        name = one.name.removeprefix(":")
        if not name:
            continue
        is_own = has_variables(one.value)
        put = one.value if is_own else "{{" + name + "}}"
        segments = start.split("/")
        if f":{name}" not in segments:
            continue
        start = "/".join(put if one == f":{name}" else one for one in segments)
        if not is_own:
            variables.append(Variable(name, one.value))
    return start + query + rest, tuple(variables)


def parameter_names(address: str) -> set[str]:
    """Return the names of the parameters in an address's query."""
    query = address.partition("?")[2].partition("#")[0]
    return {pair.partition("=")[0] for pair in query.split("&") if pair}


def joined(name: str, collections: list[Collection]) -> Collection:
    """Return several collections as one, each in a folder of its own; a single one as it is."""
    if len(collections) == 1:
        return collections[0]
    folder = Folder(name, folders=tuple(one.folder for one in collections))
    environments = tuple(one for collection in collections for one in collection.environments)
    return Collection(folder, environments)


def without_empty_folders(folder: Folder) -> Folder:
    """Return a folder without the folders that have no connection in them."""
    kept = tuple(without_empty_folders(one) for one in folder.folders if any(one.walk()))
    return replace(folder, folders=kept)
