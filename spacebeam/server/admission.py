"""Admission limits: the number of clients before the end of their handshake, and their time.

libsoup limits a request's head to 64 KiB but waits for it without a time limit, retains any body,
and stops listening for good when the process runs out of file descriptors.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
from dataclasses import dataclass

from gi.repository import Gio, GLib

from spacebeam.net.soup import Soup

_log = logging.getLogger(__name__)

_LISTEN_BACKLOG = 4096  # connections; with libsoup's 10, others wait a second
_RESERVED_DESCRIPTORS = 128  # for the rest of the program


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """Limits on clients of a server."""

    handshake_time: float = 10.0  # seconds from accepting the connection to the end of the response
    max_pending: int = 256  # handshakes; then the oldest is disconnected
    max_connections: int = 100_000  # open WebSockets

    def within(self, descriptors: int) -> AdmissionLimits:
        """Return these limits, reduced to fit a number of file descriptors."""
        available = max(2, descriptors - _RESERVED_DESCRIPTORS)
        pending = min(self.max_pending, available // 2)
        connections = min(self.max_connections, available - pending)
        return AdmissionLimits(self.handshake_time, pending, connections)


class Admission:
    """Disconnects clients that do not finish the handshake within the limits."""

    def __init__(self, soup: Soup.Server, limits: AdmissionLimits) -> None:
        descriptors, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        is_bounded = descriptors != resource.RLIM_INFINITY
        self._limits = limits.within(descriptors) if is_bounded else limits
        self._pending: dict[Soup.ServerMessage, asyncio.TimerHandle] = {}
        soup.connect("request-started", self._on_soup_request_started)
        soup.connect("request-finished", self._on_soup_request_finished)

    def is_full(self, connections: int) -> bool:
        """Return whether no client may be admitted, given the number of open connections."""
        return connections >= self._limits.max_connections

    def finished(self, message: Soup.ServerMessage) -> None:
        """Remove the time limit of a client that has finished the handshake."""
        timer = self._pending.pop(message, None)
        if timer is not None:
            timer.cancel()

    def disconnect_pending(self) -> None:
        """Disconnect every client that has not finished the handshake."""
        for message in list(self._pending):
            self._disconnect(message)

    def _on_soup_request_started(self, _soup: Soup.Server, message: Soup.ServerMessage) -> None:
        message.get_request_body().set_accumulate(False)  # the body may be endless and is not read
        if len(self._pending) >= self._limits.max_pending:
            self._disconnect(next(iter(self._pending)))
        message.connect("disconnected", self.finished)
        loop = asyncio.get_running_loop()
        self._pending[message] = loop.call_later(
            self._limits.handshake_time, self._disconnect, message
        )

    def _on_soup_request_finished(self, _soup: Soup.Server, message: Soup.ServerMessage) -> None:
        self.finished(message)

    def _disconnect(self, message: Soup.ServerMessage) -> None:
        self.finished(message)
        _log.debug("disconnecting a client before the handshake")
        socket = message.get_socket()
        if socket is not None:
            with contextlib.suppress(GLib.Error):  # the client may be gone
                socket.shutdown(True, True)


def listening_socket(address: Gio.SocketAddress) -> Gio.Socket:
    """Return a socket that listens at an address. Raise GLib.Error."""
    socket = Gio.Socket.new(address.get_family(), Gio.SocketType.STREAM, Gio.SocketProtocol.TCP)
    socket.set_listen_backlog(_LISTEN_BACKLOG)
    socket.bind(address, True)
    socket.listen()
    return socket
