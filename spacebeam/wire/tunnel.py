"""Proxies for ws:// and wss:// alike.

libsoup asks an HTTP proxy for `GET ws://…`, which strict proxies refuse, and stumbles over
credentials in the proxy's address. So HTTP proxies are presented to it under a scheme of our own,
whose implementation opens a tunnel with CONNECT (RFC 9110, section 9.3.6) by GLib's own means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from gi.repository import Gio, GObject

from spacebeam.wire.options import DIRECT

_SCHEME = "spacebeam-tunnel"
_KNOWN = ("http", "socks5", "socks4", "socks4a", "socks")
_EXTENSION_POINT = "gio-proxy"  # G_PROXY_EXTENSION_POINT_NAME

AsyncCallback = Callable[[object, Gio.AsyncResult], None]


class ProxyError(ValueError):
    """A proxy's address that cannot be used, and why."""


class _Tunnel(GObject.Object, Gio.Proxy):
    """GLib's CONNECT under another name."""

    __gtype_name__ = "SpacebeamTunnel"

    def do_supports_hostname(self) -> bool:
        return True

    def do_connect_async(
        self,
        connection: Gio.IOStream,
        address: Gio.ProxyAddress,
        cancellable: Gio.Cancellable | None,
        callback: AsyncCallback,
        *_data: object,
    ) -> None:
        _connect_proxy().connect_async(
            connection, address, cancellable, lambda _proxy, result: callback(self, result)
        )

    def do_connect_finish(self, result: Gio.AsyncResult) -> Gio.IOStream:
        stream: Gio.IOStream = _connect_proxy().connect_finish(result)
        return stream


class _Resolver(GObject.Object, Gio.ProxyResolver):
    """Names one proxy, or asks the system's resolver; HTTP proxies are turned into tunnels."""

    __gtype_name__ = "SpacebeamProxyResolver"

    def __init__(self, proxy: str | None = None) -> None:
        super().__init__()
        self.found = ""  # the proxy that was named last
        self._source = (
            Gio.ProxyResolver.get_default()
            if proxy is None
            else Gio.SimpleProxyResolver.new(proxy, None)
        )

    def do_is_supported(self) -> bool:
        return True

    def do_lookup_async(
        self,
        uri: str,
        cancellable: Gio.Cancellable | None,
        callback: AsyncCallback,
        *_data: object,
    ) -> None:
        # Systems know proxies for web pages; a WebSocket goes the same way.
        asked = uri.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
        self._source.lookup_async(
            asked, cancellable, lambda _resolver, result: callback(self, result)
        )

    def do_lookup_finish(self, result: Gio.AsyncResult) -> list[str]:
        proxies = self._source.lookup_finish(result)
        self.found = "" if proxies[0].startswith("direct:") else _without_password(proxies[0])
        return [tunnelled(proxy) for proxy in proxies]


def resolver_for(proxy: str | None) -> Gio.ProxyResolver | None:
    """The resolver that leads to `proxy`, to the system's for None; None where there is none.

    Raises ProxyError for an address that is no proxy's.
    """
    _register()
    if proxy is None:
        return _Resolver()
    if proxy == DIRECT:
        return None
    check(proxy)
    return _Resolver(proxy)


def used_proxy(resolver: Gio.ProxyResolver | None) -> str:
    """The proxy that a resolver of this module named, without its credentials, or nothing."""
    return resolver.found if isinstance(resolver, _Resolver) else ""


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


def _without_password(proxy: str) -> str:
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _connect_proxy() -> Any:
    return Gio.Proxy.get_default_for_protocol("http")


def _register() -> None:
    _connect_proxy()  # makes GLib set up the extension point
    point = Gio.IOExtensionPoint.lookup(_EXTENSION_POINT)
    if point.get_extension_by_name(_SCHEME) is None:
        Gio.io_extension_point_implement(_EXTENSION_POINT, _Tunnel, _SCHEME, 0)
