"""Packet captures of a WebSocket, made byte by byte: in any form, with any damage."""

from __future__ import annotations

import struct
from base64 import b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha1
from ipaddress import ip_address
from typing import Literal

from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frames import Role, encode

BEGAN = 1_700_000_000.25
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = b64encode(sha1(KEY.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
MASK = b"\x11\x22\x33\x44"
FIN, SYN, RST, ACK = 1, 2, 4, 16

Order = Literal["<", ">"]
LINKS = {
    "ethernet": 1,
    "vlan": 1,
    "null": 0,
    "loop": 108,
    "raw": 101,
    "cooked": 113,
    "cooked 2": 276,
}


@dataclass(frozen=True)
class Sent:
    """A TCP segment; `captured` bytes of its payload are in the file."""

    is_client: bool
    number: int
    acknowledged: int
    flags: int
    payload: bytes = b""
    time: float = BEGAN
    captured: int | None = None


def request(target: str = "/feed?a=1", extensions: str = "", **more: str) -> bytes:
    """Return a request for a WebSocket."""
    headers = {"Host": "h.example", "Upgrade": "websocket", "Connection": "Upgrade"}
    headers |= {"Sec-WebSocket-Key": KEY, **more}
    if extensions:
        headers["Sec-WebSocket-Extensions"] = extensions
    return _head(f"GET {target} HTTP/1.1", headers)


def answer(status: str = "101 Switching Protocols", extensions: str = "") -> bytes:
    """Return the answer to it."""
    headers = {"Upgrade": "websocket", "Sec-WebSocket-Accept": ACCEPT}
    if extensions:
        headers["Sec-WebSocket-Extensions"] = extensions
    return _head(f"HTTP/1.1 {status}", headers)


def _head(first: str, headers: dict[str, str]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


@dataclass
class Conversation:
    """Makes the segments of a connection; each has its time, a tenth of a second later."""

    client_start: int = 0xFFFFFF00  # so that the numbers wrap
    server_start: int = 77
    segments: list[Sent] = field(default_factory=list)
    _at: dict[bool, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._at = {True: self.client_start, False: self.server_start}

    def shake(self) -> None:
        """Open the TCP connection."""
        self.add(True, b"", SYN)
        self.add(False, b"", SYN | ACK)

    def open(self, extensions: str = "", after_answer: bytes = b"") -> None:
        """Open the WebSocket."""
        self.shake()
        self.client(request(extensions=extensions))
        self.server(answer(extensions=extensions) + after_answer)

    def client(self, payload: bytes) -> Sent:
        return self.add(True, payload)

    def server(self, payload: bytes) -> Sent:
        return self.add(False, payload)

    def end(self) -> None:
        """Close the TCP connection."""
        self.add(True, b"", FIN | ACK)
        self.add(False, b"", FIN | ACK)
        self.add(True, b"")

    def add(self, is_client: bool, payload: bytes, flags: int = ACK) -> Sent:
        sent = Sent(
            is_client,
            self._at[is_client],
            self._at[not is_client],
            flags,
            payload,
            BEGAN + len(self.segments) / 10,
        )
        self._at[is_client] += len(payload) + bool(flags & (SYN | FIN))
        self.segments.append(sent)
        return sent

    def lose(self, sent: Sent) -> None:
        """Leave a segment out of the capture."""
        self.segments.remove(sent)

    def cut(self, sent: Sent, captured: int) -> None:
        """Capture only some bytes of a segment's payload."""
        self.segments[self.segments.index(sent)] = replace(sent, captured=captured)


@dataclass(frozen=True)
class Form:
    """How a capture is written."""

    file: Literal["pcapng", "pcap"] = "pcapng"
    order: Order = "<"
    link: str = "ethernet"
    is_ipv6: bool = False
    is_nano: bool = False

    def write(self, segments: list[Sent], ports: tuple[int, int] = (50000, 80)) -> bytes:
        """Return the file."""
        packets = [(one.time, *_cut(self._packet(one, ports), one)) for one in segments]
        if self.file == "pcap":
            return self._pcap(packets)
        return self._pcapng(packets)

    def _pcap(self, packets: list[tuple[float, bytes, int]]) -> bytes:
        magic = 0xA1B23C4D if self.is_nano else 0xA1B2C3D4
        parts = [struct.pack(f"{self.order}IHHiIII", magic, 2, 4, 0, 0, 65535, LINKS[self.link])]
        for time, data, length in packets:
            unit = 1e9 if self.is_nano else 1e6
            fraction = round(time % 1 * unit)
            head = struct.pack(f"{self.order}IIII", int(time), fraction, len(data), length)
            parts.append(head + data)
        return b"".join(parts)

    def _pcapng(self, packets: list[tuple[float, bytes, int]]) -> bytes:
        options = struct.pack(f"{self.order}HHB3x", 9, 1, 9) if self.is_nano else b""
        link = struct.pack(f"{self.order}HHI", LINKS[self.link], 0, 0)
        parts = [self.section(), self.block(1, link + options)]
        for time, data, length in packets:
            parts.append(self.packet_block(time, data, length))
        return b"".join(parts)

    def section(self) -> bytes:
        """Return the block that begins a section."""
        return self.block(0x0A0D0D0A, struct.pack(f"{self.order}IHHq", 0x1A2B3C4D, 1, 0, -1))

    def packet_block(self, time: float, data: bytes, length: int) -> bytes:
        """Return an enhanced packet block."""
        ticks = round(time * (1e9 if self.is_nano else 1e6))
        head = struct.pack(f"{self.order}5I", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(data), length)
        return self.block(6, head + data)

    def block(self, kind: int, body: bytes) -> bytes:
        """Return a block of pcapng."""
        body += bytes(-len(body) % 4)
        size = struct.pack(f"{self.order}I", len(body) + 12)
        return struct.pack(f"{self.order}I", kind) + size + body + size

    def _packet(self, one: Sent, ports: tuple[int, int]) -> bytes:
        source, target = ports if one.is_client else ports[::-1]
        tcp = struct.pack(
            ">HHIIBBHHH4x",
            source,
            target,
            one.number % 2**32,
            one.acknowledged % 2**32,
            6 << 4,
            one.flags,
            1000,
            0,
            0,
        )
        addresses = ("2001:db8::1", "2001:db8::2") if self.is_ipv6 else ("10.0.0.1", "10.0.0.2")
        first, second = (ip_address(text).packed for text in addresses)
        ends = first + second if one.is_client else second + first
        segment = tcp + one.payload
        if self.is_ipv6:  # with an extension header, as the kernel may add one
            head = struct.pack(">IHBB", 6 << 28, len(segment) + 8, 60, 64) + ends
            segment = bytes((6, 0, 1, 4, 0, 0, 0, 0)) + segment
        else:
            length = 20 + len(segment)
            head = struct.pack(">BBHHHBBH", 0x45, 0, length, 0, 0x4000, 64, 6, 0) + ends
        return self._link_head() + head + segment

    def _link_head(self) -> bytes:
        protocol = struct.pack(">H", 0x86DD if self.is_ipv6 else 0x0800)
        family = 30 if self.is_ipv6 else 2
        return {
            "ethernet": bytes(12) + protocol,
            "vlan": bytes(12) + b"\x88\xa8\x00\x01\x81\x00\x00\x02" + protocol,
            "null": struct.pack("<I", family),
            "loop": struct.pack(">I", family),
            "raw": b"",
            "cooked": bytes(14) + protocol,
            "cooked 2": protocol + bytes(18),
        }[self.link]


def _cut(packet: bytes, one: Sent) -> tuple[bytes, int]:
    if one.captured is None:
        return packet, len(packet)
    return packet[: len(packet) - len(one.payload) + one.captured], len(packet)


def sent(payload: bytes, opcode: int = 1) -> bytes:
    """Return a frame of the client."""
    return encode(opcode, payload, MASK)


def received(payload: bytes, opcode: int = 1) -> bytes:
    """Return a frame of the server."""
    return encode(opcode, payload)


def deflater(role: Role) -> Deflate:
    """Return what compresses the frames of one side."""
    return Deflate(Agreement(), role)
