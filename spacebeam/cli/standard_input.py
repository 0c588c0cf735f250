"""Standard input line by line, without holding up the loop.

Whatever stands behind it, `poll` says when it can be read: a pipe, a terminal, a file, /dev/null.
The descriptor's mode is left as it is, for it may be shared with other programs.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
from collections.abc import AsyncIterator

from spacebeam.net.gio_call import turn
from spacebeam.net.stream_reader import READ_PRIORITY

_READ_SIZE = 16 * 1024  # bytes


class InputError(Exception):
    """Standard input cannot be used, and why."""


def descriptor() -> int | None:
    """Standard input's file descriptor; None where the program was started without one."""
    return None if sys.stdin is None else sys.stdin.fileno()


def is_waiting(source: int) -> bool:
    """Whether a file descriptor can be read now."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    return bool(poll.poll(0))


async def lines(source: int, limit: int) -> AsyncIterator[bytes]:
    """The lines of a file descriptor, without their ends (LF or CR LF).

    Raises InputError for a line of more than `limit` bytes and where reading fails.
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
    """What can be read now; waits for something. Empty at the end."""
    while True:
        await _readable(source)
        try:
            return os.read(source, _READ_SIZE)
        except BlockingIOError:
            continue  # another program was faster
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
    await turn(READ_PRIORITY)  # input without end would leave the connection unread


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
