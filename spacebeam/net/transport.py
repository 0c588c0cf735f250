"""A connection to a server for the opening handshake: through a proxy and TLS if need be.

Its calls block the handshake's thread until they are done or cancelled. Connecting is asynchronous
in GLib all the same, because only so it tries several addresses of a name at once (RFC 8305).
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

from gi.repository import Gio, GLib, GObject

from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.names import socket_address
from spacebeam.net.proxy import Proxy
from spacebeam.net.tls import TlsClient
from spacebeam.net.tunnel import resolver_for
from spacebeam.protocol.endpoint import Endpoint

_READ_SIZE = 16 * 1024  # bytes; a TLS record


@dataclass(frozen=True, slots=True)
class Route:
    """How a server is reached."""

    proxy: Proxy | None = None
    # To connect to, in place of the proxy's name, or else the server's.
    address: Gio.InetSocketAddress | None = None


class Transport:
    """An open connection. `receive` does not raise: the end's error is in `error`."""

    def __init__(
        self, stream: Gio.IOStream, base: Gio.SocketConnection, cancellable: Gio.Cancellable
    ) -> None:
        self.stream = stream
        self.error: GLib.Error | None = None
        self._socket = base.get_socket()
        self._cancellable = cancellable

    def send(self, data: bytes) -> None:
        """Send all of `data`. An error is left for `receive`: the server may have told why."""
        try:
            self.stream.get_output_stream().write_all(data, self._cancellable)
        except GLib.Error as error:
            self.error = error

    def receive(self) -> bytes:
        """Return the next bytes; empty at the end."""
        try:
            piece = self.stream.get_input_stream().read_bytes(_READ_SIZE, self._cancellable)
        except GLib.Error as error:
            self.error = error
            return b""
        return piece.get_data() or b""

    def has_more(self, seconds: float) -> bool:
        """Wait until there is more to receive; return False if nothing comes in time."""
        wait = self._socket.condition_timed_wait
        try:
            return wait(GLib.IOCondition.IN, int(seconds * 1_000_000), self._cancellable)
        except GLib.Error:
            return False

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(GLib.Error):
            self.stream.close(self._cancellable)
        with contextlib.suppress(GLib.Error):
            self._socket.close()  # TLS leaves it open if it is cancelled


def connect(
    endpoint: Endpoint,
    tls: TlsClient | None,
    route: Route,
    trace: HandshakeTrace,
    cancellable: Gio.Cancellable,
    timeout: int = 0,
) -> Transport:
    """Connect to a server, with TLS if there is a `tls`. Raise GLib.Error.

    `timeout` is that of each step, later ones included, in seconds; 0 for none.
    """
    client = Gio.SocketClient(timeout=timeout)
    base = _connected(client, endpoint, route, trace, cancellable)
    try:
        stream = base if tls is None else tls.secure(base, cancellable)
    except BaseException:
        base.get_socket().close()
        raise
    return Transport(stream, base, cancellable)


def _connected(
    client: Gio.SocketClient,
    endpoint: Endpoint,
    route: Route,
    trace: HandshakeTrace,
    cancellable: Gio.Cancellable,
) -> Gio.SocketConnection:
    client.set_enable_proxy(route.proxy is not None)
    if route.proxy is not None:
        client.set_proxy_resolver(resolver_for(route.proxy, route.address))
    # Gio.SocketClient.connect opens a connection.
    GObject.Object.connect(client, "event", _on_client_event, trace)
    results: list[Gio.AsyncResult] = []
    place = _place(endpoint, route)
    client.connect_async(place, cancellable, lambda _client, result: results.append(result))
    context = GLib.MainContext.ref_thread_default()
    while not results:
        # PyGObject's override would make an asyncio loop for the context, and leak both.
        super(GLib.MainContext, context).iteration(True)  # type: ignore[misc]  # not in its stub
    connection = client.connect_finish(results[0])
    if endpoint.socket_path is None:
        connection.get_socket().set_option(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _place(endpoint: Endpoint, route: Route) -> Gio.SocketConnectable:
    if endpoint.socket_path is not None:
        return Gio.UnixSocketAddress.new(endpoint.socket_path)
    address = None if route.proxy else route.address
    by_address = address or socket_address(endpoint)
    return by_address or Gio.NetworkAddress.new(endpoint.host, endpoint.port)


def _on_client_event(
    _client: Gio.SocketClient,
    event: Gio.SocketClientEvent,
    _connectable: Gio.SocketConnectable,
    connection: Gio.IOStream | None,
    trace: HandshakeTrace,
) -> None:
    if event != Gio.SocketClientEvent.COMPLETE:  # TLS may follow
        trace.note(event, connection)
