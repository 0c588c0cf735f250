"""A bare socket that only reads, to measure the server: `socket_client URL COUNT SIZE`.

The last line on standard error has the time from the first byte after the handshake to the last.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from urllib.parse import urlsplit

from spacebeam.protocol.frames import Opcode, encode_header

_REQUEST = """\
GET {path}?{query} HTTP/1.1\r
Host: {netloc}\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
Sec-WebSocket-Version: 13\r
\r
"""


def main(url: str, count: int, size: int) -> None:
    """Receive the flood and print the time."""
    parts = urlsplit(url)
    block = bytearray(256 * 1024)
    left = count * (len(encode_header(Opcode.TEXT, size)) + size)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        request = _REQUEST.format(path=parts.path, query=parts.query, netloc=parts.netloc)
        connection.sendall(request.encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        left -= connection.recv_into(block)
        start, used = time.perf_counter(), time.process_time()
        while left > 0:
            received = connection.recv_into(block)
            if not received:
                sys.exit(f"{left} bytes are missing")
            left -= received
        seconds, processor = time.perf_counter() - start, time.process_time() - used
        print(json.dumps({"seconds": seconds, "processor": processor}), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
