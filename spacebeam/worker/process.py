"""The window's side of a worker."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
import threading
from types import TracebackType
from typing import IO, Any

ENDING_THREAD = "ending of a worker"
_END_TIMEOUT_S = 10.0  # before a worker that does not end is killed

_log = logging.getLogger(__name__)


class WorkerError(Exception):
    """The worker ended before it was done."""


def _write(stream: IO[bytes], data: bytes | bytearray) -> None:
    stream.write(data)
    stream.flush()


class WorkerProcess:
    """A worker, for the length of an `async with` block; after that it is ended.

    Reading and writing take threads, so that the loop does not wait.
    """

    def __init__(self, job: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "spacebeam.worker", job, *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> WorkerProcess:
        self._process = await asyncio.to_thread(
            subprocess.Popen, self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        _log.debug("started %s", self._command[3])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.cancel()
        threading.Thread(target=self._end, name=ENDING_THREAD).start()

    def cancel(self) -> None:
        """Have the worker remove what it made, and end."""
        if self._process is not None:
            self._process.terminate()

    async def send(self, data: bytes | bytearray) -> None:
        """Write frames, and wait until the worker takes them. Raises WorkerError."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            await asyncio.to_thread(_write, self._process.stdin, data)
        except OSError:
            raise WorkerError from None

    async def receive(self) -> dict[str, Any]:
        """Return the next object. Raises WorkerError."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = await asyncio.to_thread(self._process.stdout.readline)
        if not line:
            raise WorkerError
        found: dict[str, Any] = json.loads(line)
        return found

    def _end(self) -> None:
        """Wait for the end of the worker, which sees the end of its input."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        _log.debug("%s ended with %d", self._command[3], process.returncode)
