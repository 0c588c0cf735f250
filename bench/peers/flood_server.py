"""The server of the benchmarks, which uses little processor time.

`python -m bench.peers.flood_server` prints its address. It encodes a block of frames once and
writes it repeatedly; of received data it only counts the bytes.

    /flood?count=N&size=BYTES[&mixed=1][&deflate=1]   N texts; mixed: BYTES / 2 to BYTES * 3 / 2
    /feed?count=N&size=BYTES&rate=N[&packed=1]        N texts, so many a second; packed: MessagePack
    /sink?bytes=N                                     receives N bytes, then sends “done”
    /echo?bytes=N                                     sends back texts of N bytes
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import random
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.frames import Opcode, apply_mask, encode

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_BLOCK_BYTES = 256 * 1024  # encoded and written at once; a longer message makes a larger block
_RSV1 = 4
_MAX_WRITES = 1000  # of a feed, a second
_PACK = MessagePackDecoder()


def main() -> None:
    """Serve until killed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(f"ws://127.0.0.1:{server.getsockname()[1]}", flush=True)
        while True:
            connection, _address = server.accept()
            threading.Thread(target=_serve, args=(connection,), daemon=True).start()


def _serve(connection: socket.socket) -> None:
    with connection:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            path, query = _shake_hands(connection)
            if path == "/flood":
                _flood(connection, query)
            elif path == "/feed":
                _feed(connection, query)
            elif path == "/sink":
                _take(connection, query["bytes"])
                connection.sendall(encode(Opcode.TEXT, b"done"))
            else:
                _echo(connection, query["bytes"])
            while connection.recv(65_536):  # the close frame, then the end of the stream
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the client disconnected


def _shake_hands(connection: socket.socket) -> tuple[str, dict[str, int]]:
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(4096)
    lines = request.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    target = urlsplit(lines[0].split()[1])
    query = {name: int(values[0]) for name, values in parse_qs(target.query).items()}
    key = headers["sec-websocket-key"].encode()
    answer = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {base64.b64encode(hashlib.sha1(key + _GUID).digest()).decode()}",
    ]
    if query.get("deflate"):
        answer.append("Sec-WebSocket-Extensions: permessage-deflate")
    connection.sendall("\r\n".join([*answer, "", ""]).encode())
    return target.path, query


def _flood(connection: socket.socket, query: dict[str, int]) -> None:
    prepared = list(frames(query))
    block = b"".join(prepared)
    whole, rest = divmod(query["count"], len(prepared))
    for _ in range(whole):
        connection.sendall(block)
    connection.sendall(b"".join(prepared[:rest]))


def _feed(connection: socket.socket, query: dict[str, int]) -> None:
    began = time.monotonic()
    feed = itertools.islice(itertools.cycle(frames(query)), query["count"])
    at_once = max(query["rate"] // _MAX_WRITES, 1)
    for number in itertools.count(0, at_once):
        if not (written := b"".join(itertools.islice(feed, at_once))):
            break
        time.sleep(max(0.0, began + number / query["rate"] - time.monotonic()))
        connection.sendall(written)


def frames(query: dict[str, int]) -> Iterator[bytes]:
    """Yield the frames of a block; compression begins with an empty window."""
    size, dice = query["size"], random.Random(7)
    sizes = range(size // 2, size * 3 // 2) if query.get("mixed") else (size,)
    packer = zlib.compressobj(wbits=-15) if query.get("deflate") else None
    filled = 0
    while filled < _BLOCK_BYTES:
        payload = feed_text(dice.choice(sizes), dice)
        if packer is not None:
            packed = packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH)
            frame = encode(Opcode.TEXT, packed[:-4], rsv=_RSV1)
        elif query.get("packed"):
            frame = encode(Opcode.BINARY, _PACK.encode(json.loads(payload)))
        else:
            frame = encode(Opcode.TEXT, payload)
        filled += len(frame)
        yield frame


def feed_text(size: int, dice: random.Random, note: str = "") -> bytes:
    """Return a JSON text like a feed's, padded to `size` bytes; below 100 bytes it is cut."""
    text = (
        f'{{"s":"BTC-{dice.choice(("USD", "EUR", "JPY"))}","p":{dice.uniform(60_000, 61_000):.2f},'
        f'"q":{dice.uniform(0, 2):.6f},"t":{dice.randrange(10**9)},"m":'
        f'{dice.choice(("true", "false"))},"id":"{dice.randrange(16**8):08x}","n":"{note}'
    )
    return (text.ljust(size - 2, ".") + '"}').encode()[:size]


def _take(connection: socket.socket, size: int) -> None:
    block = bytearray(1024 * 1024)
    while size > 0:
        taken = connection.recv_into(block, min(len(block), size))
        if not taken:
            raise ConnectionError
        size -= taken


def _echo(connection: socket.socket, size: int) -> None:
    """Send back frames of `size` payload bytes, below 126, until the data ends."""
    while len(frame := connection.recv(size + 6, socket.MSG_WAITALL)) == size + 6:
        connection.sendall(encode(Opcode.TEXT, apply_mask(frame[6:], frame[2:6])))


if __name__ == "__main__":
    main()
