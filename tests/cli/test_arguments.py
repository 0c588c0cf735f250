"""Arguments: what is wrong with one is said in words that name it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import pytest

from spacebeam.cli import arguments


@pytest.mark.parametrize(
    ("read", "value", "wanted"),
    [
        (arguments.header, "X-Token: a b ", ("X-Token", "a b")),
        (arguments.header, "X-Empty:", ("X-Empty", "")),
        (arguments.header, "X-Time:12:30", ("X-Time", "12:30")),
        (arguments.subprotocol, "graphql-ws", "graphql-ws"),
        (arguments.count, "1", 1),
        (arguments.seconds, "0.5", 0.5),
        (arguments.size, "1", 1),
        (arguments.size, "65536", 65536),
        (arguments.size, "64k", 65536),
        (arguments.size, "64M", 64 * 2**20),
        (arguments.size, "3G", 3 * 2**30),
        (arguments.port, "0", 0),
        (arguments.port, "65535", 65535),
        (arguments.host, "localhost", "localhost"),
        (arguments.host, "::1", "::1"),
        (arguments.text, "“ü”", "“ü”"),
    ],
)
def test_a_good_value(read: Callable[[str], Any], value: str, wanted: object) -> None:
    assert read(value) == wanted


def test_an_address() -> None:
    assert arguments.endpoint("localhost:8000/a").url == "ws://localhost:8000/a"


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (arguments.endpoint, "ftp://example.org", "“ftp” is not a scheme"),
        (arguments.endpoint, "ws://h/\udcff", "not UTF-8"),
        (arguments.header, "no colon", "“no colon” is not a header; write “Name: value”."),
        (arguments.header, "a b: c", "“a b” is not a header's name."),
        (arguments.header, ": c", "“” is not a header's name."),
        (arguments.header, "A: b\r\nC: d", "control character"),
        (arguments.header, "Sec-WebSocket-Key: x", "belongs to the handshake"),
        (arguments.header, "Upgrade: h2c", "belongs to the handshake"),
        (arguments.header, "Sec-WebSocket-Protocol: x", "--subprotocol"),
        (arguments.subprotocol, "a,b", "“a,b” is not a subprotocol's name."),
        (arguments.subprotocol, "", "“” is not a subprotocol's name."),
        (arguments.count, "0", "“0” is not a number of messages above 0."),
        (arguments.count, "-1", "“-1”"),
        (arguments.count, "9" * 5000, "not a number of messages"),
        (arguments.count, "²", "“²”"),
        (arguments.size, "0", "“0” is not a size; write bytes, or as in 64K, 64M or 1G"),
        (arguments.size, "4G", "“4G” is not a size"),
        (arguments.size, "3221225473", "up to 3G"),
        (arguments.size, "9" * 5000, "is not a size"),
        (arguments.size, "1.5G", "“1.5G” is not a size"),
        (arguments.size, "64\u212a", "is not a size"),  # a Kelvin sign
        (arguments.size, "64MB", "“64MB” is not a size"),
        (arguments.size, "-1", "“-1” is not a size"),
        (arguments.seconds, "0", "“0” is not a number of seconds above 0."),
        (arguments.seconds, "inf", "“inf”"),
        (arguments.seconds, "nan", "“nan”"),
        (arguments.seconds, "soon", "“soon”"),
        (arguments.port, "65536", "a port is a number from 0 to 65535"),
        (arguments.port, "http", "“http” is not a port"),
        (arguments.host, "example.org", "“example.org” is not an IP address"),
        (arguments.text, "\udcff", "“?” is not UTF-8."),
        (arguments.new_recording, "\udcff", "“?” is not UTF-8."),
        (arguments.new_recording, "-", "A recording needs a file."),
    ],
)
def test_a_bad_value(read: Callable[[str], Any], value: str, message: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as raised:
        read(value)
    assert message in str(raised.value)
