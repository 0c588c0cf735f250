"""Values of options: an error names the value and says what is expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click import BadParameter

from spacebeam.cli.options import values


@pytest.mark.parametrize(
    ("read", "value", "wanted"),
    [
        (values.header, "X-Token: a b ", ("X-Token", "a b")),
        (values.header, "X-Empty:", ("X-Empty", "")),
        (values.header, "X-Time:12:30", ("X-Time", "12:30")),
        (values.cookie, "a=b=c", (("a", "b=c"),)),
        (values.cookie, "a=b; c=d ;", (("a", "b"), ("c", "d"))),
        (values.count, "1", 1),
        (values.seconds, "0.5", 0.5),
        (values.size, "1", 1),
        (values.size, "65536", 65536),
        (values.size, "64k", 65536),
        (values.size, "64M", 64 * 2**20),
        (values.size, "3G", 3 * 2**30),
        (values.port, "0", 0),
        (values.port, "65535", 65535),
        (values.host, "localhost", "localhost"),
        (values.host, "::1", "::1"),
        (values.text, "“ü”", "“ü”"),
    ],
)
def test_a_valid_value_is_parsed(read: Callable[[str], Any], value: str, wanted: object) -> None:
    assert read(value) == wanted


def test_an_address_is_parsed() -> None:
    assert values.endpoint("localhost:8000/a").url == "ws://localhost:8000/a"


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (values.endpoint, "ftp://example.org", "“ftp” is not a scheme"),
        (values.endpoint, "ws://h/\udcff", "not UTF-8"),
        (values.header, "no colon", "A header is written “Name: value”."),
        (values.pair, "=b", "A name and a value are written NAME=VALUE."),
        (values.cookie, "a=b; c", "A name and a value are written NAME=VALUE."),
        (values.count, "0", "“0” is not a number of messages above 0."),
        (values.count, "-1", "“-1”"),
        (values.count, "9" * 5000, "not a number of messages"),
        (values.count, "²", "“²”"),
        (values.size, "0", "“0” is not a size. Write a number of bytes, or 64K, 64M or 1G"),
        (values.size, "4G", "“4G” is not a size"),
        (values.size, "3221225473", "at most 3G"),
        (values.size, "9" * 5000, "is not a size"),
        (values.size, "1.5G", "“1.5G” is not a size"),
        (values.size, "64\u212a", "is not a size"),  # a Kelvin sign
        (values.size, "64MB", "“64MB” is not a size"),
        (values.size, "-1", "“-1” is not a size"),
        (values.seconds, "0", "“0” is not a number of seconds above 0."),
        (values.seconds, "inf", "“inf”"),
        (values.seconds, "nan", "“nan”"),
        (values.seconds, "soon", "“soon”"),
        (values.port, "65536", "a port is a number from 0 to 65535"),
        (values.port, "http", "“http” is not a port"),
        (values.host, "example.org", "“example.org” is not an IP address"),
        (values.text, "\udcff", "The value is not UTF-8."),
        (values.new_recording, "", "A recording needs a file."),
        (values.new_recording, "-", "A recording needs a file."),
    ],
)
def test_an_invalid_value_is_refused(read: Callable[[str], Any], value: str, message: str) -> None:
    with pytest.raises(BadParameter) as raised:
        read(value)
    assert message in str(raised.value)
