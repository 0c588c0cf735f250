"""Takes connections out of an open folder as a collection, for an export."""

from __future__ import annotations

from dataclasses import replace

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.nodes import ROOT, NodeKind
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Collection, Environment, Folder


def collection_of(folder: OpenFolder, path: str) -> Collection:
    """Return a connection or folder, in the folders that it is in, with all environments.

    Raises OSError or YamlError for a file that is broken.
    """
    node = folder.node(path)
    is_folder = node is not None and node.kind is NodeKind.FOLDER
    inner = folder_of(folder, path) if is_folder else None
    for above in folder.folders_of(path)[::-1]:
        if inner is None:
            inner = replace(above, connections=(folder.connection(path),))
        else:
            inner = replace(above, folders=(inner,))
    assert inner is not None
    return Collection(inner, environments_of(folder))


def folder_of(folder: OpenFolder, path: str = ROOT) -> Folder:
    """Return a folder with all in it. Raises OSError or YamlError."""
    folders, connections = [], []
    for node in folder.children(path):
        if node.kind is NodeKind.FOLDER:
            folders.append(folder_of(folder, node.path))
        else:
            connections.append(folder.connection(node.path))
    return replace(folder.folder(path), folders=tuple(folders), connections=tuple(connections))


def environments_of(folder: OpenFolder) -> tuple[Environment, ...]:
    """Return the environments of an open folder."""
    return tuple(one.environment for one in EnvironmentFiles(folder.root).all() if not one.problem)
