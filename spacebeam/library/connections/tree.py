"""The tree of an open folder in memory, and the values in its files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from spacebeam.exchange.opencollection.connection import read_connection
from spacebeam.exchange.opencollection.folder import read_folder
from spacebeam.library.connections.file_names import (
    COLLECTION_FILE,
    ENVIRONMENTS,
    FOLDER_FILE,
    FOLDER_FILES,
    SUFFIXES,
)
from spacebeam.library.connections.files import read_document
from spacebeam.library.connections.nodes import ROOT, Node
from spacebeam.library.connections.scan import Scan, Watch, unwatched
from spacebeam.profiles.collection import Folder, SavedConnection, inherited


class FolderTree:
    """A folder of connections on disk, with its tree in memory. Use it in one thread.

    `load`, or `loading` in a window, reads the tree; later `refresh` with the paths that changed.
    """

    def __init__(self, root: Path, *, may_be_missing: bool = False) -> None:
        self.root = Path(os.path.abspath(root))
        self._scan = Scan(self.root, may_be_missing)

    # The tree

    def load(self, *, checked: bool = True) -> None:
        """Read the tree; files that did not change are not read again.

        Unless `checked`, a broken file may be shown as if it were not.
        """
        for _step in self.loading(is_checked=checked):
            pass

    def loading(self, *, is_checked: bool = True) -> Iterator[None]:
        """Read the tree in steps of a file each, for a window to spread over its idle time.

        First all nodes are read, then it is checked that the rest of each file can be read.
        """
        yield from self._scan.steps()
        if is_checked:
            yield from self._scan.checking()

    def reading(self, watch: Watch = unwatched) -> Iterator[None]:
        """Read the tree as `loading` does, without checking the rest of each file.

        `watch` is called with each folder's absolute path before it is read.
        """
        return self._scan.steps(watch=watch)

    def checking(self) -> Iterator[None]:
        """Check the rest of each file, in steps of a file each."""
        return self._scan.checking()

    def refresh(self, paths: Iterable[Path | str], watch: Watch = unwatched) -> None:
        """Take up changes of files and folders, such as a monitor reports. Others are ignored.

        `watch` is as for `reading`.
        """
        for path in dict.fromkeys(map(self._relative, paths)):
            if path is None:
                continue
            if path.rpartition("/")[2] in FOLDER_FILES:
                self._scan.read_folder(path.rpartition("/")[0])
            elif path == ROOT or (self.root / path).is_dir():
                for _step in self._scan.steps(path, watch):
                    pass
            elif not (self.root / path).exists():
                self._scan.forget(path)
            elif path.endswith(SUFFIXES):
                self._scan.read(path)

    def take_changes(self) -> frozenset[str]:
        """Return the folders whose own values or children changed since the last call."""
        changed = frozenset(self._scan.changed)
        self._scan.changed.clear()
        return changed

    def node(self, path: str) -> Node | None:
        """Return a node of the tree."""
        return self._scan.nodes.get(path)

    def nodes(self) -> Iterable[Node]:
        """Return all nodes, in no order."""
        return self._scan.nodes.values()

    def children(self, path: str = ROOT) -> list[Node]:
        """Return the folders and connections in a folder, in their order."""
        return self._scan.children(path)

    def folders(self) -> list[str]:
        """Return the paths of all folders, for a monitor to watch."""
        return self._scan.folders()

    # Values

    def connection(self, path: str) -> SavedConnection:
        """Return a connection as it is in its file; secrets that are not there are None."""
        return read_connection(read_document(self._target(path)))

    def folder(self, path: str = ROOT) -> Folder:
        """Return what a folder says for all in it, without what is in it."""
        file = self._folder_file(path)
        found = read_folder(read_document(file)) if file.exists() else Folder("")
        return (
            found if found.name else replace(found, name=path.rpartition("/")[2] or self.root.name)
        )

    def folders_of(self, path: str) -> tuple[Folder, ...]:
        """Return the folders that a connection or folder is in, outermost first."""
        parts = path.split("/")[:-1]
        return tuple(
            self.folder("/".join(parts[:count])) for count in range(len(parts) + 1) if path
        )

    def inherited(self, path: str) -> SavedConnection:
        """Return a connection with what its folders say for all in them."""
        return inherited(self.connection(path), self.folders_of(path))

    # Paths

    def _target(self, path: str) -> Path:
        if any(part in ("", ".", "..") for part in path.split("/")) and path != ROOT:
            raise ValueError(f"not a path in the folder: {path}")
        return self.root / path

    def _folder_file(self, path: str) -> Path:
        """Return the file of a folder, which may not exist."""
        folder = self._target(path)
        found = (folder / name for name in FOLDER_FILES)
        default = COLLECTION_FILE if path == ROOT else FOLDER_FILE
        return next((one for one in found if one.is_file()), folder / default)

    def _relative(self, path: Path | str) -> str | None:
        """Return a path in this folder; None for another one, or for what is not shown."""
        try:
            inside = Path(os.path.abspath(self.root / path)).relative_to(self.root)
        except ValueError:
            return None
        is_hidden = any(part.startswith(".") for part in inside.parts)
        is_other = inside.parts[:1] == (ENVIRONMENTS,)
        return None if is_hidden or is_other else "/".join(inside.parts)
