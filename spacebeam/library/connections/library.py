"""The open folders of saved connections, and finding a connection in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.nodes import Node, NodeKind, folded
from spacebeam.library.connections.open_folder import OpenFolder, data_folder
from spacebeam.profiles.collection import SavedConnection
from spacebeam.profiles.variables import TooLongError
from spacebeam.protocol.secrets import saved_address

_MAX_SORTED = 1000  # of equally good matches
_SCHEME = re.compile(r"[a-z]+://", re.IGNORECASE)
_VARIABLE = re.compile(r"\{\{[^{}]*\}\}")

VARIABLE = "SPACEBEAM_LIBRARY"  # names folders, separated by colons


def default_library(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of connections that is there without any choice."""
    return data_folder(environment) / "connections"


def chosen_folders(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the folders of SPACEBEAM_LIBRARY; empty without it."""
    return [Path(one) for one in environment.get(VARIABLE, "").split(os.pathsep) if one]


@dataclass(frozen=True, slots=True)
class Found:
    """A connection that was searched for."""

    folder: OpenFolder
    node: Node


class ConnectionLibrary:
    """Open folders of saved connections, in their order; the first one is for new connections."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        paths = list(folders) or chosen_folders()
        default = default_library()
        self.folders = [OpenFolder(one) for one in paths] or [
            OpenFolder(default, may_be_missing=True)
        ]

    def load(self, *, checked: bool = True) -> None:
        """Read the trees of all folders, as `OpenFolder.load`."""
        for folder in self.folders:
            folder.load(checked=checked)

    def open(self, path: Path) -> OpenFolder:
        """Open another folder, unless it is open; its tree is not read yet."""
        opened = OpenFolder(path)
        same = next((one for one in self.folders if one.root == opened.root), None)
        if same is None:
            self.folders.append(opened)
        return same or opened

    def close(self, folder: OpenFolder) -> None:
        """Close a folder; its files stay."""
        self.folders.remove(folder)

    def find(self, text: str, limit: int = 50) -> list[Found]:
        """Return the connections that have all words of a text, the best ones first.

        Case and accents make no difference. A name counts more than a folder, that more than an
        address; without a text, all connections are found, favourites first.
        """
        words = folded(text).split()
        matching = [
            (folder, node)
            for folder in self.folders
            for node in folder.nodes()
            if node.kind is NodeKind.CONNECTION
        ]
        for word in words:
            matching = [one for one in matching if word in one[1].search_text]
        best = [one for one in matching if not words or one[1].search_name.startswith(words[0])]
        if len(words) <= 1 and len(best) >= limit:  # no other one would be listed
            ranked = {0: best}
        else:
            ranked = {}
            for one in matching:
                ranked.setdefault(_rank(one[1], words), []).append(one)
        found: list[tuple[OpenFolder, Node]] = []
        for _rank_of, ones in sorted(ranked.items()):
            if len(found) < limit:
                found += _sorted(ones)
        return [Found(folder, node) for folder, node in found[:limit]]

    def named(self, name: str) -> list[Found]:
        """Return the connections of a name, `FOLDER/NAME` or file; more than one if it is not
        clear.

        The exact name wins over one in other letters, a folder's name may be left out.
        """
        for matches in (_is_file, _is_exact, _is_alike):
            found = [
                Found(folder, node)
                for folder in self.folders
                for node in folder.nodes()
                if node.kind is NodeKind.CONNECTION and matches(folder, node, name)
            ]
            if found:
                return found
        return []

    def connection_at(self, address: str) -> SavedConnection | None:
        """Return the connection to an address; of several, that with the fewest variables.

        It has no secrets, as recordings have it. Variables have the values of any environment; one
        without a value may stand for any text behind the host. The paths of the connection's
        schemas are absolute. A file that cannot be read is passed over.
        """
        from spacebeam.exchange.schema_files import in_folder  # few ask for it

        found = [
            (typed.count("{{"), folder, node)
            for folder in self.folders
            for node in folder.nodes()
            if node.kind is NodeKind.CONNECTION and _leads_to(node.address, address)
            for typed in _addresses(folder, node)
            if "{{" not in _bare(typed).partition("/")[0] and _leads_to(typed, address)
        ]
        for _count, folder, node in sorted(found, key=lambda one: one[0]):
            with suppress(OSError, YamlError):
                saved = folder.connection(node.path)
                files = in_folder(saved.profile.schemas, folder.root)
                return replace(saved, profile=replace(saved.profile, schemas=files))
        return None

    def names(self) -> Iterable[str]:
        """Yield the names of all connections, with their folders: `Trading/BTC feed`."""
        for folder in self.folders:
            for node in folder.nodes():
                if node.kind is NodeKind.CONNECTION:
                    yield "/".join((*folder_names(folder, node), node.name))


def folder_names(folder: OpenFolder, node: Node) -> tuple[str, ...]:
    """Return the names of the folders that a node is in, without the open folder's."""
    names: list[str] = []
    path = node.folder
    while path:
        inner = folder.node(path)
        names.insert(0, inner.name if inner is not None else path.rpartition("/")[2])
        path = path.rpartition("/")[0]
    return tuple(names)


def _addresses(folder: OpenFolder, node: Node) -> Iterator[str]:
    """Yield what a connection's address can be, without secrets: by each environment."""
    if "{{" not in node.address:
        yield node.address
        return
    from spacebeam.library.connections.environments import EnvironmentFiles
    from spacebeam.library.connections.variables import preparation

    for environment in ("", *(one.name for one in EnvironmentFiles(folder.root).all())):
        with suppress(OSError, YamlError, TooLongError):
            made = preparation(folder, node.path, environment)
            yield saved_address(made.resolver().text(made.connection.address))


def _leads_to(saved: str, address: str) -> bool:
    """Return whether a saved address is this one, where its variables stand for any text.

    Scheme and query may be missing in it: a part of an address is typed, others are options.
    """
    address = _bare(address)
    if "?" not in saved:
        address = address.partition("?")[0].rstrip("/")
    first, *others = _VARIABLE.split(_bare(saved))
    if not others:
        return bool(first) and first == address
    if not address.startswith(first):
        return False
    place = len(first)
    for piece in others[:-1]:
        place = address.find(piece, place + 1)  # a variable is not empty
        if place < 0:
            return False
        place += len(piece)
    return address.endswith(others[-1]) and place < len(address) - len(others[-1])


def _bare(address: str) -> str:
    return _SCHEME.sub("", address).rstrip("/").casefold()


def _rank(node: Node, words: list[str]) -> int:
    """Return how well a node matches that has all words; 0 is best."""
    name, rank = node.search_name, 0
    for word in words:
        if word not in name:
            return 3
        if rank < 2 and not (name.startswith(word) or f" {word}" in name):
            rank = 2
    return rank or (0 if not words or name.startswith(words[0]) else 1)


def _sorted(found: list[tuple[OpenFolder, Node]]) -> list[tuple[OpenFolder, Node]]:
    """Return favourites first; of very many, the others as they come."""
    favorites = [one for one in found if one[1].is_favorite]
    others = [one for one in found if not one[1].is_favorite]
    if len(found) <= _MAX_SORTED:
        favorites.sort(key=_by_name)
        others.sort(key=_by_name)
    return favorites + others


def _by_name(found: tuple[OpenFolder, Node]) -> tuple[Any, ...]:
    return found[1].order[2:]


def _is_file(folder: OpenFolder, node: Node, name: str) -> bool:
    if not name.endswith((".yml", ".yaml")):
        return False
    return node.path == name or str(folder.root / node.path) == os.path.abspath(name)


def _is_exact(folder: OpenFolder, node: Node, name: str) -> bool:
    if not name.endswith(node.name):
        return False
    return name in _names(folder, node)


def _is_alike(folder: OpenFolder, node: Node, name: str) -> bool:
    wanted = folded(name)
    if not wanted.endswith(folded(node.name)):
        return False
    return wanted in map(folded, _names(folder, node))


def _names(folder: OpenFolder, node: Node) -> list[str]:
    """Return what a node may be called: with some, all or none of its folders before its name."""
    names = (folder.root.name, *folder_names(folder, node), node.name)
    return ["/".join(names[start:]) for start in range(len(names))]
