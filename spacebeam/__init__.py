"""Spacebeam, a native WebSocket client for the desktop and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacebeam.testing.client import connect as connect

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Give `spacebeam.connect`, for tests; the rest of the program does not import it."""
    if name == "connect":
        from spacebeam.testing.client import connect

        return connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
