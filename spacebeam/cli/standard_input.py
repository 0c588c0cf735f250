"""Standard input by lines or chunks, read without blocking the loop.

`poll` works for pipes, terminals, files and /dev/null. The descriptor stays in blocking mode,
because other programs may share it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
import termios
from array import array
from collections.abc import AsyncGenerator

from spacebeam.net.gio_call import turn
from spacebeam.net.stream_reader import READ_PRIORITY

_READ_BYTES = 16 * 1024


class InputError(Exception):
    """Standard input cannot be read or sent; the message has the reason."""


def descriptor() -> int | None:
    """Return the file descriptor of standard input; None without standard input."""
    return None if sys.stdin is None else sys.stdin.fileno()


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


async def lines(source: int, limit: int) -> AsyncGenerator[bytes, None]:
    """Yield the lines of a file descriptor, without LF or CR LF.

    Raises InputError for a line of more than `limit` bytes and if reading fails.
    """
    number = 1
    rest = bytearray()
    while chunk := await _read(source):
        rest += chunk
        if b"\n" in chunk:
            *whole, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in whole:
                yield _line(line, number, limit)
                number += 1
        elif len(rest) > limit + 1:  # a CR may be its last byte
            break
    if rest:
        yield _line(bytes(rest), number, limit)


def _line(line: bytes, number: int, limit: int) -> bytes:
    line = line.removesuffix(b"\r")
    if len(line) > limit:
        raise InputError(f"Line {number} of standard input is longer than {limit:,} bytes.")
    return line


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
