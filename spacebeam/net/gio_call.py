"""Await Gio calls, sockets and turns of the main loop, on the reading and writing path.

PyGObject's own awaitables (3.50) keep a reference to every result, so that no received block would
be freed. A plain socket is awaited by its descriptor: reading and writing it by the system call
saves an allocation, a copy and a turn of the main loop each time, compared with Gio's streams.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from gi.repository import Gio, GLib

Result = TypeVar("Result")

_ENDED = GLib.IOCondition.HUP | GLib.IOCondition.ERR
READABLE = GLib.IOCondition.IN | _ENDED
WRITABLE = GLib.IOCondition.OUT | _ENDED


async def gio_call(
    start: Callable[..., None], finish: Callable[[Gio.AsyncResult], Result], *arguments: object
) -> Result:
    """Call `start(*arguments)` and return what `finish` returns. Raise GLib.Error.

    Cancelling the task cancels the call and waits until it has released its stream.
    """
    future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
    cancellable = Gio.Cancellable()

    def on_ready(_source: object, result: Gio.AsyncResult) -> None:
        try:
            future.set_result(finish(result))
        except GLib.Error as error:
            future.set_exception(error)

    start(*arguments, cancellable, on_ready)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        future.add_done_callback(asyncio.Future.exception)  # nobody waits for what it says
        cancellable.cancel()
        await asyncio.wait({future})
        raise


async def turn(priority: int) -> None:
    """Wait for a turn of the main loop at a priority; GTK's redraws and urgent work go first."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_idle() -> bool:
        if not future.done():
            future.set_result(None)
        return GLib.SOURCE_REMOVE

    GLib.idle_add(on_idle, priority=priority)
    await future


def socket_descriptor(stream: Gio.IOStream) -> int | None:
    """Return the file descriptor of a plain socket; None for TLS and other streams."""
    if isinstance(stream, Gio.TlsConnection | Gio.TcpWrapperConnection):
        return None  # the latter is a proxy that is reached over TLS
    base = getattr(stream.props, "base_iostream", stream)  # Soup.Server wraps it
    return base.get_socket().get_fd() if isinstance(base, Gio.SocketConnection) else None


class Readiness(Generic[Result]):
    """Waits for a socket to be READABLE or WRITABLE, at a priority of the main loop.

    One source serves many waits: to make one for each would take as long as to read a message. It
    is removed when the socket is ready and nobody waits. `stop` before the socket is closed.
    """

    def __init__(self, descriptor: int, condition: GLib.IOCondition, priority: int) -> None:
        self._descriptor = descriptor
        self._condition = condition
        self._priority = priority
        self._attempt: Callable[[], Result | None] | None = None
        self._future: asyncio.Future[Result] | None = None
        self._source = 0

    async def first(self, attempt: Callable[[], Result | None]) -> Result:
        """Call `attempt` whenever the socket is ready, until it returns something; return that.

        Raise what it raises. Between two calls there is no turn of asyncio's loop.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._attempt, self._future = attempt, future
        if not self._source:
            self._source = GLib.unix_fd_add_full(
                self._priority, self._descriptor, self._condition, self._on_ready
            )
        try:
            return await future
        except asyncio.CancelledError:
            self.stop()
            raise

    def stop(self) -> None:
        """Wait no longer."""
        self._attempt = None
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0

    def _on_ready(self, *_arguments: object) -> bool:
        attempt, future = self._attempt, self._future
        if attempt is None or future is None or future.done():
            self._source = 0
            return GLib.SOURCE_REMOVE
        try:
            result = attempt()
        except Exception as error:  # noqa: BLE001  the waiting task raises it
            self._end(future, error)
        else:
            if result is not None:
                self._end(future, result)
        return bool(self._source)  # the attempt may have stopped it

    def _end(self, future: asyncio.Future[Result], result: Result | Exception) -> None:
        self._attempt = None
        if future.done():
            return
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)


async def socket_ready(descriptor: int, condition: GLib.IOCondition, priority: int) -> None:
    """Wait once until a socket is READABLE or WRITABLE, at a priority of the main loop."""
    readiness = Readiness[bool](descriptor, condition, priority)
    try:
        await readiness.first(lambda: True)
    finally:
        readiness.stop()
