"""How the terminal reaches the window without knowing it, nor loading anything for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class SkippedError(Exception):
    """A check that cannot be made here, and why; that is no failure."""


class WindowProbe(NamedTuple):
    """How the terminal reaches the window without knowing it.

    Both raise SkippedError where there is no window to be had; `open_and_close` says what it saw.
    """

    versions: Callable[[], Mapping[str, str]]  # of the libraries that the window needs
    open_and_close: Callable[[], str]
