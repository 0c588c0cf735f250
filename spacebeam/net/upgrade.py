"""The request of the opening handshake, and what its answer must have (RFC 6455, section 4.1)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from spacebeam.net.failures import UpgradeFault
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HttpExchange
from spacebeam.net.request_rules import has_control
from spacebeam.protocol.deflate import DEFLATE, Agreement, agreed, parse_extensions
from spacebeam.protocol.endpoint import Endpoint

METHOD = "GET"
USER_AGENT = "Spacebeam"
SUBPROTOCOL = "Sec-WebSocket-Protocol"
_EXTENSIONS = "Sec-WebSocket-Extensions"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_DEFLATE_OFFER = "permessage-deflate; client_max_window_bits"
# The person's header replaces ours; others are added.
_REPLACED = ("host", "user-agent", "accept-encoding", "origin")


class UpgradeError(Exception):
    """A 101 answer that does not open a WebSocket."""

    def __init__(self, fault: UpgradeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What the server agreed to."""

    subprotocol: str
    extensions: str  # Sec-WebSocket-Extensions
    agreement: Agreement | None


def sent_host(endpoint: Endpoint, options: HandshakeOptions) -> str:
    """Return the value of the Host header: the person's own, or that of the address."""
    own = [value for name, value in options.headers if name.lower() == "host"]
    # A zone means nothing to the server (RFC 6874, section 1).
    return own[-1] if own else replace(endpoint, host=endpoint.host.partition("%")[0]).authority


def request(
    endpoint: Endpoint, options: HandshakeOptions, further: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the request line and headers, one on each line; `further` headers are the last.

    Cookies of the options' headers are left out.
    """
    single = {
        "host": ("Host", sent_host(endpoint, options)),
        "user-agent": ("User-Agent", USER_AGENT),
        "accept-encoding": ("Accept-Encoding", "gzip, deflate"),
    }
    others = []
    for name, value in options.headers:
        if name.lower() in _REPLACED:
            single[name.lower()] = (name, value)
        elif name.lower() != "cookie":
            others.append((name, value))
    headers = [
        *single.values(),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", base64.b64encode(secrets.token_bytes(16)).decode()),
        ("Sec-WebSocket-Version", "13"),
    ]
    if options.subprotocols:
        headers.append((SUBPROTOCOL, ", ".join(options.subprotocols)))
    if options.compression:
        headers.append((_EXTENSIONS, _DEFLATE_OFFER))
    headers += [*others, *further]
    if any(has_control(value) for _name, value in headers):
        raise ValueError("a header has a control character")
    lines = (f"{name}: {value}" for name, value in headers)
    return "\n".join((f"{METHOD} {endpoint.resource} HTTP/1.1", *lines))


def as_bytes(head: str) -> bytes:
    """Return a request's head as it is sent."""
    return f"{head}\n\n".replace("\n", "\r\n").encode(errors="replace")


def upgrade(exchange: HttpExchange) -> Upgrade:
    """Return what a 101 answer agrees to (RFC 6455, section 4.1). Raise UpgradeError.

    Subprotocols are compared without case, as many servers change it.
    """
    if _joined(exchange, "Upgrade").lower() != "websocket":
        raise UpgradeError(UpgradeFault.UPGRADE)
    if "upgrade" not in _list(_joined(exchange, "Connection").lower()):
        raise UpgradeError(UpgradeFault.CONNECTION)
    key = exchange.request_header("Sec-WebSocket-Key") or ""
    digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    if _joined(exchange, "Sec-WebSocket-Accept") != base64.b64encode(digest).decode():
        raise UpgradeError(UpgradeFault.ACCEPT)
    chosen = _joined(exchange, SUBPROTOCOL)
    if len(_list(chosen)) > 1:
        raise UpgradeError(UpgradeFault.SUBPROTOCOLS)
    if chosen and chosen.lower() not in map(str.lower, offered(exchange)):
        raise UpgradeError(UpgradeFault.SUBPROTOCOL)
    extensions = _joined(exchange, _EXTENSIONS)
    agreement = agreed(extensions)
    if _list(extensions):
        names = [name for name, _parameters in parse_extensions(extensions)]
        if exchange.request_header(_EXTENSIONS) is None or set(names) != {DEFLATE}:
            raise UpgradeError(UpgradeFault.EXTENSIONS)
        if agreement is None or len(names) > 1:
            raise UpgradeError(UpgradeFault.COMPRESSION)
    return Upgrade(chosen, extensions, agreement)


def offered(exchange: HttpExchange) -> tuple[str, ...]:
    """Return the subprotocols that a request offers."""
    return _list(exchange.request_header(SUBPROTOCOL) or "")


def _joined(exchange: HttpExchange, name: str) -> str:
    return ", ".join(exchange.headers(name))


def _list(value: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in value.split(",") if one.strip())
