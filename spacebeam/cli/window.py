"""How the self-test reaches the window: `cli` may not import `ui`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class SkippedError(Exception):
    """A check cannot be made here; the message says why. This is no failure."""


class WindowProbe(NamedTuple):
    """Functions of the window that the self-test calls.

    Both raise SkippedError where no window can be opened; `open_and_close` returns the result in
    words.
    """

    versions: Callable[[], Mapping[str, str]]  # of the libraries that the window needs
    open_and_close: Callable[[], str]
