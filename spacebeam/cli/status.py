"""Exit codes: what a script learns from a command's end."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """A command's exit code."""

    DONE = 0
    FAILED = 1  # no connection, no server, no window
    USAGE = 2
    CUT_SHORT = 3  # connected, but not all that was asked for came about
