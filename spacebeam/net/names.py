"""Addresses to connect to where GLib's own are wrong: of IP addresses, and of some names.

For an IP address, GLib sends a server name in TLS, which RFC 6066 forbids, and with a zone finds no
certificate for it. A socket address has no name.

GLib looks up IPv4 and IPv6 addresses apart, each only if the computer has an address of that kind
besides loopback (AI_ADDRCONFIG). So names from the hosts file are not found without a network, and
the name of ::1 in a network of IPv4 is found as 127.0.0.1. GLib calling a resolver of our own would
crash PyGObject 3.50; so the addresses are looked up here, and connected to.
"""

from __future__ import annotations

import socket
import threading

from gi.repository import Gio, GLib

from spacebeam.protocol.endpoint import Endpoint


def socket_address(endpoint: Endpoint) -> Gio.InetSocketAddress | None:
    """Return the address of a host that is an IP address; None for a name."""
    return _socket_address(endpoint.host, endpoint.port)


def _socket_address(text: str, port: int) -> Gio.InetSocketAddress | None:
    try:
        return Gio.InetSocketAddress.new_from_string(text, port)
    except TypeError:  # PyGObject's error for NULL: a name, or the zone of no interface
        return None


def is_not_found(error: GLib.Error) -> bool:
    """Whether a name was not found."""
    return bool(error.domain == "g-resolver-error-quark")


def addresses(host: str, port: int, cancellable: Gio.Cancellable) -> list[Gio.InetSocketAddress]:
    """Return the addresses that the system knows for a host, without duplicates.

    Iterate this thread's main context meanwhile; return none if cancelled.
    """
    if cancellable.is_cancelled():
        return []
    context = GLib.MainContext.ref_thread_default()
    cancelled = cancellable.source_new()
    cancelled.set_callback(lambda *_arguments: GLib.SOURCE_REMOVE)
    cancelled.attach(context)
    found: list[str] = []
    is_done = threading.Event()

    def look_up() -> None:
        try:
            # Bytes: the socket module would encode text by IDNA 2003.
            results = socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
            found.extend(str(result[4][0]) for result in results)
        except OSError:
            pass
        finally:
            is_done.set()
            context.wakeup()

    # A daemon: nothing waits for a server of names that does not answer.
    threading.Thread(target=look_up, name="names", daemon=True).start()
    while not is_done.is_set() and not cancellable.is_cancelled():
        context.iteration(True)
    cancelled.destroy()
    texts = dict.fromkeys(found) if is_done.is_set() else {}
    made = (_socket_address(text, port) for text in texts)
    return [address for address in made if address is not None]
