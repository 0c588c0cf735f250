"""This computer's addresses in its networks."""

from __future__ import annotations

import ipaddress

from spacebeam.net.interfaces import ipv6_addresses, network_addresses


def test_loopback_is_no_network_address() -> None:
    for address in network_addresses():
        assert not ipaddress.ip_address(address).is_loopback


def test_ipv6_addresses_are_those_that_other_computers_can_use() -> None:
    listed = """\
fd000000000000000000000000000002 04 40 00 82     eth0
20010db8000000000000000000000007 02 40 00 00    wlan0
20010db800000000aaaaaaaaaaaaaaaa 02 40 00 01    wlan0
20010db800000000bbbbbbbbbbbbbbbb 02 40 00 20    wlan0
20010db800000000cccccccccccccccc 02 40 00 40    wlan0
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""
    assert ipv6_addresses(listed) == ["fd00::2", "2001:db8::7"]
    assert ipv6_addresses("") == []
