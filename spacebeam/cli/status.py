"""Exit codes, one meaning each; help/topics/terminal.md describes them."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """A command's exit code."""

    DONE = 0
    FAILED = 1  # the connection, the server or the window failed
    NO_MATCH = 1  # as in grep: no entry matches the filter
    DIFFERENT = 1  # as in diff: the entries differ
    USAGE = 2
    CUT_SHORT = 3  # connected, but the conversation ended early
    UNREADABLE = 4  # the recording, or a part of it, cannot be read or searched
    UNWRITABLE = 5  # standard output or the recording cannot be written
    INTERRUPTED = 130  # by Ctrl+C before there was a result, as in shells
