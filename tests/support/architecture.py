"""Reads a package's imports and says which of them cross a line they may not cross."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOMS = frozenset(
    (
        "protocol",
        "net",
        "profiles",
        "recording",
        "search",
        "decode",
        "compare",
        "session",
        "exchange",
        "keyring",
        "library",
        "scenario",
        "testing",
        "assistant",
        "server",
        "wording",
        "help",
        "worker",
        "cli",
        "ui",
    )
)

# Which rooms a room may import from, its own aside.
ARROWS = {
    "protocol": frozenset[str](),
    "decode": frozenset[str](),
    "net": frozenset({"protocol"}),
    "profiles": frozenset({"protocol", "net"}),
    "recording": frozenset({"protocol"}),
    "search": frozenset({"protocol", "recording", "decode"}),
    "compare": frozenset({"protocol", "recording", "search", "decode"}),
    "session": frozenset({"protocol", "net", "profiles", "recording", "decode"}),
    "exchange": frozenset({"protocol", "net", "profiles", "recording", "decode"}),
    "keyring": frozenset({"net"}),
    "library": frozenset({"protocol", "profiles", "recording", "exchange", "keyring"}),
    "scenario": frozenset(
        {"protocol", "net", "profiles", "recording", "session", "search", "decode", "exchange"}
        | {"library", "compare"}
    ),
    "server": frozenset({"protocol", "net", "session", "search", "decode"}),
    "wording": frozenset(
        {"protocol", "net", "profiles", "recording", "decode", "exchange", "keyring"}
        | {"scenario", "compare"}
    ),
    "help": frozenset[str](),
    "worker": frozenset({"protocol", "recording", "exchange", "library", "wording"}),
    "assistant": frozenset(
        {"protocol", "net", "profiles", "recording", "search", "session", "scenario"}
        | {"library", "wording"}
    ),
    "testing": frozenset({"protocol", "net", "profiles", "session", "scenario", "wording"}),
    "cli": ROOMS - {"ui"},
    "ui": ROOMS - {"cli"},
    "log": frozenset({"protocol", "decode"}),
    "__main__": frozenset({"cli", "ui"}),
}

# Which of gi's libraries a room may use; None is all.
LIBRARIES: dict[str, frozenset[str] | None] = {
    "net": frozenset({"GLib", "GObject", "Gio", "Soup"}),
    "keyring": frozenset({"GLib", "GObject", "Gio", "Secret"}),
    "server": frozenset({"GLib", "GObject", "Gio", "Soup"}),
    "session": frozenset({"GLib", "GObject", "Gio"}),
    "scenario": frozenset({"GLib", "GObject", "Gio"}),
    "testing": frozenset({"GLib"}),
    "cli": frozenset({"GLib", "GObject", "Gio", "Soup"}),
    "__main__": frozenset({"GLib", "GObject", "Gio"}),
    "ui": None,
}


@dataclass(frozen=True)
class Module:
    """A file of the package and the modules it imports, with every name imported from them."""

    name: str  # dotted, from the package on
    imports: frozenset[str]

    @property
    def room(self) -> str:
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def libraries(self) -> set[str]:
        """What it takes from gi; `gi` itself where it is imported bare."""
        return {
            name.removeprefix("gi.repository.").partition(".")[0]
            for name in self.imports
            if name == "gi" or name.startswith("gi.")
        } - {"gi.repository"}


def modules(package: Path) -> list[Module]:
    """Every module below the folder `package`."""
    return [_read(package, path) for path in sorted(package.rglob("*.py"))]


def _read(package: Path, path: Path) -> Module:
    parts = (package.name, *path.relative_to(package).with_suffix("").parts)
    is_package = parts[-1] == "__init__"
    parts = parts[:-1] if is_package else parts
    home = parts if is_package else parts[:-1]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {name for node in ast.walk(tree) for name in _imported(node, home)}
    return Module(".".join(parts), frozenset(found))


def _imported(node: ast.AST, home: tuple[str, ...]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name
    elif isinstance(node, ast.ImportFrom):
        base = home[: len(home) - node.level + 1] if node.level else ()
        source = ".".join((*base, *(node.module or "").split("."))).strip(".")
        yield source
        for alias in node.names:
            yield f"{source}.{alias.name}"


def violations(package: Path) -> list[str]:
    """Every import that the design does not have, in words."""
    found: list[str] = []
    for module in modules(package):
        if not module.room:
            continue
        found += _crossings(module, package.name)
        allowed = LIBRARIES.get(module.room, frozenset())
        if allowed is not None:
            strange = module.libraries - allowed - ({"gi"} if allowed else set())
            found += [f"{module.name} imports {library} of gi" for library in sorted(strange)]
    return found


def _crossings(module: Module, package: str) -> Iterator[str]:
    for name in sorted(module.imports):
        parts = name.split(".")
        if parts[0] != package or len(parts) < 2 or parts[1] not in ROOMS:
            continue
        room = parts[1]
        if room != module.room and room not in ARROWS.get(module.room, frozenset()):
            yield f"{module.name} imports {name}"
