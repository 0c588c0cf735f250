"""This computer's addresses in its networks."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import socket
import struct
from pathlib import Path

_SIOCGIFADDR = 0x8915  # Linux, netdevice(7)
_IPV6 = Path("/proc/net/if_inet6")  # Linux
_GLOBAL = 0  # the scope of unique local addresses too
# Temporary, optimistic, failed, deprecated, tentative (linux/if_addr.h)
_UNFIT = 0x01 | 0x04 | 0x08 | 0x20 | 0x40
_ANY_REMOTE = ("192.0.2.1", 9)  # for documentation (RFC 5737); nothing is sent to it


def network_addresses() -> list[str]:
    """Return the addresses of all network interfaces but loopback: the usual one, IPv4, IPv6."""
    found = dict.fromkeys(filter(None, (_usual_address(), *map(_address, _names()))))
    listed = ""
    with contextlib.suppress(OSError):
        listed = _IPV6.read_text(encoding="ascii")
    return [*(one for one in found if not one.startswith("127.")), *ipv6_addresses(listed)]


def ipv6_addresses(listed: str) -> list[str]:
    """Return the addresses in a text like /proc/net/if_inet6 that other computers can use.

    Not those that need a zone, change every day, or are not in use yet or any more.
    """
    found = []
    for line in listed.splitlines():
        digits, _index, _prefix, scope, flags, *_name = line.split()
        if int(scope, 16) == _GLOBAL and not int(flags, 16) & _UNFIT:
            found.append(str(ipaddress.IPv6Address(int(digits, 16))))
    return found


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
