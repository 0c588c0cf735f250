"""Each mistake is found at its place, and what is not in use is left in peace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spacebeam.profiles.profile import (
    MAX_PAIRS,
    MAX_TEXT,
    Authentication,
    Profile,
    ProxyUse,
)
from spacebeam.profiles.validation import NOT_KEPT, ValidationError, validate

PASSWORD, BEARER = Authentication.PASSWORD, Authentication.BEARER
IN_HEADER, IN_QUERY = Authentication.KEY_IN_HEADER, Authentication.KEY_IN_QUERY
OWN = {"proxy": ProxyUse.OWN, "proxy_address": "http://p:1"}


def found(**decisions: Any) -> tuple[ValidationError, ...]:
    return validate(Profile(**decisions), lambda path: not path.startswith("/missing"))


@pytest.mark.parametrize(
    "decisions",
    [
        {},
        {"headers": (("A", "b"), ("Cookie", "a=b"), ("Authorization", "x"))},
        {"query": (("a b", "ü"),), "cookies": (("a", "b"),), "subprotocols": ("a", "b")},
        {"authentication": PASSWORD, "user": "ada", "password": ""},
        {"authentication": BEARER, "token": "t", "password": None},
        {"authentication": IN_QUERY, "key_name": "any name", "key_value": "k"},
        {"token": None, "key_value": None, "key_name": ""},
        {"ca_file": "/ca.pem", "certificate_file": "/own.pem", "key_file": "/own.key"},
        {"certificate_password": None},
        {"trusted_sha256": "AB" * 32},
        {"trusted_sha256": ":".join(["ab"] * 32)},
        {"proxy_address": "nonsense", "proxy_password": None},
        {"proxy": ProxyUse.NONE, "proxy_address": "nonsense"},
        {**OWN, "proxy_user": "ada", "proxy_password": ""},
        {"reconnect_first": 99},
        {"reconnect": True, "reconnect_first": 30.0, "reconnect_longest": 30},
    ],
)
def test_nothing_is_found_where_nothing_is_wrong(decisions: dict[str, Any]) -> None:
    assert found(**decisions) == ()


@pytest.mark.parametrize(
    ("decisions", "field", "row", "words"),
    [
        ({"headers": (("A", "b"), ("a b", "c"))}, "headers", 1, "not a header's name"),
        ({"headers": (("", "b"),)}, "headers", 0, "needs a name"),
        ({"headers": (("A", None),)}, "headers", 0, NOT_KEPT),
        ({"headers": (("A", "b\n"),)}, "headers", 0, "control character"),
        ({"headers": (("A", "b" * (MAX_TEXT + 1)),)}, "headers", 0, "16,384 characters"),
        ({"headers": (("Upgrade", "b"),)}, "headers", 0, "belongs to the handshake"),
        ({"headers": (("sec-websocket-protocol", "b"),)}, "headers", 0, "row of their own"),
        ({"headers": (("A", "b"),) * (MAX_PAIRS + 1)}, "headers", MAX_PAIRS, "100 at most"),
        ({"query": (("a", None),)}, "query", 0, NOT_KEPT),
        ({"query": (("a", "\x1b"),)}, "query", 0, "control character"),
        ({"cookies": (("a", "b;c"),)}, "cookies", 0, "semicolon"),
        ({"subprotocols": ("a", "b c")}, "subprotocols", None, "“b c” is not"),
        ({"subprotocols": ("a", "a")}, "subprotocols", None, "once"),
        (
            {"headers": (("cookie", "a=b"),), "cookies": (("c", "d"),)},
            "headers",
            0,
            "cookies below",
        ),
        (
            {"headers": (("authorization", "x"),), "authentication": BEARER, "token": "t"},
            "headers",
            0,
            "Bearer token",
        ),
        (
            {"headers": (("Authorization", "x"),), "authentication": PASSWORD, "user": "a"},
            "headers",
            0,
            "user and the password",
        ),
        (
            {"headers": (("x-api-KEY", "x"),), "authentication": IN_HEADER, "key_value": "k"},
            "headers",
            0,
            "API key",
        ),
        ({"authentication": PASSWORD}, "user", None, "missing"),
        ({"authentication": PASSWORD, "user": "a", "password": None}, "password", None, NOT_KEPT),
        ({"authentication": BEARER}, "token", None, "missing"),
        ({"authentication": BEARER, "token": None}, "token", None, NOT_KEPT),
        ({"authentication": BEARER, "token": "a\nb"}, "token", None, "control character"),
        ({"authentication": IN_HEADER}, "key_value", None, "missing"),
        (
            {"authentication": IN_HEADER, "key_name": "a b", "key_value": "k"},
            "key_name",
            None,
            "not a header's name",
        ),
        (
            {"authentication": IN_QUERY, "key_name": "", "key_value": "k"},
            "key_name",
            None,
            "missing",
        ),
        ({"ca_file": "/missing.pem"}, "ca_file", None, "no such file"),
        ({"certificate_file": "/missing.pem"}, "certificate_file", None, "no such file"),
        ({"key_file": "/own.key"}, "certificate_file", None, "without its certificate"),
        (
            {"certificate_file": "/own.P12", "key_file": "/own.key"},
            "key_file",
            None,
            "has its key",
        ),
        (
            {"certificate_file": "/own.p12", "certificate_password": None},
            "certificate_password",
            None,
            NOT_KEPT,
        ),
        ({"trusted_sha256": "abc"}, "trusted_sha256", None, "64 hexadecimal digits"),
        ({"trusted_sha256": "xy" * 32}, "trusted_sha256", None, "64 hexadecimal digits"),
        ({"proxy": ProxyUse.OWN}, "proxy_address", None, "missing"),
        ({**OWN, "proxy_address": "proxy:3128"}, "proxy_address", None, "begins with"),
        (
            {**OWN, "proxy_address": "ftp://p:1"},
            "proxy_address",
            None,
            "“ftp” is not a proxy scheme",
        ),
        ({**OWN, "proxy_address": "http://"}, "proxy_address", None, "needs a host"),
        ({**OWN, "proxy_address": "http://[p"}, "proxy_address", None, "not an address"),
        ({**OWN, "proxy_address": "http://a:b@p:1"}, "proxy_address", None, "own rows"),
        ({**OWN, "proxy_password": "p"}, "proxy_user", None, "without a user"),
        (
            {**OWN, "proxy_user": "a", "proxy_password": None},
            "proxy_password",
            None,
            NOT_KEPT,
        ),
        (
            {"reconnect": True, "reconnect_first": 31.0, "reconnect_longest": 30},
            "reconnect_first",
            None,
            "longer than the longest",
        ),
    ],
)
def test_a_mistake_is_found_at_its_place(
    decisions: dict[str, Any], field: str, row: int | None, words: str
) -> None:
    (mistake,) = found(**decisions)
    assert (mistake.field, mistake.row) == (field, row)
    assert words in mistake.words


def test_files_are_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    assert validate(Profile(ca_file=str(path)))
    path.touch()
    assert not validate(Profile(ca_file=str(path)))
