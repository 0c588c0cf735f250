"""The line on the first screen says what is special, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from spacebeam.profiles.profile import Authentication, Profile, ProxyUse
from spacebeam.profiles.summary import summary


@pytest.mark.parametrize(
    ("decisions", "line"),
    [
        ({}, ""),
        ({"user": "ada", "token": "t", "keepalive_limit": 3, "proxy_address": "x"}, ""),
        (
            {
                "headers": (("a", "b"), ("c", "d")),
                "authentication": Authentication.BEARER,
                "proxy": ProxyUse.OWN,
            },
            "2 headers · Bearer · proxy",
        ),
        (
            {"query": (("a", "b"),), "subprotocols": ("a", "b"), "cookies": (("a", "b"),)},
            "1 parameter · 2 subprotocols · 1 cookie",
        ),
        ({"keeps_recording": False, "reconnect": True}, "not recorded · reconnects"),
        ({"verify": False, "compression": False}, "certificate not checked · no compression"),
        ({"follow_redirects": False, "max_redirects": 3}, "no redirects"),
        ({"max_redirects": 1}, "1 redirect"),
        ({"authentication": Authentication.PASSWORD}, "password"),
        ({"authentication": Authentication.KEY_IN_QUERY}, "API key"),
        (
            {"trusted_sha256": "ab", "ca_file": "a", "certificate_file": "b"},
            "trusted certificate · own authority · client certificate",
        ),
        ({"proxy": ProxyUse.NONE}, "no proxy"),
        ({"keepalive": True, "reconnect": True}, "keepalive · reconnects"),
        ({"max_message": 1}, "limits"),
        ({"answers_pings": False, "close_time": 1}, "limits"),
    ],
)
def test_what_differs_is_said_in_a_line(decisions: dict[str, Any], line: str) -> None:
    assert summary(Profile(**decisions)) == line


def test_nothing_secret_is_said() -> None:
    settings = Profile(
        headers=(("X", "hunter2"),), token="hunter2", authentication=Authentication.BEARER
    )
    assert "hunter2" not in summary(settings)
