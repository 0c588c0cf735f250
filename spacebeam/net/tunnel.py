"""Proxies for ws:// and wss:// alike.

libsoup asks an HTTP proxy for `GET ws://…`, which strict proxies refuse, and fails at credentials
in the proxy's address. So it gets HTTP proxies under a scheme of our own, whose implementation is
GLib's CONNECT (RFC 9110, section 9.3.6).
"""

from __future__ import annotations

from urllib.parse import quote

from gi.repository import Gio

from spacebeam.net.options import DIRECT
from spacebeam.net.request_rules import check_proxy
from spacebeam.protocol.endpoint import Endpoint

_SCHEME = "spacebeam-tunnel"
_EXTENSION_POINT = "gio-proxy"  # G_PROXY_EXTENSION_POINT_NAME


def choose(
    endpoint: Endpoint, proxy: str | None, cancellable: Gio.Cancellable | None = None
) -> str | None:
    """Return the proxy to use: `proxy`, or the system's if that is None. Return None for none.

    May block on the system's answer. Raise ProxyError for an invalid address, and GLib.Error if
    the system does not answer.
    """
    if proxy == DIRECT or endpoint.socket_path is not None:
        return None
    if proxy is not None:
        check_proxy(proxy)
        return proxy
    # Systems have proxies for http and https, which WebSockets use too.
    # The path is none of their business, and GLib refuses some.
    page = f"http{'s' * endpoint.is_secure}://{quote(endpoint.authority, safe='[]:%')}/"
    found = Gio.ProxyResolver.get_default().lookup(page, cancellable)
    return None if not found or found[0].startswith("direct:") else str(found[0])


def resolver_for(proxy: str | None) -> Gio.ProxyResolver | None:
    """Return a resolver that makes libsoup use `proxy`; None for a direct connection."""
    if proxy is None:
        return None
    _register()
    return Gio.SimpleProxyResolver.new(tunnelled(proxy), None)


def tunnelled(proxy: str) -> str:
    """Return a proxy's address with the scheme that libsoup gets."""
    return _SCHEME + proxy.removeprefix("http") if proxy.startswith("http://") else proxy


def without_credentials(proxy: str) -> str:
    """Return a proxy's address without user and password, to be shown."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _register() -> None:
    """Register GLib's CONNECT a second time; one type can have only one name, so subclass it."""
    connect = Gio.Proxy.get_default_for_protocol("http")  # makes GLib set up the extension point
    point = Gio.IOExtensionPoint.lookup(_EXTENSION_POINT)
    if point.get_extension_by_name(_SCHEME) is None:
        tunnel = type("SpacebeamTunnel", (type(connect),), {"__gtype_name__": "SpacebeamTunnel"})
        Gio.io_extension_point_implement(_EXTENSION_POINT, tunnel, _SCHEME, 0)
