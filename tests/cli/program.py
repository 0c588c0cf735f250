"""The program as a child process, and TCP servers that run a test's script."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

PATIENCE = 20.0  # seconds; a test that waits longer has failed

DISCONNECTED = b"Disconnected (1000, normal closure).\n"  # on standard error

Script = Callable[[socket.socket], None]
Finished = subprocess.CompletedProcess[bytes]


def spacebeam(
    *arguments: str, stdin: bytes | IO[Any] | int = b"", stdout: int | IO[Any] = subprocess.PIPE
) -> Finished:
    """Run `spacebeam` with these arguments to its end."""
    source: dict[str, Any] = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
    finished = subprocess.run(
        command(*arguments), stdout=stdout, stderr=subprocess.PIPE, timeout=PATIENCE, **source
    )
    assert b"Traceback" not in finished.stderr, finished.stderr.decode()
    assert b"CRITICAL" not in finished.stderr, finished.stderr.decode()
    assert b"Task was" not in finished.stderr, finished.stderr.decode()
    return finished


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "spacebeam", *arguments]


@contextlib.contextmanager
def started(*arguments: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run `spacebeam` for the length of the block; the test can read its standard error."""
    child = subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, **streams)
    try:
        yield child
    finally:
        child.kill()
        child.communicate(timeout=PATIENCE)


def read_until(source: int, wanted: bytes) -> bytes:
    """Read from a descriptor up to `wanted`; fail if it does not come."""
    got = b""
    while wanted not in got:
        piece = _read(source)
        assert piece, f"{wanted!r} did not come: {got!r}"
        got += piece
    return got


def read_all(source: int) -> bytes:
    """Read from a descriptor until all others have closed it; fail if that takes long."""
    return b"".join(iter(lambda: _read(source), b""))


def _read(source: int) -> bytes:
    assert select.select([source], [], [], PATIENCE)[0], "nothing came"
    try:
        return os.read(source, 65536)
    except OSError:  # a terminal that every program has closed
        return b""


def interrupt(child: subprocess.Popen[bytes]) -> int:
    """Send SIGINT as Ctrl+C does; return the exit code."""
    child.send_signal(signal.SIGINT)
    return child.wait(PATIENCE)


@contextlib.contextmanager
def peer(*scripts: Script) -> Iterator[str]:
    """Run a TCP server that serves one connection with each script; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)

        def serve() -> None:
            for script in scripts:
                try:
                    connection, _address = listener.accept()
                except OSError:  # no client connected
                    return
                with connection:
                    connection.settimeout(PATIENCE)
                    script(connection)
            with contextlib.suppress(OSError):  # the test may be over
                listener.shutdown(socket.SHUT_RDWR)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)
            assert not thread.is_alive()


def read_request(connection: socket.socket) -> dict[str, str]:
    """Read a request's head; return its headers, names in lower case."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(1)
        assert piece
        head += piece
    lines = head.decode().split("\r\n")[1:-2]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


def open_stream(connection: socket.socket, more: str = "") -> dict[str, str]:
    """Answer the opening handshake; return the request's headers."""
    headers = read_request(connection)
    key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
    connection.sendall(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n{more}\r\n".encode()
    )
    return headers


def read_frame(connection: socket.socket) -> tuple[int, bytes]:
    """Read a client's frame; return opcode and payload, (0, b"") at the end of the stream."""
    head = read_exactly(connection, 2)
    if len(head) < 2:
        return 0, b""
    size = head[1] & 0x7F
    if size == 126:
        size = int.from_bytes(read_exactly(connection, 2), "big")
    elif size == 127:
        size = int.from_bytes(read_exactly(connection, 8), "big")
    mask = read_exactly(connection, 4)
    payload = bytes(
        byte ^ mask[place % 4] for place, byte in enumerate(read_exactly(connection, size))
    )
    return head[0] & 0x0F, payload


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Read `size` bytes, or fewer at the end of the stream."""
    data = bytearray()
    while len(data) < size and (piece := connection.recv(size - len(data))):
        data += piece
    return bytes(data)


def read_to_end(connection: socket.socket) -> None:
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass


def wait_for_close(connection: socket.socket) -> None:
    """Wait for the client's close frame or the end of the stream."""
    with contextlib.suppress(ConnectionError):
        while read_frame(connection)[0] not in (0, 8):
            pass


def sending(frames: bytes) -> Script:
    """Return a script that sends frames and waits for the client's close frame."""

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(frames)
        wait_for_close(connection)

    return script


def close_frame(code: int, reason: str = "") -> bytes:
    payload = code.to_bytes(2, "big") + reason.encode()
    return bytes((0x88, len(payload))) + payload


def text_frame(text: str) -> bytes:
    payload = text.encode()
    assert len(payload) < 126
    return bytes((0x81, len(payload))) + payload


def flood(connection: socket.socket, data: bytes, has_to_wait: threading.Event) -> int:
    """Send data and a close frame; return the bytes that were sent before it had to wait."""
    open_stream(connection)
    rest = memoryview(data)
    while rest and select.select([], [connection], [], 1)[1]:
        rest = rest[connection.send(rest[:65536]) :]
    taken = len(data) - len(rest)
    has_to_wait.set()
    connection.sendall(rest)
    connection.sendall(close_frame(1000))
    wait_for_close(connection)
    return taken
