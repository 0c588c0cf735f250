"""The sidebar's nodes of one open folder, made again only where the folder changed."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.library.connections.nodes import ROOT, Node, NodeKind
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.ui.connections.problems import problem_words
from spacebeam.ui.sidebar.node import RowKind, SidebarNode


class FolderNodes:
    """Nodes of a folder, each with the path of its file or folder as its key."""

    def __init__(self, folder: OpenFolder) -> None:
        self.folder = folder
        self._children: dict[str, tuple[SidebarNode, ...]] = {}  # by the folder's path

    @property
    def root(self) -> SidebarNode:
        """The node of the folder itself, with all in it."""
        node = self.folder.node(ROOT)
        name = node.name if node is not None and node.name else self.folder.root.name
        problem = node.problem if node is not None else None
        return SidebarNode(
            str(self.folder.root),
            RowKind.LIBRARY,
            name,
            problem=problem_words(problem) if problem is not None else "",
            children=self._children.get(ROOT, ()),
        )

    def forget_changed(self) -> bool:
        """Forget the nodes of folders that changed; return whether any did."""
        changed = self.folder.take_changes()
        for path in changed:
            while True:
                self._children.pop(path, None)
                if not path:
                    break
                path = path.rpartition("/")[0]
        return bool(changed)

    def building(self) -> Iterator[None]:
        """Make the forgotten nodes, those of one folder a step."""
        for path in sorted(self.folder.folders(), key=lambda one: -one.count("/") - bool(one)):
            if path not in self._children:
                found = self.folder.children(path)
                self._children[path] = tuple(map(self._node, found))
                yield

    def _node(self, node: Node) -> SidebarNode:
        is_folder = node.kind is NodeKind.FOLDER
        return SidebarNode(
            str(self.folder.root / node.path),
            RowKind.FOLDER if is_folder else RowKind.CONNECTION,
            node.name,
            node.address,
            is_favorite=node.is_favorite,
            problem=problem_words(node.problem) if node.problem is not None else "",
            children=self._children.get(node.path, ()) if is_folder else (),
        )
