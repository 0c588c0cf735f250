"""Checks that the installed libraries are new enough; run it with .venv's Python."""

from __future__ import annotations

import sys
from importlib import import_module

import gi

# The versions of Debian 12.
FLOOR: dict[tuple[str, str], tuple[int, ...]] = {
    ("Gtk", "4.0"): (4, 8),
    ("Adw", "1"): (1, 2),
    ("Soup", "3.0"): (3, 2),
    ("GtkSource", "5"): (),  # it does not tell its version
}


def main() -> None:
    too_old = [] if gi.version_info >= (3, 50) else [f"PyGObject is {gi.__version__}, not 3.50"]
    for (namespace, api), floor in FLOOR.items():
        gi.require_version(namespace, api)
        library = import_module(f"gi.repository.{namespace}")
        if floor and (found := (library.MAJOR_VERSION, library.MINOR_VERSION)) < floor:
            too_old.append(f"{namespace} is {found[0]}.{found[1]}, not {floor[0]}.{floor[1]}")
    if too_old:
        sys.exit("setup: too old for Spacebeam: " + "; ".join(too_old))


if __name__ == "__main__":
    main()
