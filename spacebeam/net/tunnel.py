"""Proxies for ws:// and wss:// alike.

libsoup asks an HTTP proxy for `GET ws://…`, which strict proxies refuse, and stumbles over
credentials in the proxy's address. So HTTP proxies are presented to it under a scheme of our own,
whose implementation opens a tunnel with CONNECT (RFC 9110, section 9.3.6) by GLib's own means.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from gi.repository import Gio

from spacebeam.net.options import DIRECT
from spacebeam.protocol.endpoint import Endpoint

_SCHEME = "spacebeam-tunnel"
_KNOWN = ("http", "socks5", "socks4", "socks4a", "socks")
_EXTENSION_POINT = "gio-proxy"  # G_PROXY_EXTENSION_POINT_NAME


class ProxyError(ValueError):
    """A proxy's address that cannot be used, and why."""


def choose(
    endpoint: Endpoint, proxy: str | None, cancellable: Gio.Cancellable | None = None
) -> str | None:
    """The proxy to go through: `proxy`, or for None what the system says; None for none.

    May wait for the system's answer. Raises ProxyError for an address that is no proxy's, and
    GLib.Error where the system does not answer.
    """
    if proxy == DIRECT or endpoint.socket_path is not None:
        return None
    if proxy is not None:
        check(proxy)
        return proxy
    # Systems know proxies for web pages; a WebSocket goes the same way.
    page = endpoint.url.replace("ws", "http", 1)
    found = Gio.ProxyResolver.get_default().lookup(page, cancellable)
    return None if not found or found[0].startswith("direct:") else str(found[0])


def resolver_for(proxy: str | None) -> Gio.ProxyResolver | None:
    """The resolver that leads libsoup through `proxy`; None for none."""
    if proxy is None:
        return None
    _register()
    return Gio.SimpleProxyResolver.new(tunnelled(proxy), None)


def check(proxy: str) -> None:
    """Raises ProxyError for an address that is no proxy's, and says what is wrong with it."""
    parts = urlsplit(proxy)
    if parts.scheme not in _KNOWN:
        raise ProxyError(f"“{parts.scheme}” is no kind of proxy; use http:// or socks5://.")
    try:
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise ProxyError("The proxy's address needs a host, as in http://proxy.example:3128.")


def tunnelled(proxy: str) -> str:
    """A proxy's address as libsoup has to see it."""
    return _SCHEME + proxy.removeprefix("http") if proxy.startswith("http://") else proxy


def without_credentials(proxy: str) -> str:
    """A proxy's address to show."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _register() -> None:
    """Give GLib's own CONNECT a second name; a type of its own, for a type has but one."""
    connect = Gio.Proxy.get_default_for_protocol("http")  # makes GLib set up the extension point
    point = Gio.IOExtensionPoint.lookup(_EXTENSION_POINT)
    if point.get_extension_by_name(_SCHEME) is None:
        tunnel = type("SpacebeamTunnel", (type(connect),), {"__gtype_name__": "SpacebeamTunnel"})
        Gio.io_extension_point_implement(_EXTENSION_POINT, tunnel, _SCHEME, 0)
