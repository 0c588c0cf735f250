"""A TCP server that runs a test's script for each connection."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.processes import LOOPBACK

Script = Callable[[socket.socket], object]

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_PATIENCE = 20.0


def read_request(peer: socket.socket) -> bytes:
    """An HTTP request's head, empty line included."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = peer.recv(1)
        if not byte:
            break
        head += byte
    return head


def header(request: bytes, name: str) -> str | None:
    """The value of one header of a request."""
    for line in request.decode("latin-1").split("\r\n")[1:]:
        key, _colon, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


def switching(request: bytes, *headers: str) -> bytes:
    """The 101 answer to a handshake (RFC 6455, section 4.2.2)."""
    key = (header(request, "Sec-WebSocket-Key") or "").encode()
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest()).decode()
    lines = (
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept}",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode()


def upgrade(peer: socket.socket, *headers: str, then: bytes = b"") -> None:
    """Answer a handshake; `then` goes out in the same packet."""
    peer.sendall(switching(read_request(peer), *headers) + then)


def answer(peer: socket.socket, head: str, body: str = "") -> None:
    """Answer a request with a status line, headers and a body, and close."""
    read_request(peer)
    content = body.encode()
    text = head.replace("\n", "\r\n")
    peer.sendall(
        f"{text}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode() + content
    )


def wait_for_end(peer: socket.socket) -> bytes:
    """Read until the other side closes; return the data."""
    data = bytearray()
    with contextlib.suppress(ConnectionError):
        while piece := peer.recv(65536):
            data += piece
    return bytes(data)


class RawServer:
    """Runs a script for each connection, each on its own thread."""

    def __init__(self, script: Script, path: Path | None = None) -> None:
        self._script = script
        if path is None:
            self._listener = socket.create_server((LOOPBACK, 0))
        else:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(path))
            self._listener.listen()
        # A small buffer for a script that does not read.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        self._accepting = threading.Thread(target=self._accept)
        self._scripts: list[tuple[threading.Thread, socket.socket]] = []
        self.port: int = self._listener.getsockname()[1] if path is None else 0
        self.errors: list[Exception] = []

    @property
    def connections(self) -> int:
        """Return how many clients have connected."""
        return len(self._scripts)

    def start(self) -> None:
        self._accepting.start()

    def stop(self) -> None:
        """End every script; raise what one has raised, except for a lost connection."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(_PATIENCE)
        for thread, peer in self._scripts:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)
            peer.close()
        if self.errors:
            raise self.errors[0]

    def _accept(self) -> None:
        while True:
            try:
                peer, _address = self._listener.accept()
            except OSError:
                return
            peer.settimeout(_PATIENCE)
            thread = threading.Thread(target=self._run_script, args=(peer,))
            self._scripts.append((thread, peer))
            thread.start()

    def _run_script(self, peer: socket.socket) -> None:
        # shutdown, not close: the descriptor stays ours until `stop`.
        try:
            self._script(peer)
            peer.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the client disconnected; the test judges that
        except Exception as error:  # noqa: BLE001  # a script's fault must reach the test
            self.errors.append(error)


@contextlib.contextmanager
def raw_server(script: Script, path: Path | None = None) -> Iterator[RawServer]:
    """A server that runs `script` for each connection until the block ends."""
    server = RawServer(script, path)
    server.start()
    try:
        yield server
    finally:
        server.stop()
