"""This computer's addresses in its networks."""

from __future__ import annotations

import ipaddress

from spacebeam.net.interfaces import network_addresses


def test_loopback_is_no_network_address() -> None:
    for address in network_addresses():
        assert not ipaddress.ip_address(address).is_loopback
