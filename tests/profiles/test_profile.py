"""The options of a connection: to JSON without a secret, and back from whatever is there."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.profiles.profile import (
    BOUNDS,
    MAX_PAIRS,
    MAX_TEXT,
    SECRETS,
    Authentication,
    Profile,
    ProxyUse,
    from_json,
    is_secret,
    without_userinfo,
)

# Every field with another value than its default, and no secret.
CHANGED = Profile(
    headers=(("X-Client", "mine"), ("Origin", "https://one.test")),
    query=(("symbol", "BTC"),),
    subprotocols=("chat", "graphql-ws"),
    keep_cookies=False,
    compression=False,
    follow_redirects=False,
    max_redirects=3,
    authentication=Authentication.KEY_IN_QUERY,
    user="ada",
    key_name="api",
    verify=False,
    ca_file="/tmp/ca.pem",
    certificate_file="/tmp/own.p12",
    key_file="/tmp/own.key",
    trusted_sha256="ab" * 32,
    proxy=ProxyUse.OWN,
    proxy_address="socks5://proxy:1080",
    proxy_user="grace",
    connect_time=30,
    close_time=2,
    max_message=128,
    keepalive=True,
    keepalive_interval=7,
    keepalive_limit=3,
    answers_pings=False,
    reconnect=True,
    reconnect_attempts=4,
    reconnect_first=0.5,
    keeps_recording=False,
    reconnect_longest=90,
)
_SECRET = "hunter2"
WITH_SECRETS = replace(
    CHANGED,
    cookies=(("id", _SECRET),),
    headers=(("Authorization", _SECRET), ("X-Other", f"Bearer {_SECRET}"), ("X-API-Key", _SECRET)),
    query=(("access_token", _SECRET), ("symbol", "BTC")),
    proxy_address=f"http://ada:{_SECRET}@proxy:3128",
    password=_SECRET,
    token=_SECRET,
    key_value=_SECRET,
    certificate_password=_SECRET,
    proxy_password=_SECRET,
)


def through_a_file(settings: Profile) -> Profile:
    return from_json(json.loads(json.dumps(settings.as_json())))


def test_what_was_decided_comes_back() -> None:
    assert through_a_file(CHANGED) == CHANGED


@pytest.mark.parametrize("name", [one.name for one in fields(Profile) if one.name not in SECRETS])
def test_each_decision_comes_back_by_itself(name: str) -> None:
    if name != "cookies":
        value = getattr(CHANGED, name)
        assert value != getattr(Profile(), name)
        one = replace(Profile(), **{name: value})
        assert list(one.as_json()) == [name]
        assert through_a_file(one) == one


def test_the_defaults_take_no_room() -> None:
    assert Profile().as_json() == {}
    assert through_a_file(Profile()) == Profile()


def test_no_secret_is_written_down() -> None:
    assert _SECRET not in json.dumps(WITH_SECRETS.as_json())


def test_of_a_secret_it_is_known_that_there_was_one() -> None:
    back = through_a_file(WITH_SECRETS)
    assert [getattr(back, name) for name in sorted(SECRETS)] == [None] * len(SECRETS)
    assert back.cookies == (("id", None),)
    assert back.headers == (("Authorization", None), ("X-Other", None), ("X-API-Key", None))
    assert back.query == (("access_token", None), ("symbol", "BTC"))
    assert through_a_file(back) == back


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", "x", True),
        ("Proxy-Authorization", "x", True),
        ("Cookie", "x", True),
        ("X-API-Key", "x", True),
        ("key", "x", True),
        ("sessionId", "x", True),
        ("X-Anything", "bearer x", True),
        ("X-Client", "x", False),
        ("Origin", "https://one.test", False),
        ("keyword", "x", False),
        ("X-Client", None, True),
    ],
)
def test_names_and_values_that_let_somebody_in_are_known(
    name: str, value: str | None, expected: bool
) -> None:
    assert is_secret("headers", name, value) is expected
    assert is_secret("cookies", name, value) is True


@pytest.mark.parametrize("text", ["ada:word@", "ada:w/o@rd@", "ada:a?b#c@", "@"])
def test_user_and_password_are_taken_out_of_an_address(text: str) -> None:
    assert without_userinfo(f"http://{text}h:1/p") == "http://h:1/p"
    assert without_userinfo(f"{text}h:1") == "h:1"


@pytest.mark.parametrize("address", ["http://h:1", "h:1", "socks5://[::1]:1/", ""])
def test_an_address_without_a_user_stays_as_it_is(address: str) -> None:
    assert without_userinfo(address) == address


@pytest.mark.parametrize("values", [None, [], "words", 7, {"unknown": 1}, {}])
def test_what_are_no_options_are_the_defaults(values: object) -> None:
    assert from_json(values) == Profile()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("compression", 1),
        ("verify", "false"),
        ("verify", None),
        ("authentication", "magic"),
        ("authentication", ["none"]),
        ("proxy", 0),
        ("user", 7),
        ("user", "x" * (MAX_TEXT + 1)),
        ("user", "half \ud800"),
        ("user", "a\0b"),
        ("password", "written by hand"),
        ("headers", {"a": "b"}),
        ("subprotocols", "chat"),
        ("connect_time", 0),
        ("connect_time", 1e9),
        ("connect_time", 2.5),
        ("connect_time", True),
        ("reconnect_first", float("nan")),
        ("reconnect_first", "1"),
    ],
)
def test_a_value_that_does_not_fit_is_left_at_its_default(name: str, value: object) -> None:
    read = from_json({name: value, "close_time": 9})
    assert read == Profile(close_time=9)


def test_of_lists_what_fits_is_taken() -> None:
    pairs = [["a", "b"], ["a"], ["a", 7], [7, "b"], "ab", None, ["c", "\ud800"], ["d", None]]
    assert from_json({"headers": pairs}).headers == (("a", "b"), ("d", None))
    assert from_json({"subprotocols": ["a", 7, None, "b"]}).subprotocols == ("a", "b")


def test_lists_are_bounded() -> None:
    assert len(from_json({"query": [["a", "b"]] * 999}).query) == MAX_PAIRS
    assert len(from_json({"subprotocols": ["a"] * 999}).subprotocols) == MAX_PAIRS


def test_the_defaults_are_within_their_bounds() -> None:
    for name, (least, most) in BOUNDS.items():
        assert least <= getattr(Profile(), name) <= most


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys((one.name for one in fields(Profile)), json_values)
    )
)
def test_whatever_a_file_holds_the_options_can_be_written_again(values: object) -> None:
    read = from_json(values)
    # A person may have written there what signs in; it is not written again.
    assert through_a_file(read) == replace(read, proxy_address=without_userinfo(read.proxy_address))
