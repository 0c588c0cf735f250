"""Proxies for ws:// and wss:// alike.

libsoup asks an HTTP proxy for `GET ws://…`, which strict proxies refuse, and fails at credentials
in the proxy's address. So it gets HTTP proxies under a scheme of our own, whose implementation is
GLib's CONNECT (RFC 9110, section 9.3.6). It leaves https:// proxies to GLib's CONNECT itself.
"""

from __future__ import annotations

import os
from urllib.parse import quote, urlsplit

from gi.repository import Gio

from spacebeam.net.options import DIRECT
from spacebeam.net.proxy import OPTIONS, SYSTEM, Proxy, environment_proxy, names_proxies
from spacebeam.net.request_rules import ProxyError, check_proxy
from spacebeam.protocol.endpoint import Endpoint

_TUNNEL = "spacebeam-tunnel"
# GLib's SOCKS 5 lets the proxy look up names, which curl calls socks5h.
_SCHEMES = {"http": _TUNNEL, "socks5h": "socks5"}
_EXTENSION_POINT = "gio-proxy"  # G_PROXY_EXTENSION_POINT_NAME
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


def resolver_for(proxy: Proxy | None) -> Gio.ProxyResolver | None:
    """Return a resolver that makes libsoup use `proxy`; None for a direct connection."""
    if proxy is None:
        return None
    _register()
    return Gio.SimpleProxyResolver.new(tunnelled(proxy.address), None)


def tunnelled(proxy: str) -> str:
    """Return a proxy's address for libsoup: with the scheme that it gets, and with a port."""
    parts = urlsplit(proxy)
    default = _DEFAULT_TLS_PORT if parts.scheme == "https" else _DEFAULT_PORT
    port = "" if parts.port is not None else f":{default}"
    return f"{_SCHEMES.get(parts.scheme, parts.scheme)}://{parts.netloc.rstrip(':')}{port}"


def _register() -> None:
    """Register GLib's CONNECT a second time; one type can have only one name, so subclass it."""
    connect = Gio.Proxy.get_default_for_protocol("http")  # makes GLib set up the extension point
    point = Gio.IOExtensionPoint.lookup(_EXTENSION_POINT)
    if point.get_extension_by_name(_TUNNEL) is None:
        tunnel = type("SpacebeamTunnel", (type(connect),), {"__gtype_name__": "SpacebeamTunnel"})
        Gio.io_extension_point_implement(_EXTENSION_POINT, tunnel, _TUNNEL, 0)
