"""Access to the window for the self-test: `cli` may not import `ui`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class SkippedError(Exception):
    """A check is not possible here; the message has the reason. It is no failure."""


class WindowProbe(NamedTuple):
    """Functions of the window that the self-test calls.

    Both raise SkippedError if no window can be opened; `open_and_close` returns a sentence.
    """

    versions: Callable[[], Mapping[str, str]]  # of the libraries that the window needs
    open_and_close: Callable[[], str]
