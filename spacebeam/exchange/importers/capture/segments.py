"""Finds the TCP segment in a packet, below the headers of the link and of IP."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from spacebeam.exchange.importers.capture.packets import Packet
from spacebeam.exchange.losses import Loss, Losses

FIN, SYN, RST, ACK = 1, 2, 4, 16
_ETHERNET, _NULL, _LOOP, _COOKED, _COOKED_2 = 1, 0, 108, 113, 276
_RAW = (12, 14, 101, 228, 229)
_VLANS = (0x8100, 0x88A8, 0x9100)
_IP = (0x0800, 0x86DD)
_TCP, _FRAGMENT, _AUTHENTICATION = 6, 44, 51
_EXTENSIONS = (0, 43, 60, 135, _FRAGMENT, _AUTHENTICATION)  # of IPv6, which stand before TCP
_TCP_HEAD = Struct(">HHIIBB")
_TCP_MIN_HEAD = 20  # bytes

End = tuple[bytes, int]  # an address of IPv4 or IPv6, and a port


class Segment(NamedTuple):
    """A TCP segment."""

    source: End
    target: End
    number: int  # sequence number of its first byte
    acknowledged: int
    flags: int
    payload: bytes
    size: int  # of the payload on the wire; the payload may be cut


class _Datagram(NamedTuple):
    source: bytes
    target: bytes
    data: bytes  # a TCP segment
    size: int  # bytes of it on the wire


def segment(packet: Packet, losses: Losses) -> Segment | None:
    """Return the TCP segment of a packet; None if it has another protocol or is cut too short."""
    start = _ip_start(packet)
    if start is None:
        losses[Loss.OTHER_LINKS] += 1
        return None
    data = packet.data[start:]
    version = data[0] >> 4 if data else 0
    found = _ipv4(data, losses) if version == 4 else _ipv6(data, losses) if version == 6 else None
    if found is None or len(found.data) < _TCP_MIN_HEAD:
        return None
    source, target, number, acknowledged, offset, flags = _TCP_HEAD.unpack_from(found.data)
    size = (offset >> 4) * 4
    if size < _TCP_MIN_HEAD or size > found.size:
        return None
    return Segment(
        (found.source, source),
        (found.target, target),
        number,
        acknowledged if flags & ACK else -1,
        flags,
        found.data[size:],
        found.size - size,
    )


def _ip_start(packet: Packet) -> int | None:
    """Return where the IP header begins; the end without one, None for a link that is not read."""
    link, data = packet.link, packet.data
    if link in _RAW:
        return 0
    if link in (_NULL, _LOOP):
        return 4
    if link == _ETHERNET:
        at = 12
    elif link == _COOKED:
        at = 14
    elif link == _COOKED_2:
        return 20 if int.from_bytes(data[:2], "big") in _IP else len(data)
    else:
        return None
    protocol = int.from_bytes(data[at : at + 2], "big")
    while protocol in _VLANS:
        at += 4
        protocol = int.from_bytes(data[at : at + 2], "big")
    return at + 2 if protocol in _IP else len(data)


def _ipv4(data: bytes, losses: Losses) -> _Datagram | None:
    head = (data[0] & 15) * 4
    if head < 20 or len(data) < head or data[9] != _TCP:
        return None
    if int.from_bytes(data[6:8], "big") & 0x3FFF:  # more fragments follow, or it is a later one
        losses[Loss.IP_FRAGMENTS] += 1
        return None
    # With segmentation offload the length may not fit, and is 0.
    length = int.from_bytes(data[2:4], "big") or len(data)
    return _Datagram(data[12:16], data[16:20], data[head:length], length - head)


def _ipv6(data: bytes, losses: Losses) -> _Datagram | None:
    length = int.from_bytes(data[4:6], "big") + 40
    if length == 40:  # a jumbogram, or segmentation offload
        length = len(data)
    if len(data) < 40:
        return None
    kind, at = data[6], 40
    while kind in _EXTENSIONS and at + 8 <= len(data):
        if kind == _FRAGMENT and int.from_bytes(data[at + 2 : at + 4], "big") & 0xFFF9:
            losses[Loss.IP_FRAGMENTS] += 1
            return None
        size = 8 if kind == _FRAGMENT else (data[at + 1] + 1) * 8
        if kind == _AUTHENTICATION:
            size = (data[at + 1] + 2) * 4
        kind, at = data[at], at + size
    if kind != _TCP:
        return None
    return _Datagram(data[8:24], data[24:40], data[at:length], length - at)
