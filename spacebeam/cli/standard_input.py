"""Standard input by messages or chunks, read without blocking the loop.

`poll` works for pipes, terminals, files and /dev/null. The descriptor stays in blocking mode,
because other programs may share it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import stat
import sys
import termios
from array import array
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from spacebeam.net.gio_call import turn
from spacebeam.net.stream_reader import READ_PRIORITY

_READ_BYTES = 16 * 1024


class InputError(Exception):
    """Standard input cannot be read or sent; the message has the reason."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How standard input is divided into messages."""

    delimiter: bytes | None = b"\n"  # after each message; None: all of it is one message

    @property
    def is_lines(self) -> bool:
        """Whether a message is a line, which may end with CR LF too."""
        return self.delimiter == b"\n"

    def name(self, number: int) -> str:
        """Return what an error calls a message."""
        if self.delimiter is None:
            return "Standard input"
        return f"{'Line' if self.is_lines else 'Message'} {number} of standard input"


LINES = Framing()
WHOLE = Framing(None)


def descriptor() -> int | None:
    """Return the file descriptor of standard input; None without standard input."""
    return None if sys.stdin is None else sys.stdin.fileno()


def is_nothing() -> bool:
    """Return whether there is no standard input, or it is /dev/null."""
    source = descriptor()
    if source is None:
        return True
    found, nothing = os.fstat(source), os.stat(os.devnull)
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == nothing.st_rdev


def has_unread(source: int) -> bool:
    """Return whether a pipe, file or terminal has bytes that can be read; False at its end."""
    count = array("i", (0,))
    try:
        fcntl.ioctl(source, termios.FIONREAD, count)
    except OSError:  # of a device, such as /dev/null
        return False
    return count[0] != 0


async def chunks(source: int) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of a file descriptor as they come, 16 KiB at most. Raises InputError."""
    while chunk := await _read(source):
        yield chunk


async def messages(
    source: int, limit: int, framing: Framing = LINES
) -> AsyncGenerator[bytes, None]:
    """Yield the messages of a file descriptor, without their delimiters.

    Raises InputError for a message of more than `limit` bytes and if reading fails.
    """
    delimiter = framing.delimiter
    number = 1
    rest = bytearray()
    while chunk := await _read(source):
        # The end of the last chunk may be the beginning of a delimiter.
        searched = max(len(rest) - len(delimiter or b"") + 1, 0)
        rest += chunk
        if delimiter is not None and rest.find(delimiter, searched) >= 0:
            *whole, last = bytes(rest).split(delimiter)
            rest = bytearray(last)
            for message in whole:
                yield _checked(message, number, limit, framing)
                number += 1
        elif len(rest) > limit + len(delimiter or b""):  # its last bytes may be of a delimiter
            break
    if rest:
        yield _checked(bytes(rest), number, limit, framing)


def _checked(message: bytes, number: int, limit: int, framing: Framing) -> bytes:
    if framing.is_lines:
        message = message.removesuffix(b"\r")
    if len(message) > limit:
        raise InputError(f"{framing.name(number)} is longer than {limit:,} bytes.")
    return message


async def _read(source: int) -> bytes:
    """Wait for data and return it; empty at the end of input."""
    while True:
        await _readable(source)
        try:
            return os.read(source, _READ_BYTES)
        except BlockingIOError:
            continue  # another program read it first
        except OSError as error:
            raise InputError(f"Standard input cannot be read: {error.strerror}.") from None


async def _readable(source: int) -> None:
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(source, _resolve, readable)
    try:
        await readable
    finally:
        loop.remove_reader(source)
    await turn(READ_PRIORITY)  # endless input must not starve the connection


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
