"""Servers of other projects: websockets, ws and nginx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.certificates import Authority
from tests.support.node_peer import node_peer
from tests.support.processes import LOOPBACK
from tests.support.proxies import nginx
from tests.support.websockets_peer import websockets_peer


@dataclass(frozen=True)
class Peer:
    """A server that a test can connect to."""

    url: str
    compresses: bool


@pytest.fixture(
    scope="session",
    params=["websockets", "websockets compressed", "ws", "ws compressed"],
)
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    """Python's `websockets` and Node's `ws`, with and without compression."""
    name, _space, compressed = request.param.partition(" ")
    serve = websockets_peer if name == "websockets" else node_peer
    with serve(compression=bool(compressed)) as port:
        yield Peer(f"ws://{LOOPBACK}:{port}", bool(compressed))


@pytest.fixture(scope="session")
def plain_port() -> Iterator[int]:
    """The port of a `websockets` server without compression."""
    with websockets_peer(compression=False) as port:
        yield port


@pytest.fixture(scope="session")
def tls_port(
    authority: Authority, plain_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """The port of nginx, which puts TLS in front of `plain_port`."""
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder, authority.issue(), plain_port) as port:
        yield port
