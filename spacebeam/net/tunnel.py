"""The proxy of a connection, for GLib: it asks HTTP proxies for a tunnel by CONNECT (RFC 9110,
section 9.3.6), for ws:// and wss:// alike.
"""

from __future__ import annotations

import os
from urllib.parse import quote, urlsplit

from gi.repository import Gio

from spacebeam.net.options import DIRECT
from spacebeam.net.proxy import OPTIONS, SYSTEM, Proxy, environment_proxy, names_proxies
from spacebeam.net.request_rules import ProxyError, check_proxy
from spacebeam.protocol.endpoint import Endpoint

# GLib's SOCKS 5 lets the proxy look up names, which curl calls socks5h.
_SCHEMES = {"socks5h": "socks5"}
_DEFAULT_PORT, _DEFAULT_TLS_PORT = 1080, 443  # curl's


def choose(
    endpoint: Endpoint, proxy: str | None, cancellable: Gio.Cancellable | None = None
) -> Proxy | None:
    """Return the proxy to use: `proxy`, or if that is None the environment's or the system's.

    Return None for none. May block on the system's answer. Raise ProxyError for an invalid address,
    and GLib.Error if the system does not answer.
    """
    if proxy == DIRECT or endpoint.socket_path is not None:
        return None
    if proxy is not None:
        found: Proxy | None = Proxy(proxy, OPTIONS)
    elif names_proxies(os.environ):
        found = environment_proxy(os.environ, endpoint)
    else:
        found = _system_proxy(endpoint, cancellable)
    if found is not None:
        try:
            check_proxy(found.address)
        except ValueError as error:  # also urlsplit's own
            scheme = error.scheme if isinstance(error, ProxyError) else ""
            raise ProxyError(scheme, found.source) from None
    return found


def _system_proxy(endpoint: Endpoint, cancellable: Gio.Cancellable | None) -> Proxy | None:
    # Systems have proxies for http and https, which WebSockets use too.
    # The path is none of their business, and GLib refuses some.
    page = f"http{'s' * endpoint.is_secure}://{quote(endpoint.authority, safe='[]:%')}/"
    found = Gio.ProxyResolver.get_default().lookup(page, cancellable)
    return None if not found or found[0].startswith("direct:") else Proxy(found[0], SYSTEM)


def place_of(proxy: Proxy) -> tuple[str, int]:
    """Return a proxy's host and port."""
    parts = urlsplit(proxy.address)
    default = _DEFAULT_TLS_PORT if parts.scheme == "https" else _DEFAULT_PORT
    return parts.hostname or "", parts.port or default


def resolver_for(proxy: Proxy, address: Gio.InetSocketAddress | None = None) -> Gio.ProxyResolver:
    """Return a resolver that makes GLib use `proxy`, at `address` in place of its name."""
    return Gio.SimpleProxyResolver.new(for_glib(proxy, address), None)


def for_glib(proxy: Proxy, address: Gio.InetSocketAddress | None = None) -> str:
    """Return a proxy's address for GLib: with a scheme that it knows, and with a port."""
    userinfo, at, _place = urlsplit(proxy.address).netloc.rpartition("@")
    host, port = place_of(proxy)
    if address is not None:
        host = address.get_address().to_string()
    shown = f"[{host}]" if ":" in host else host
    return f"{_SCHEMES.get(proxy.scheme, proxy.scheme)}://{userinfo}{at}{shown}:{port}"
