"""Standard output of a terminal that has an input line: what is printed appears above the line."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from typing import Any

from prompt_toolkit.application import Application

from spacebeam.cli.messages import write
from spacebeam.cli.output import Output

# Drawing the line again for each message of a feed would cost more than the messages.
_INTERVAL_S = 0.03
_MAX_WAITING_BYTES = 256 * 1024  # more pauses reading until they are printed


class Screen(Output):
    """Prints above the input line of a running application, and directly without one."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        self._terminal = descriptor
        self._application: Application[Any] | None = None
        self._waiting: list[bytes] = []
        self._waiting_size = 0  # bytes
        self._timer: asyncio.TimerHandle | None = None
        self._printed = 0.0  # when, on the loop's clock

    def attach(self, application: Application[Any]) -> None:
        """Print above the input line of this application from now on."""
        self._application = application

    def detach(self) -> None:
        """Print what waits, and directly from now on; the input line is gone."""
        if self._timer is not None:
            self._print()
        self._application = None

    def write(self, data: bytes) -> None:
        """Print whole lines, soon if there is an input line."""
        if self._application is None:
            super().write(data)
            return
        if self.failure is not None or self.has_reader_left or not data:
            return
        self._waiting.append(data)
        self._waiting_size += len(data)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            wait = self._printed + _INTERVAL_S - loop.time()
            self._timer = loop.call_later(max(wait, 0), self._print)
        if self._waiting_size > _MAX_WAITING_BYTES:
            self.on_full()

    def _print(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_size = 0
        if self._application is None:
            super().write(data)
            return
        self._application.renderer.erase()
        try:
            while data:
                data = data[os.write(self._terminal, data) :]
        except OSError as error:
            self._fail(error)
        self._application.invalidate()
        self._printed = asyncio.get_running_loop().time()
        self.on_room()


class ScreenNotes(io.TextIOBase):
    """A text stream that prints above the input line, in place of standard error.

    If that goes to a file, the file gets the lines too.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._file = None if sys.stderr is None or sys.stderr.isatty() else sys.stderr

    def write(self, text: str) -> int:
        """Print whole lines."""
        self._screen.write(text.encode(errors="replace"))
        if self._file is not None:
            write(text, self._file)
        return len(text)

    def isatty(self) -> bool:
        """Return True: it is where a person reads."""
        return True
