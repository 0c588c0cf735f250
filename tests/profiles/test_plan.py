"""Every decision reaches the wire, value by value, and only what is in use does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionLimits
from spacebeam.net.options import DIRECT, HandshakeOptions, TlsOptions
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import Authentication, Profile, ProxyUse
from spacebeam.protocol.endpoint import parse
from spacebeam.protocol.lifecycle import Keepalive

ENDPOINT = parse("wss://one.test/feed?a=1")
MIB = 1024 * 1024


def plan(**decisions: Any) -> ConnectionPlan:
    return plan_for(ENDPOINT, Profile(**decisions))


def test_without_a_decision_all_is_as_the_wire_has_it() -> None:
    assert plan() == ConnectionPlan(ENDPOINT, HandshakeOptions(), ConnectionLimits())


@pytest.mark.parametrize(
    ("decisions", "options"),
    [
        ({"headers": (("A", "b"),)}, {"headers": (("A", "b"),)}),
        ({"subprotocols": ("a", "b")}, {"subprotocols": ("a", "b")}),
        ({"cookies": (("a", "b"),)}, {"cookies": (("a", "b"),)}),
        ({"compression": False}, {"compression": False}),
        ({"max_redirects": 3}, {"max_redirects": 3}),
        ({"max_redirects": 3, "follow_redirects": False}, {"max_redirects": 0}),
        ({"connect_time": 30}, {"time_limit": 30}),
        (
            {"authentication": Authentication.PASSWORD, "user": "ada", "password": "p"},
            {"user": "ada", "password": "p"},
        ),
        ({"user": "ada", "password": "p", "token": None}, {}),
        (
            {"authentication": Authentication.BEARER, "token": "t", "headers": (("A", "b"),)},
            {"headers": (("A", "b"), ("Authorization", "Bearer t"))},
        ),
        (
            {
                "authentication": Authentication.KEY_IN_HEADER,
                "key_name": "X-K",
                "key_value": "k",
            },
            {"headers": (("X-K", "k"),), "secret_names": frozenset({"x-k"})},
        ),
        ({"proxy": ProxyUse.NONE, "proxy_address": "http://p:1"}, {"proxy": DIRECT}),
        ({"proxy_address": "http://p:1", "proxy_password": None}, {}),
        ({"proxy": ProxyUse.OWN, "proxy_address": " http://p:1"}, {"proxy": "http://p:1"}),
        (
            {
                "proxy": ProxyUse.OWN,
                "proxy_address": "socks5://p:1",
                "proxy_user": "a:d@a",
                "proxy_password": "p/@ü",
            },
            {"proxy": "socks5://a%3Ad%40a:p%2F%40%C3%BC@p:1"},
        ),
        ({"verify": False}, {"tls": TlsOptions(verify=False)}),
        ({"ca_file": "/ca.pem"}, {"tls": TlsOptions(ca_file="/ca.pem")}),
        ({"trusted_sha256": "AB:cd"}, {"tls": TlsOptions(trusted_sha256="AB:cd")}),
        (
            {"certificate_file": "/own.pem", "key_file": "/own.key"},
            {"tls": TlsOptions(certificate_file="/own.pem", key_file="/own.key")},
        ),
        (
            {"certificate_file": "/own.p12", "certificate_password": "p"},
            {"tls": TlsOptions(certificate_file="/own.p12", password="p")},
        ),
        ({"certificate_password": None}, {}),
    ],
)
def test_a_decision_about_the_handshake_becomes_an_option(
    decisions: dict[str, Any], options: dict[str, Any]
) -> None:
    assert plan(**decisions) == ConnectionPlan(ENDPOINT, replace(HandshakeOptions(), **options))


def test_query_parameters_are_added_to_the_address() -> None:
    assert plan(query=(("b c", "2"),)).endpoint.resource == "/feed?a=1&b%20c=2"
    with_key = plan(
        query=(("b", "2"),),
        authentication=Authentication.KEY_IN_QUERY,
        key_name="key",
        key_value="k&",
    )
    assert with_key.endpoint.resource == "/feed?a=1&b=2"
    assert with_key.options.secret_query == (("key", "k&"),)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ({"max_message": 2}, {"limits": ConnectionLimits(max_message=2 * MIB)}),
        ({"close_time": 2}, {"limits": ConnectionLimits(close_time=2)}),
        ({"keepalive_interval": 3}, {}),
        (
            {"keepalive": True, "keepalive_interval": 3, "keepalive_limit": 4},
            {"keepalive": Keepalive(3, 4)},
        ),
        ({"reconnect_attempts": 3}, {}),
        (
            {
                "reconnect": True,
                "reconnect_attempts": 3,
                "reconnect_first": 0.5,
                "reconnect_longest": 9,
            },
            {"backoff": Backoff(3, first=0.5, longest=9)},
        ),
    ],
)
def test_a_decision_about_the_connection_is_part_of_the_plan(
    decisions: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert plan(**decisions) == replace(ConnectionPlan(ENDPOINT), **expected)
