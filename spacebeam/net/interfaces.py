"""This computer's addresses in its networks."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct

_SIOCGIFADDR = 0x8915  # Linux, netdevice(7)
_ANY_REMOTE = ("192.0.2.1", 9)  # for documentation (RFC 5737); nothing is sent to it


def network_addresses() -> list[str]:
    """Return the IPv4 addresses of all network interfaces but loopback, the usual one first."""
    found = dict.fromkeys(filter(None, (_usual_address(), *map(_address, _names()))))
    return [one for one in found if not one.startswith("127.")]


def _names() -> list[str]:
    with contextlib.suppress(OSError):
        return [name for _index, name in socket.if_nameindex()]
    return []


def _usual_address() -> str:
    """Return the address from which most of the internet would be reached, or ""."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_ANY_REMOTE)
        return str(probe.getsockname()[0])
    return ""


def _address(interface: str) -> str:
    """Return an interface's first address; "" if it has none."""
    request = struct.pack("256s", interface.encode()[:15])
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return socket.inet_ntoa(fcntl.ioctl(asked.fileno(), _SIOCGIFADDR, request)[20:24])
    return ""
