"""What the sidebar shows, as light values, since there may be ten thousand connections.

A node is a library, a folder, a connection, or something else to come back to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from spacebeam.library.connections.nodes import folded


class RowKind(Enum):
    """What a row of the sidebar stands for."""

    SECTION = "section"  # a heading, such as Recent
    LIBRARY = "library"
    FOLDER = "folder"
    CONNECTION = "connection"
    NOTE = "note"  # a sentence at the end of a list
    RECENT = "recent"  # an address that was connected to and is not saved

    @property
    def has_children(self) -> bool:
        """Whether it is shown with an arrow."""
        return self in (RowKind.SECTION, RowKind.LIBRARY, RowKind.FOLDER)

    @property
    def has_own_name(self) -> bool:
        """Whether the name is the person's to change."""
        return self in (RowKind.FOLDER, RowKind.CONNECTION)


@dataclass(frozen=True, slots=True)
class SidebarNode:
    """One row, with the nodes in it. `key` tells it from all others: a path, or an address."""

    key: str
    kind: RowKind
    name: str
    address: str = ""
    is_favorite: bool = False
    problem: str = ""  # why its file cannot be read, or ""
    children: tuple[SidebarNode, ...] = ()


class Row(NamedTuple):
    """A node where it is shown: `depth` from the left, or in a list of matches."""

    node: SidebarNode
    depth: int
    parent: SidebarNode | None = None
    is_expanded: bool = False
    place: str = ""  # the folders it is in, of a match


def rows(roots: Sequence[SidebarNode], collapsed: Collection[str]) -> list[Row]:
    """Return the visible rows, in order. A library that is the only one has no row of its own."""
    found: list[Row] = []
    is_only = sum(1 for one in roots if one.kind is RowKind.LIBRARY) == 1
    for root in roots:
        if is_only and root.kind is RowKind.LIBRARY and not root.problem:
            _add_rows(found, root.children, collapsed, 0, root)
        else:
            _add_rows(found, (root,), collapsed, 0, None)
    return found


def _add_rows(
    found: list[Row],
    nodes: Sequence[SidebarNode],
    collapsed: Collection[str],
    depth: int,
    parent: SidebarNode | None,
) -> None:
    for node in nodes:
        is_expanded = node.kind.has_children and node.key not in collapsed
        found.append(Row(node, depth, parent, is_expanded))
        if is_expanded:
            _add_rows(found, node.children, collapsed, depth + 1, node)


class Index:
    """Finds connections by words of their names, addresses and folders.

    A search of 10,000 takes few milliseconds; `building` makes the index in steps.
    """

    def __init__(self, roots: Sequence[SidebarNode] = ()) -> None:
        self._leaves: list[tuple[Row, str]] = []
        for _step in self.building(roots):
            pass

    def building(self, roots: Sequence[SidebarNode]) -> Iterator[None]:
        """Add what is in these nodes, one a step."""
        for row in _leaves(roots, ()):
            text = f"{row.node.name} {row.node.address} {row.place}"
            self._leaves.append((row, folded(text)))
            yield

    def matches(self, typed: str) -> list[Row]:
        """Return the connections that have all typed words; case and accents make no difference.

        Those whose name begins with the first word come first, and favourites before others.
        """
        words = folded(typed).split()
        found = self._leaves
        for word in words:
            found = [one for one in found if word in one[1]]
        if words:
            first = words[0]
            found = sorted(
                found, key=lambda one: (not one[1].startswith(first), not one[0].node.is_favorite)
            )
        return [row for row, _text in found]


def _leaves(nodes: Sequence[SidebarNode], folders: tuple[str, ...]) -> Iterator[Row]:
    place = " / ".join(folders)
    for node in nodes:
        if node.kind.has_children:
            inside = (*folders, node.name) if node.kind is RowKind.FOLDER else folders
            yield from _leaves(node.children, inside)
        else:
            yield Row(node, 0, None, place=place)


def find(roots: Sequence[SidebarNode], key: str) -> SidebarNode | None:
    """Return the node with this key."""
    for node in roots:
        if node.key == key:
            return node
        if node.children and (found := find(node.children, key)) is not None:
            return found
    return None
