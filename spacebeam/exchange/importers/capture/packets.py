"""Reads the packets of a pcapng or pcap file, one by one.

Our own reader, as the packages for it have had no release since 2022, read blocks of any size that
a header claims, and stop at a broken one without its place. Formats: draft-ietf-opsawg-pcapng and
draft-ietf-opsawg-pcap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct
from typing import BinaryIO, Literal, NamedTuple

from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.exchange.losses import Loss, Losses

PCAPNG = b"\x0a\x0d\x0d\x0a"
_ORDER_MAGIC = 0x1A2B3C4D
_PCAP_MAGICS = {0xA1B2C3D4: 1e-6, 0xA1B23C4D: 1e-9}  # with the unit of their times in seconds
PCAP = tuple(magic.to_bytes(4, order) for magic in _PCAP_MAGICS for order in ("big", "little"))
_MAX_BLOCK = 16 * 2**20  # bytes, as in Wireshark
_MAX_INTERFACES = 4096  # of a section
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET, _SECRETS = 1, 2, 3, 6, 10
_RESOLUTION, _OFFSET = 9, 14  # options of an interface
_MICROSECOND = 1e-6

Order = Literal["<", ">"]


class Packet(NamedTuple):
    """A captured packet."""

    time: float | None  # Unix time in seconds
    link: int  # type of the link, as in https://www.tcpdump.org/linktypes.html
    data: bytes  # may be cut by the capturing program


@dataclass(slots=True)
class _Interface:
    link: int
    snap_length: int  # bytes of a packet that were captured; 0 without a limit
    unit: float = _MICROSECOND  # of its times, in seconds
    offset: int = 0  # seconds that are added to its times


@dataclass(slots=True)
class _Section:
    order: Order
    interfaces: list[_Interface] = field(default_factory=list)


class _Bytes:
    """The file, and the place in it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.at = 0  # offset of the next byte

    def take(self, size: int) -> bytes:
        """Return exactly `size` bytes. Raises ImportFileError."""
        data = self.some(size)
        if len(data) < size:
            raise ImportFileError(ImportFault.CUT_OFF, offset=self.at)
        return data

    def some(self, size: int) -> bytes:
        """Return `size` bytes, or fewer at the end of the file."""
        data = bytearray()
        while len(data) < size and (piece := self._file.read(size - len(data))):
            data += piece
        self.at += len(data)
        return bytes(data)


def packets(file: BinaryIO, losses: Losses) -> Iterator[Packet]:
    """Yield the packets of a file. Raises ImportFileError."""
    content = _Bytes(file)
    magic = content.take(4)
    return _pcapng(content, losses) if magic == PCAPNG else _pcap(content, magic)


# pcap


def _pcap(content: _Bytes, magic: bytes) -> Iterator[Packet]:
    is_big = int.from_bytes(magic, "big") in _PCAP_MAGICS
    unit = _PCAP_MAGICS.get(int.from_bytes(magic, "big" if is_big else "little"))
    if unit is None:
        raise ImportFileError(ImportFault.OTHER_SHAPE)
    order = ">" if is_big else "<"
    *_version, link = Struct(f"{order}HHiIII").unpack(content.take(20))
    head = Struct(f"{order}IIII")
    while True:
        at = content.at
        data = content.some(head.size)
        if not data:
            return
        if len(data) < head.size:
            raise ImportFileError(ImportFault.CUT_OFF, offset=content.at)
        seconds, fraction, size, _length = head.unpack(data)
        if size > _MAX_BLOCK:
            raise ImportFileError(ImportFault.OTHER_SHAPE, offset=at)
        yield Packet(seconds + fraction * unit, link & 0xFFFF, content.take(size))


# pcapng


def _pcapng(content: _Bytes, losses: Losses) -> Iterator[Packet]:
    section = _Section("<")
    kind = PCAPNG  # type of the block, as it is in the file
    while kind:
        at = content.at - 4
        if kind == PCAPNG:
            section = _new_section(content, at)
        elif len(kind) < 4:
            raise ImportFileError(ImportFault.CUT_OFF, offset=content.at)
        else:
            body = _body(content, section.order, at)
            found = _taken(Struct(f"{section.order}I").unpack(kind)[0], body, section, at, losses)
            if found is not None:
                yield found
        kind = content.some(4)


def _new_section(content: _Bytes, at: int) -> _Section:
    size, magic = content.take(4), content.take(4)
    order: Order
    if int.from_bytes(magic, "little") == _ORDER_MAGIC:
        order = "<"
    elif int.from_bytes(magic, "big") == _ORDER_MAGIC:
        order = ">"
    else:
        raise ImportFileError(ImportFault.OTHER_SHAPE, offset=at)
    _rest(content, size, order, at, 12)
    return _Section(order)


def _body(content: _Bytes, order: Order, at: int) -> bytes:
    return _rest(content, content.take(4), order, at, 8)


def _rest(content: _Bytes, size: bytes, order: Order, at: int, taken: int) -> bytes:
    """Return a block's bytes after the first `taken`, without its length, which ends it."""
    length = Struct(f"{order}I").unpack(size)[0]
    if length < taken + 4 or length > _MAX_BLOCK or length % 4:
        raise ImportFileError(ImportFault.OTHER_SHAPE, offset=at)
    data = content.take(length - taken)
    if data[-4:] != size:
        raise ImportFileError(ImportFault.OTHER_SHAPE, offset=at)
    return data[:-4]


def _taken(kind: int, body: bytes, section: _Section, at: int, losses: Losses) -> Packet | None:
    """Return the packet in a block, if it is one; take what the other blocks say of packets."""
    order = section.order
    if kind == _INTERFACE and len(body) >= 8 and len(section.interfaces) < _MAX_INTERFACES:
        section.interfaces.append(_interface(body, order))
    elif kind == _SECRETS:
        losses[Loss.TLS_SECRETS] += 1
    elif kind == _PACKET and len(body) >= 20:
        number, high, low, size, _length = Struct(f"{order}5I").unpack_from(body)
        interface = _of(section, number, at)
        time = (high << 32 | low) * interface.unit + interface.offset
        return Packet(time, interface.link, body[20 : 20 + size])
    elif kind == _OLD_PACKET and len(body) >= 20:
        number, _drops, high, low, size, _length = Struct(f"{order}HH4I").unpack_from(body)
        interface = _of(section, number, at)
        time = (high << 32 | low) * interface.unit + interface.offset
        return Packet(time, interface.link, body[20 : 20 + size])
    elif kind == _SIMPLE_PACKET and len(body) >= 4:
        interface = _of(section, 0, at)
        size = Struct(f"{order}I").unpack_from(body)[0]
        return Packet(None, interface.link, body[4 : 4 + min(size, interface.snap_length or size)])
    return None


def _of(section: _Section, number: int, at: int) -> _Interface:
    if number >= len(section.interfaces):
        raise ImportFileError(ImportFault.OTHER_SHAPE, offset=at)
    return section.interfaces[number]


def _interface(body: bytes, order: Order) -> _Interface:
    link, _reserved, snap_length = Struct(f"{order}HHI").unpack_from(body)
    found = _Interface(link, snap_length)
    at = 8
    option = Struct(f"{order}HH")
    while at + option.size <= len(body):
        code, size = option.unpack_from(body, at)
        value = body[at + 4 : at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
        if code == 0:
            break
        if code == _RESOLUTION and size == 1 and len(value) == 1:
            found.unit = 2.0 ** -(value[0] & 0x7F) if value[0] & 0x80 else 10.0 ** -value[0]
        elif code == _OFFSET and size == 8 and len(value) == 8:
            found.offset = Struct(f"{order}q").unpack(value)[0]
    return found
