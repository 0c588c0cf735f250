"""Finds the folders and connections in a folder, in steps so short that a window stays alive."""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path

from spacebeam.exchange.opencollection.yaml_reading import YamlError, decoded, parse
from spacebeam.library.connections.file_names import ENVIRONMENTS, FOLDER_FILES, SUFFIXES
from spacebeam.library.connections.files import read_bytes, read_document
from spacebeam.library.connections.nodes import (
    ROOT,
    FileProblem,
    Node,
    NodeKind,
    connection_node,
    folder_node,
)
from spacebeam.library.connections.skimming import skimmed

MAX_DEPTH = 32  # folders in each other
MAX_FILES = 100_000
_ENTRIES_A_STEP = 500  # of a directory
_IGNORED = frozenset(("node_modules",))

Stamp = tuple[int, int, int]  # of a file in its present state

_ORDER = attrgetter("order")  # it ends with the path, so no two nodes have the same

Watch = Callable[[str], object]  # begins to report what changes in the folder of a path


def unwatched(_folder: str) -> None:
    """Watch nothing."""


@dataclass(slots=True)
class Scan:
    """The nodes of a folder by their paths, and the stamps of the files that were read for them."""

    root: Path
    may_be_missing: bool = False  # it is made with the first connection
    nodes: dict[str, Node] = field(default_factory=dict)
    stamps: dict[str, tuple[Stamp, Node | None]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)  # folders whose children changed
    inside: dict[str, list[Node]] = field(default_factory=dict)  # in each folder, in their order
    unchecked: dict[str, None] = field(default_factory=dict)  # paths that were not parsed wholly

    def steps(self, start: str = ROOT, watch: Watch = unwatched) -> Iterator[None]:
        """Read a folder and what is in it, a file a step; then forget what is not there.

        `watch` is called with each folder's absolute path before it is read, so that no change
        falls between the two.
        """
        seen: set[str] = set()
        yield from self._folder(start, seen, start.count("/"), watch)
        for path in self._inside(start):
            if path not in seen:
                self._set(path, None)

    def checking(self) -> Iterator[None]:
        """Parse the files of which only a part was read, a file a step, to find what is broken."""
        while self.unchecked:
            self.read(next(iter(self.unchecked)))
            yield

    def read(self, path: str) -> None:
        """Read and parse a single connection's file."""
        if self.unchecked.pop(path, path) is None:
            self.stamps.pop(path, None)
        self._set(path, self._connection(path, is_wanted_whole=True))

    def read_folder(self, path: str) -> None:
        """Read the file of a folder, not what is in the folder."""
        names = {name for name in FOLDER_FILES if (self.root / path / name).exists()}
        self._set(path, self._folder_node(path, names))

    def children(self, folder: str) -> list[Node]:
        """Return the nodes in a folder, in their order."""
        return list(self.inside.get(folder, ()))

    def folders(self) -> list[str]:
        """Return the paths of all folders."""
        return [path for path, node in self.nodes.items() if node.kind is NodeKind.FOLDER]

    def forget(self, path: str) -> None:
        """Forget a file or folder that is not there any more."""
        for one in self._inside(path):
            self._set(one, None)

    def moved(self, old: str, new: str) -> None:
        """Take up that a file or folder has another path, without reading it again."""
        for path in [one for one in self.stamps if one == old or one.startswith(f"{old}/")]:
            stamp, node = self.stamps.pop(path)
            if node is not None:
                node = replace(node, path=new + node.path[len(old) :])
            self.stamps[new + path[len(old) :]] = stamp, node
        for path in self._inside(old):
            node = self.nodes[path]
            is_unchecked = path in self.unchecked
            self._set(path, None)
            if is_unchecked:
                self.unchecked[new + path[len(old) :]] = None
            self._set(new + path[len(old) :], replace(node, path=new + path[len(old) :]))

    def _inside(self, path: str) -> list[str]:
        inside = f"{path}/" if path else ""
        return [one for one in self.nodes if one == path or one.startswith(inside)]

    def _folder(self, path: str, seen: set[str], depth: int, watch: Watch) -> Iterator[None]:
        entries: list[os.DirEntry[str]] = []
        watch(f"{self.root}/{path}" if path else str(self.root))
        try:
            with os.scandir(self.root / path) as found:
                for entry in found:
                    entries.append(entry)
                    if len(entries) % _ENTRIES_A_STEP == 0:
                        yield
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            if path != ROOT and is_missing:
                return
            is_new = is_missing and self.may_be_missing
            problem = None if is_new else replace(FileProblem.of(error), is_folder=True)
            self._set(path, Node(path, NodeKind.FOLDER, self._default_name(path), problem=problem))
            seen.add(path)
            return
        names = {one.name for one in entries}
        self._set(path, self._folder_node(path, names.intersection(FOLDER_FILES)))
        seen.add(path)
        yield
        for entry in entries:
            inner = f"{path}/{entry.name}" if path else entry.name
            if entry.name.startswith(".") or len(seen) >= MAX_FILES:
                continue
            if entry.is_dir(follow_symlinks=False):
                is_ignored = entry.name in _IGNORED or (path, entry.name) == (ROOT, ENVIRONMENTS)
                if not is_ignored and depth < MAX_DEPTH:
                    yield from self._folder(inner, seen, depth + 1, watch)
            elif entry.name.endswith(SUFFIXES) and entry.name not in FOLDER_FILES:
                self._set(inner, self._connection(inner))
                seen.add(inner)
                yield

    def _set(self, path: str, node: Node | None) -> None:
        if node == self.nodes.get(path):
            return
        folder = path.rpartition("/")[0]
        before = self.nodes.pop(path, None)
        siblings = self.inside.setdefault(folder, []) if path != ROOT else []
        if before is not None and path != ROOT:
            del siblings[bisect_left(siblings, before.order, key=_ORDER)]
        if node is None:
            self.unchecked.pop(path, None)
        else:
            self.nodes[path] = node
            insort(siblings, node, key=_ORDER)
        self.changed.add(folder)
        if node is None or node.kind is NodeKind.FOLDER:
            self.changed.add(path)

    def _connection(self, path: str, *, is_wanted_whole: bool = False) -> Node | None:
        def node(file: str) -> Node | None:
            data = read_bytes(file)
            found = None if is_wanted_whole else skimmed(decoded(data))
            if found is not None:
                self.unchecked[path] = None
            return connection_node(path, parse(data) if found is None else found)

        return self._read(path, path, node)

    def _folder_node(self, path: str, names: set[str]) -> Node:
        default = self._default_name(path)
        name = next((one for one in FOLDER_FILES if one in names), None)
        if name is None:
            return Node(path, NodeKind.FOLDER, default)
        file = f"{path}/{name}" if path else name
        node = self._read(
            file, path, lambda target: folder_node(path, read_document(target), default)
        )
        return node or Node(path, NodeKind.FOLDER, default)

    def _default_name(self, path: str) -> str:
        return path.rpartition("/")[2] or self.root.resolve().name

    def _read(self, file: str, path: str, make: Callable[[str], Node | None]) -> Node | None:
        target = f"{self.root}/{file}"
        try:
            found = os.stat(target)
        except FileNotFoundError:
            return None
        except OSError as error:
            return self._broken(path, error)
        stamp = found.st_mtime_ns, found.st_size, found.st_ino
        known = self.stamps.get(file)
        if known is not None and known[0] == stamp:
            return known[1]
        try:
            node = make(target)
        except (OSError, YamlError) as error:
            node = self._broken(path, error)
        self.stamps[file] = stamp, node
        return node

    def _broken(self, path: str, error: OSError | YamlError) -> Node:
        is_folder = not path.endswith(SUFFIXES)
        kind = NodeKind.FOLDER if is_folder else NodeKind.CONNECTION
        name = self._default_name(path) if is_folder else path.rpartition("/")[2]
        return Node(path, kind, name, problem=FileProblem.of(error))
