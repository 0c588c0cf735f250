"""Exit codes, one meaning each."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """A command's exit code."""

    DONE = 0
    FAILED = 1  # no connection, no server, no window
    NO_MATCH = 1  # as grep has it: no entry matches the filter
    USAGE = 2
    CUT_SHORT = 3  # connected, but cut short; or standard output failed
    UNREADABLE = 4  # the recording cannot be read or searched, or parts of it
