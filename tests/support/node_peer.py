"""Servers and a client in Node, as child processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import binary, end

_ROOT = Path(__file__).resolve().parents[2]
_MODULES = _ROOT / "build/peers/node_modules"


def node_client(url: str, *subprotocols: str) -> str:
    """Connect a client and send a text; return its subprotocol and the answer, or its error."""
    return _started("client.js", url, *subprotocols).communicate(timeout=20)[0].decode().strip("\n")


def _started(script: str, *arguments: str, package: str = "ws") -> subprocess.Popen[bytes]:
    node = binary("node")
    if not (_MODULES / package).is_dir():
        pytest.skip(f"the npm package {package} is not installed in build/peers")
    return subprocess.Popen(
        [node, str(Path(__file__).with_name(script)), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "NODE_PATH": str(_MODULES)},
    )


@contextlib.contextmanager
def node_peer(*, compression: bool = True) -> Iterator[int]:
    """Serve until the block ends; gives the port."""
    with _serving(_started("peer.js", "compressed" if compression else "plain")) as port:
        yield port


@contextlib.contextmanager
def socketio_server() -> Iterator[int]:
    """Serve Socket.IO, which needs the token “s3same”, until the block ends; gives the port."""
    with _serving(_started("socketio_server.js", package="socket.io")) as port:
        yield port


@contextlib.contextmanager
def mqtt_server() -> Iterator[int]:
    """Serve MQTT, to “ada” with the password “s3same”, until the block ends; gives the port."""
    with _serving(_started("mqtt_server.mjs", package="aedes")) as port:
        yield port


@contextlib.contextmanager
def graphql_server() -> Iterator[int]:
    """Serve GraphQL, which needs the token “s3same”, until the block ends; gives the port."""
    with _serving(_started("graphql_server.js", package="graphql-ws")) as port:
        yield port


@contextlib.contextmanager
def graphql_ws_server() -> Iterator[int]:
    """Serve GraphQL by the older protocol, with the same token; gives the port."""
    package = "subscriptions-transport-ws"
    with _serving(_started("graphql_ws_server.js", package=package)) as port:
        yield port


@contextlib.contextmanager
def signalr_server() -> Iterator[int]:
    """Serve a hub that negotiates until the block ends; gives the port."""
    with _serving(_started("signalr_server.js")) as port:
        yield port


@contextlib.contextmanager
def signalr_message_pack_server() -> Iterator[int]:
    """Serve the same hub, also in MessagePack, until the block ends; gives the port."""
    package = "@microsoft/signalr-protocol-msgpack"
    with _serving(_started("signalr_server.js", "messagepack", package=package)) as port:
        yield port


@contextlib.contextmanager
def _serving(child: subprocess.Popen[bytes]) -> Iterator[int]:
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        assert line, "the Node server did not start"
        yield int(line)
    finally:
        end(child)
        child.stdout.close()
