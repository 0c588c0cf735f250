"""Handshake options, and those that are carried to another host by a redirect."""

from __future__ import annotations

import dataclasses

import pytest

from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import (
    AwsOptions,
    HandshakeOptions,
    TlsOptions,
    bearer,
    with_api_key,
    with_query,
)
from spacebeam.protocol.endpoint import parse

EVERYTHING = HandshakeOptions(
    headers=(("User-Agent", "mine"), ("Authorization", "Bearer t"), ("X-Api-Key", "k")),
    subprotocols=("chat",),
    time_limit=3,
    compression=False,
    user="ada",
    password="secret",
    cookies=(("session", "s"),),
    cookie_jar=CookieJar(),
    secret_query=(("key", "k"),),
    secret_names=frozenset({"key"}),
    max_redirects=2,
    proxy="http://proxy:3128",
    is_private=True,
    aws=AwsOptions("key", "secret"),
    tls=TlsOptions(False, "ca.pem", "ab", "own.pem", "own.key", "word"),
)


def test_secrets_are_removed_for_another_host() -> None:
    carried = EVERYTHING.for_other_host()
    assert carried.headers == (("User-Agent", "mine"),)
    assert (carried.user, carried.password, carried.cookies) == (None, None, ())
    assert carried.secret_query == ()
    assert carried.tls == TlsOptions(False, "ca.pem", "ab")


def test_other_options_are_kept_for_another_host() -> None:
    carried = EVERYTHING.for_other_host()
    # The jar itself selects the cookies of a host.
    retained = (
        "subprotocols",
        "time_limit",
        "compression",
        "cookie_jar",
        "max_redirects",
        "proxy",
        "is_private",
    )
    for name in retained:
        assert getattr(carried, name) == getattr(EVERYTHING, name)
    secret = {
        "headers",
        "user",
        "password",
        "cookies",
        "secret_query",
        "secret_names",
        "tls",
        "aws",
    }
    assert carried.aws is None
    assert {one.name for one in dataclasses.fields(HandshakeOptions)} == secret | set(retained)


@pytest.mark.parametrize(
    ("offered", "carried"),
    [
        (
            ("base64url.bearer.authorization.k8s.io.c2Vj", "v4.channel.k8s.io"),
            ("v4.channel.k8s.io",),
        ),
        (("graphql-ws", "access_token", "abc"), ("graphql-ws", "access_token")),
        (("abc.eyJhbGciOi.eyJzdWIiOi.x",), ()),
    ],
)
def test_tokens_among_the_subprotocols_are_removed_for_another_host(
    offered: tuple[str, ...], carried: tuple[str, ...]
) -> None:
    assert HandshakeOptions(subprotocols=offered).for_other_host().subprotocols == carried


def test_a_token_is_sent_in_the_authorization_header() -> None:
    assert bearer("abc.def") == ("Authorization", "Bearer abc.def")


def test_an_api_key_is_sent_in_a_header_or_in_the_query() -> None:
    options = HandshakeOptions(headers=(("A", "b"),))
    assert with_api_key(options, "X-Api-Key", "k").headers == (("A", "b"), ("X-Api-Key", "k"))
    assert with_api_key(options, "key", "k", in_query=True) == HandshakeOptions(
        headers=(("A", "b"),), secret_query=(("key", "k"),), secret_names=frozenset({"key"})
    )


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("ws://h/feed", "ws://h/feed?api%20key=a%26b&q=%C3%BC"),
        ("ws://h/feed?x=1", "ws://h/feed?x=1&api%20key=a%26b&q=%C3%BC"),
    ],
)
def test_query_parameters_are_added_encoded(address: str, url: str) -> None:
    parameters = (("api key", "a&b"), ("q", "ü"))
    assert with_query(parse(address), parameters).url == url
    assert with_query(parse(address), ()).url == address
