"""What the tree of connections shows of each file, without the rest of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from spacebeam.exchange.opencollection.fields import child, extension, flag, number, text
from spacebeam.exchange.opencollection.yaml_reading import YamlError, YamlProblem
from spacebeam.profiles.written_secrets import written_address

MAX_NAME = 200  # characters of a name in the tree
MAX_ADDRESS = 500

ROOT = ""  # the path of the outermost folder

_DIGITS = re.compile(r"(\d+)")
# Matches every address that `written_address` changes; most addresses do not match.
_MAY_BE_SECRET = re.compile(r"[@=%•]|eyJ|[\w-]{16}")


class NodeKind(Enum):
    """What a node of the tree is."""

    FOLDER = "folder"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file or folder cannot be read. It is left alone.

    `line` and `column` count from 1; 0 if they are unknown. `detail` is not escaped.
    """

    problem: YamlProblem | None  # None: the file cannot be opened
    line: int = 0
    column: int = 0
    detail: str = ""
    is_folder: bool = False

    @classmethod
    def of(cls, error: YamlError | OSError) -> FileProblem:
        """Return the problem of an error."""
        if isinstance(error, OSError):
            return cls(None, detail=error.strerror or str(error))
        return cls(error.problem, error.line, error.column, error.detail)


@dataclass(frozen=True, slots=True)
class Node:
    """A folder or connection in the tree.

    `path` is relative to the open folder, with slashes; it is `ROOT` for the outermost folder. The
    name and the address are shortened; the address has no secrets.
    """

    path: str
    kind: NodeKind
    name: str
    seq: float | None = None  # its place among its siblings
    is_favorite: bool = False
    address: str = ""
    problem: FileProblem | None = None
    order: tuple[Any, ...] = field(init=False, compare=False, repr=False)  # sorts siblings
    search_name: str = field(init=False, compare=False, repr=False)  # as `folded` makes it
    search_text: str = field(init=False, compare=False, repr=False)  # name, folders and address

    def __post_init__(self) -> None:
        """Make what sorts and finds the node: folders are first; then places and names decide."""
        name = folded(self.name)
        object.__setattr__(self, "search_name", name)
        text = f"{name}\n{folded(self.folder)}\n{folded(self.address)}"
        object.__setattr__(self, "search_text", text)
        place = float("inf") if self.seq is None else self.seq
        order = self.kind is not NodeKind.FOLDER, place, natural(self.name), self.path
        object.__setattr__(self, "order", order)

    @property
    def folder(self) -> str:
        """The path of the folder that the node is in."""
        return self.path.rpartition("/")[0]


def folder_node(path: str, document: Mapping[str, Any], default_name: str) -> Node:
    """Return the node of a folder, from its file."""
    info = child(document, "info")
    name = text(info.get("name"))[:MAX_NAME] or default_name
    return Node(path, NodeKind.FOLDER, name, number(info.get("seq")))


def connection_node(path: str, document: dict[str, Any]) -> Node | None:
    """Return the node of a connection's file; None for a file of another kind."""
    info = child(document, "info")
    if info.get("type") != "websocket":
        return None
    address = text(child(document, "websocket").get("url"))[:MAX_ADDRESS]
    return Node(
        path,
        NodeKind.CONNECTION,
        text(info.get("name"))[:MAX_NAME] or stem(path),
        number(info.get("seq")),
        flag(extension(document), "favorite"),
        written_address(address) if _MAY_BE_SECRET.search(address) else address,
    )


def stem(path: str) -> str:
    """Return a file's name without its suffix."""
    return path.rpartition("/")[2].rpartition(".")[0]


def folded(words: str) -> str:
    """Return a text as it is searched for: without case and accents."""
    if words.isascii():
        return words.casefold()
    apart = unicodedata.normalize("NFKD", words)
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return unicodedata.normalize("NFKD", plain.casefold())


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts names as a person does: `feed 9` before `feed 10`."""
    pieces = _DIGITS.split(folded(name))
    return tuple((int(one[:18]), one) if one.isdecimal() else (-1, one) for one in pieces if one)
