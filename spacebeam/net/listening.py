"""Listens to a server that may speak another protocol.

libsoup does not hand out an answer that it cannot parse.
"""

from __future__ import annotations

from gi.repository import Gio, GLib, GObject

from spacebeam.net.greeting import MAX_GREETING
from spacebeam.protocol.endpoint import Endpoint

_TIMEOUT_S = 1  # for connecting, for each step of TLS and for the greeting


def listen(
    endpoint: Endpoint,
    proxies: Gio.ProxyResolver | None,
    cancellable: Gio.Cancellable,
    *,
    tls: bool,
) -> bytes:
    """Connect, send nothing, and return the server's greeting; empty without one.

    HTTP servers do not speak first.
    """
    client = Gio.SocketClient(timeout=_TIMEOUT_S, tls=tls)
    client.set_enable_proxy(proxies is not None)
    client.set_proxy_resolver(proxies)
    GObject.Object.connect(
        client, "event", _on_client_event
    )  # SocketClient.connect opens a connection
    place: Gio.SocketConnectable = (
        Gio.NetworkAddress.new(endpoint.host, endpoint.port)
        if endpoint.socket_path is None
        else Gio.UnixSocketAddress.new(endpoint.socket_path)
    )
    try:
        connection = client.connect(place, cancellable)
        greeting = connection.get_input_stream().read_bytes(MAX_GREETING, cancellable)
        connection.close(None)
    except GLib.Error:
        return b""
    return greeting.get_data() or b""


def _on_client_event(
    _client: Gio.SocketClient,
    event: Gio.SocketClientEvent,
    _connectable: Gio.SocketConnectable,
    connection: Gio.IOStream | None,
) -> None:
    if event == Gio.SocketClientEvent.TLS_HANDSHAKING and connection is not None:
        # The handshake has judged the certificate; here nothing is sent.
        connection.connect("accept-certificate", lambda *_: True)
