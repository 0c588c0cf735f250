"""Those who have connected and not shaken hands yet: for a while, and so many at most.

libsoup bounds a request's head to 64 KiB but waits for ever for it, keeps whatever body follows,
and stops listening for good when the process has no descriptors left.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
from dataclasses import dataclass

from gi.repository import Gio, GLib

from spacebeam.net.soup import Soup

_BACKLOG = 4096  # connections the system holds ready; libsoup's own 10 make others wait a second
_SPARE = 128  # descriptors for all else that the program does


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """How long one may stand in the door, and how many may be in."""

    time: float = 10.0  # seconds for a request, from the connection to the end of the answer
    waiting: int = 256  # beyond these, who has waited longest is sent away
    inside: int = 100_000  # WebSockets at once

    def within(self, descriptors: int) -> AdmissionLimits:
        """The same, or less where the process may not have that many descriptors."""
        some = max(2, descriptors - _SPARE)
        waiting = min(self.waiting, some // 2)
        return AdmissionLimits(self.time, waiting, min(self.inside, some - waiting))


class Admission:
    """Watches whom a server lets in."""

    def __init__(self, soup: Soup.Server, limits: AdmissionLimits) -> None:
        descriptors, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        is_bounded = descriptors != resource.RLIM_INFINITY
        self._limits = limits.within(descriptors) if is_bounded else limits
        self._waiting: dict[Soup.ServerMessage, asyncio.TimerHandle] = {}
        soup.connect("request-started", self._on_soup_request_started)
        soup.connect("request-finished", self._on_soup_request_over)

    def is_full(self, inside: int) -> bool:
        """Whether no more should be let in, `inside` being in."""
        return inside >= self._limits.inside

    def let_in(self, message: Soup.ServerMessage) -> None:
        """Watch this one no more."""
        timer = self._waiting.pop(message, None)
        if timer is not None:
            timer.cancel()

    def shut(self) -> None:
        """Send everyone away who still waits."""
        for message in list(self._waiting):
            self._send_away(message)

    def _on_soup_request_started(self, _soup: Soup.Server, message: Soup.ServerMessage) -> None:
        message.get_request_body().set_accumulate(False)  # nobody reads it, and it may be endless
        if len(self._waiting) >= self._limits.waiting:
            self._send_away(next(iter(self._waiting)))
        message.connect("disconnected", self.let_in)
        loop = asyncio.get_running_loop()
        self._waiting[message] = loop.call_later(self._limits.time, self._send_away, message)

    def _on_soup_request_over(self, _soup: Soup.Server, message: Soup.ServerMessage) -> None:
        self.let_in(message)

    def _send_away(self, message: Soup.ServerMessage) -> None:
        self.let_in(message)
        socket = message.get_socket()
        if socket is not None:
            with contextlib.suppress(GLib.Error):  # it may have left by itself
                socket.shutdown(True, True)


def listening_socket(address: Gio.SocketAddress) -> Gio.Socket:
    """A socket that listens at an address. Raises GLib.Error."""
    socket = Gio.Socket.new(address.get_family(), Gio.SocketType.STREAM, Gio.SocketProtocol.TCP)
    socket.set_listen_backlog(_BACKLOG)
    socket.bind(address, True)
    socket.listen()
    return socket
