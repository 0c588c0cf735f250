"""The program's log: retained in memory for a bug report, and printed to standard error on demand.

Modules log through `logging.getLogger(__name__)`, at boundaries and without payloads. In addition,
each line is cleaned: passwords and secret parameters are removed from addresses, and control
characters are made visible.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping

from spacebeam.decode.visible import lines as visible_lines
from spacebeam.protocol.secrets import without_secrets

HISTORY_LINES = 1000  # log records retained for a bug report
VARIABLE = "SPACEBEAM_LOG"
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"

_program = logging.getLogger("spacebeam")


class _CleanFormatter(logging.Formatter):
    """Formats a record without secrets and control characters."""

    def __init__(self) -> None:
        super().__init__(_FORMAT, datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return visible_lines(without_secrets(super().format(record)))


class History(logging.Handler):
    """The last HISTORY_LINES records; `observers` are called with each new one.

    An observer may be called from any thread.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.observers: list[Callable[[str], None]] = []
        self._lines: deque[str] = deque(maxlen=HISTORY_LINES)
        self.setFormatter(_CleanFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self._lines.append(line)
        for observer in list(self.observers):
            observer(line)

    def text(self) -> str:
        """Return the records, a line each, oldest first."""
        return "".join([f"{line}\n" for line in list(self._lines)])


history = History()


def start(environment: Mapping[str, str] = os.environ) -> None:
    """Retain the log in `history`; also print it if SPACEBEAM_LOG is a level, such as `debug`."""
    _program.propagate = False  # no other handlers, such as a test runner's
    _program.setLevel(logging.DEBUG)
    if history not in _program.handlers:
        _program.addHandler(history)
    level = logging.getLevelNamesMapping().get(environment.get(VARIABLE, "").upper())
    if level:
        print_to_stderr(level)


def print_to_stderr(level: int = logging.DEBUG) -> None:
    """Print later records of at least this level to standard error, once each."""
    if sys.stderr is None:  # the program was started without standard error
        return
    printing = [one for one in _program.handlers if type(one) is logging.StreamHandler]
    handler = printing[0] if printing else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_CleanFormatter())
    handler.setLevel(level)
    if not printing:
        _program.addHandler(handler)
