"""Recordings of connections whose messages have several payloads."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterable
from itertools import accumulate

from spacebeam.protocol.batch import Batch, Direction, Kind, single
from spacebeam.recording.recording import Recording
from tests.decode.transcripts import Transcript

SOCKET_IO = "ws://localhost/socket.io/?EIO=4&transport=websocket"
DISCORD = "ws://localhost/?v=10&encoding=json&compress=zlib-stream"
EVENT = b'452-["files",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'

Payload = tuple[Direction, Kind, bytes]


def connected(address: str, subprotocol: str = "") -> Recording:
    """Return a recording without a message so far."""
    recording = Recording()
    recording.set_fact("address", address)
    recording.add_handshake(json.dumps({"url": address, "subprotocol": subprotocol}))
    return recording


def recorded(address: str, payloads: Iterable[Payload], subprotocol: str = "") -> Recording:
    """Return a recording of these payloads."""
    recording = connected(address, subprotocol)
    for place, (direction, kind, payload) in enumerate(payloads):
        recording.append(single(1000.0 + place, direction, kind, payload))
    return recording


def text(payload: bytes, direction: Direction = Direction.RECEIVED) -> Payload:
    return direction, Kind.TEXT, payload


def binary(payload: bytes, direction: Direction = Direction.RECEIVED) -> Payload:
    return direction, Kind.BINARY, payload


def repeated(payload: bytes, count: int) -> Batch:
    """Return the same text message many times."""
    ends = array("I", accumulate([len(payload)] * count))
    starts = array("I", (0, *ends[:-1]))
    kinds = bytes((Kind.TEXT,)) * count
    return Batch(1000.0, Direction.RECEIVED, payload * count, kinds, starts, ends, {})


def played(name: str) -> Recording:
    """Return a recording of a transcript."""
    lines = list(Transcript(name).lines())
    directions = {"sent": Direction.SENT, "received": Direction.RECEIVED}
    kinds = {"text": Kind.TEXT, "binary": Kind.BINARY}
    context = lines[0].context
    payloads = [
        (directions[one.context.direction], kinds[one.context.kind], one.payload) for one in lines
    ]
    return recorded(context.endpoint, payloads, context.subprotocol)


def compressed(count: int) -> list[Payload]:
    """Return messages “EVENT_0”, “EVENT_1” and so on in one zlib stream."""
    packer = zlib.compressobj()
    made = []
    for number in range(count):
        part = packer.compress(json.dumps({"op": 0, "t": f"EVENT_{number}"}).encode())
        made.append(binary(part + packer.flush(zlib.Z_SYNC_FLUSH)))
    return made
