"""An open folder of saved connections: its tree, and its files read and written.

Values are those of `profiles/collection.py`. A path is relative to the folder, with slashes, as
`Node.path`. Everything here raises OSError or YamlError where a file cannot be read or written, and
ChangedOnDiskError where another program changed it meanwhile; then nothing was written.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from spacebeam.exchange.opencollection.connection import (
    connection_document,
    read_connection,
    with_place,
)
from spacebeam.exchange.opencollection.fields import Document
from spacebeam.exchange.opencollection.folder import folder_document, read_folder
from spacebeam.library.connections.file_names import (
    COLLECTION_FILE,
    FOLDER_FILES,
    SUFFIX,
    free_name,
    is_derived,
    safe_name,
)
from spacebeam.library.connections.files import (
    ChangedOnDiskError,
    create_document,
    read_document,
    write_document,
    writing,
)
from spacebeam.library.connections.nodes import ROOT, Node, NodeKind
from spacebeam.library.connections.tree import FolderTree
from spacebeam.profiles.collection import Folder, SavedConnection


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the program's data (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_DATA_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.local/share").expanduser()
    return home / "spacebeam"


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted connection or folder, as `OpenFolder.undo` takes it."""

    path: str
    stored: Path


class OpenFolder(FolderTree):
    """A folder of connections on disk, with its tree in memory. Use it in one thread.

    `load`, or `loading` in a window, reads the tree; later `refresh` with the paths that changed.
    `deleted` is where deleted files are until they are brought back.
    """

    def __init__(
        self, root: Path, *, may_be_missing: bool = False, deleted: Path | None = None
    ) -> None:
        super().__init__(root, may_be_missing=may_be_missing)
        self._deleted = deleted or data_folder() / "deleted-connections"

    # Writing

    def create_connection(self, folder: str, connection: SavedConnection) -> str:
        """Save a new connection as the last one in a folder; return its path."""
        with self._writing():
            document = with_place(connection_document(connection), self._last(folder))
            path = self._made(
                folder, connection.name, lambda target: create_document(target, document), SUFFIX
            )
        self._scan.read(path)
        return path

    def create_again(self, path: str, connection: SavedConnection) -> str:
        """Create a connection's missing file again; return its path, which may be another."""
        folder = path.rpartition("/")[0]
        is_there = self._target(folder).is_dir()
        return self.create_connection(folder if is_there else ROOT, connection)

    def save(
        self, path: str, connection: SavedConnection, was: SavedConnection | None = None
    ) -> SavedConnection:
        """Save a changed connection; return it as it is in the file, without secrets.

        `was` is the connection as it was read; if the file has another one now, this raises
        ChangedOnDiskError. Without it, only the fields that differ from the file's are written.
        """
        target = self._target(path)
        with self._writing():
            document = self._read(target)
            if was is not None and read_connection(document) != was:
                raise ChangedOnDiskError(path)
            write_document(target, connection_document(connection, document))
            found = read_connection(read_document(target))
        self._scan.read(path)
        return found

    def set_favorite(self, path: str, is_favorite: bool) -> None:
        """Mark a connection as a favourite, or not."""
        self.save(path, replace(self.connection(path), is_favorite=is_favorite))

    def folder_named(self, parent: str, names: Iterable[str]) -> str:
        """Return the path of the folder of these names, from outside; it is made if missing."""
        for name in names:
            inside = (one for one in self.children(parent) if one.kind is NodeKind.FOLDER)
            found = next((one.path for one in inside if one.name == name), None)
            parent = self.create_folder(parent, Folder(name)) if found is None else found
        return parent

    def create_folder(self, parent: str, folder: Folder) -> str:
        """Make a folder as the last one in another; return its path.

        What is in the value is made too.
        """
        with self._writing():
            path = self._made(parent, folder.name, Path.mkdir)
            document = folder_document(folder)
            place = self._last(parent, NodeKind.FOLDER)
            write_document(self._folder_file(path), with_place(document, place))
        self._scan.read_folder(path)
        for inner in folder.folders:
            self.create_folder(path, inner)
        for connection in folder.connections:
            self.create_connection(path, connection)
        return path

    def save_folder(self, path: str, folder: Folder, was: Folder | None = None) -> Folder:
        """Save what a folder says for all in it, as `save`; what is in the value is ignored."""
        with self._writing():
            file = self._folder_file(path)
            document = read_document(file) if file.exists() else {}
            now = read_folder(document)
            if was is not None and now != replace(was, name=now.name or was.name) and document:
                raise ChangedOnDiskError(path)
            write_document(
                file, folder_document(folder, document, is_collection=file.name == COLLECTION_FILE)
            )
        self._scan.read_folder(path)
        return self.folder(path)

    def rename(self, path: str, name: str) -> str:
        """Give a connection or folder another name; return its path, which may be another."""
        node = self._known(path)
        if node.kind is NodeKind.FOLDER:
            self.save_folder(path, replace(self.folder(path), name=name))
        else:
            self.save(path, replace(self.connection(path), name=name))
        file_name = path.rpartition("/")[2]
        if path == ROOT or not is_derived(file_name, node.name, self._default(node.kind)):
            return path
        if is_derived(file_name, name, self._default(node.kind)):
            return path
        suffix = "" if node.kind is NodeKind.FOLDER else f".{file_name.rpartition('.')[2]}"
        with self._writing():
            new = self._free_path(node.folder, name, suffix, but=file_name)
            self._rename(path, new)
        return new

    def move(self, path: str, folder: str, position: int | None = None) -> str:
        """Move a connection or folder into a folder; return its path there.

        `position` is its place among the folders or the connections there; None: the last one.
        """
        node = self._known(path)
        if folder == path or folder.startswith(f"{path}/"):
            raise ValueError("a folder cannot be moved into itself")
        others = [one for one in self.children(folder) if one.kind is node.kind and one != node]
        others.insert(len(others) if position is None else position, node)
        with self._writing():
            if folder != node.folder:
                stem, dot, suffix = path.rpartition("/")[2].partition(".")
                new = self._free_path(folder, stem, dot + suffix)
                self._rename(path, new)
                others = [one if one != node else replace(one, path=new) for one in others]
                path = new
            self._number(others)
        return path

    def duplicate(self, path: str, name: str) -> str:
        """Copy a connection, or a folder with all in it, under another name; return the path."""
        node = self._known(path)
        if node.kind is NodeKind.CONNECTION:
            document = read_document(self._target(path))
            document = connection_document(replace(read_connection(document), name=name), document)
            with self._writing():
                new = self._free_path(node.folder, name, SUFFIX)
                shutil.copyfile(self._target(path), self._target(new))  # with its comments
                write_document(self._target(new), document)
            self._scan.read(new)
        else:
            with self._writing():
                new = self._free_path(node.folder, name)
                shutil.copytree(self._target(path), self._target(new), symlinks=True)
            self.refresh([new])
            self.save_folder(new, replace(self.folder(new), name=name))
        siblings = [one for one in self.children(node.folder) if one.path != new]
        place = siblings.index(node) + 1
        return self.move(new, node.folder, sum(one.kind is node.kind for one in siblings[:place]))

    def delete(self, path: str) -> Deleted:
        """Delete a connection, or a folder with all in it, so that `undo` can bring it back."""
        self._known(path)
        if path == ROOT:
            raise ValueError("the open folder itself is not deleted")
        self._deleted.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = Path(tempfile.mkdtemp(dir=self._deleted))
        with self._writing():
            stored = place / path.rpartition("/")[2]
            shutil.move(self._target(path), stored)
        self._scan.forget(path)
        return Deleted(path, stored)

    def undo(self, deleted: Deleted) -> str:
        """Bring back what was deleted; return its path, another one if that is taken now."""
        folder, _, name = deleted.path.rpartition("/")
        stem, dot, suffix = name.partition(".")
        with self._writing():
            self._target(folder).mkdir(parents=True, exist_ok=True)
            path = self._free_path(folder, stem, dot + suffix)
            shutil.move(deleted.stored, self._target(path))
            with suppress(OSError):
                deleted.stored.parent.rmdir()
        self.refresh([path])
        return path

    # Helpers

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Lock the folder, and make it if it is missing."""
        if not self.root.is_dir():
            self.root.mkdir(parents=True)
        with writing(self.root):
            if not any((self.root / name).exists() for name in FOLDER_FILES):
                document = folder_document(Folder(self.root.name), is_collection=True)
                write_document(self.root / COLLECTION_FILE, document)
                self._scan.read_folder(ROOT)
            yield

    def _made(self, folder: str, name: str, make: Callable[[Path], None], suffix: str = "") -> str:
        """Return the path of a new file or folder, which `make` makes unless there is one."""
        while True:
            path = self._free_path(folder, name, suffix)
            try:
                make(self._target(path))
            except FileExistsError:  # another program has made it meanwhile
                continue
            return path

    def _known(self, path: str) -> Node:
        node = self.node(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return node

    def _read(self, target: Path) -> Document:
        try:
            return read_document(target)
        except FileNotFoundError:
            raise ChangedOnDiskError(target.name) from None

    def _free_path(self, folder: str, name: str, suffix: str = "", but: str = "") -> str:
        """Return the path of a new file; `but` is a name that is taken by itself."""
        taken = [one.name for one in os.scandir(self._target(folder)) if one.name != but]
        kind = NodeKind.CONNECTION if suffix else NodeKind.FOLDER
        found = free_name(safe_name(name, self._default(kind)), taken, suffix)
        return f"{folder}/{found}" if folder else found

    def _default(self, kind: NodeKind) -> str:
        return kind.value

    def _last(self, folder: str, kind: NodeKind = NodeKind.CONNECTION) -> int | None:
        """Return the place of a new last one; None if the others have none."""
        places = [one.seq for one in self.children(folder) if one.kind is kind]
        if None in places:
            return None
        return int(max((one for one in places if one is not None), default=0)) + 1

    def _rename(self, path: str, new: str) -> None:
        os.rename(self._target(path), self._target(new))
        self._scan.moved(path, new)

    def _number(self, nodes: list[Node]) -> None:
        """Write the places of siblings; only of those that are not in order."""
        last = 0.0
        for node in nodes:
            if node.seq is not None and node.seq > last:
                last = node.seq
                continue
            last = float(int(last) + 1)
            is_folder = node.kind is NodeKind.FOLDER
            file = self._folder_file(node.path) if is_folder else self._target(node.path)
            document = read_document(file) if file.exists() else folder_document(Folder(node.name))
            write_document(file, with_place(document, int(last)))
            (self._scan.read_folder if is_folder else self._scan.read)(node.path)
