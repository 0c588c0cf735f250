"""Profiles as JSON: written without secrets, read from whatever a file contains."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.profiles.profile import (
    DEFAULTS,
    MAX_PAIRS,
    MAX_TEXT,
    MIB,
    SECRETS,
    Limits,
    Profile,
    RequestSettings,
    value_at,
    with_values,
)
from spacebeam.profiles.saved_profile import from_json, to_json, without_credentials
from spacebeam.profiles.validation import Problem, validate
from tests.profiles.examples import CHANGED, SECRET, WITH_SECRETS

# CHANGED as it was written when the fields had no groups.
# Those that never were without groups.
NEWER = ("save_secrets", "aws.", "oauth.", "protocol.", "schemas.", "limits.check_text")
WITHOUT_GROUPS = {
    "headers": [["X-Client", "mine"], ["Origin", "https://one.test"]],
    "query": [["symbol", "BTC"]],
    "subprotocols": ["chat", "graphql-ws"],
    "keep_cookies": False,
    "compression": False,
    "follow_redirects": False,
    "max_redirects": 3,
    "authentication": "key in the query",
    "user": "ada",
    "key_name": "api",
    "verify": False,
    "ca_file": "/tmp/ca.pem",
    "certificate_file": "/tmp/own.p12",
    "key_file": "/tmp/own.key",
    "trusted_sha256": "ab" * 32,
    "proxy": "own",
    "proxy_address": "socks5://proxy:1080",
    "proxy_user": "grace",
    "connect_time": 30,
    "close_time": 2,
    "max_message": 128,
    "keepalive": True,
    "keepalive_interval": 7,
    "keepalive_limit": 3,
    "answers_pings": False,
    "reconnect": True,
    "reconnect_attempts": 4,
    "reconnect_first": 0.5,
    "reconnect_longest": 90,
    "keeps_recording": False,
}


def through_a_file(profile: Profile) -> Profile:
    return from_json(json.loads(json.dumps(to_json(profile))))


def nested(path: str, value: object) -> dict[str, Any]:
    group, _, name = path.rpartition(".")
    return {group: {name: value}} if group else {name: value}


def test_a_profile_is_read_as_it_was_written() -> None:
    assert through_a_file(CHANGED) == CHANGED


@pytest.mark.parametrize("path", sorted(set(DEFAULTS) - SECRETS - {"request.cookies"}))
def test_each_changed_value_is_written(path: str) -> None:
    value = value_at(CHANGED, path)
    assert value != DEFAULTS[path]
    profile = with_values(Profile(), {path: value})
    (written,) = to_json(profile).items()
    assert written[0] == path.partition(".")[0]
    assert through_a_file(profile) == profile


def test_default_values_are_not_written() -> None:
    assert to_json(Profile()) == {}
    assert through_a_file(Profile()) == Profile()


def test_a_profile_without_groups_is_read() -> None:
    newer = {path: value for path, value in DEFAULTS.items() if path.startswith(NEWER)}
    assert from_json(WITHOUT_GROUPS) == with_values(CHANGED, newer)


def test_secrets_of_a_profile_without_groups_are_known_to_be_missing() -> None:
    names = ("password", "token", "key_value", "certificate_password", "proxy_password")
    read = from_json({"cookies": [["id", None]], **dict.fromkeys(names)})
    assert read.request.cookies == (("id", None),)
    secrets = [path for path in sorted(SECRETS) if not path.startswith(NEWER)]
    assert [value_at(read, path) for path in secrets] == [None] * len(names)


def test_no_secret_is_written() -> None:
    assert SECRET not in json.dumps(to_json(WITH_SECRETS))


def test_a_missing_secret_is_known_to_be_missing() -> None:
    read = through_a_file(WITH_SECRETS)
    assert [value_at(read, path) for path in sorted(SECRETS)] == [None] * len(SECRETS)
    assert read.request.cookies == (("id", None),)
    assert read.request.headers == (
        ("Authorization", None),
        ("X-Other", None),
        ("X-API-Key", None),
    )
    assert read.request.query == (("access_token", None), ("symbol", "BTC"))
    assert through_a_file(read) == read


@pytest.mark.parametrize("text", ["ada:word@", "ada:w/o@rd@", "ada:a?b#c@", "@"])
def test_credentials_are_removed_from_an_address(text: str) -> None:
    assert without_credentials(f"http://{text}h:1/p") == "http://h:1/p"
    assert without_credentials(f"{text}h:1") == "h:1"


@pytest.mark.parametrize("address", ["http://h:1", "h:1", "socks5://[::1]:1/", ""])
def test_an_address_without_credentials_is_unchanged(address: str) -> None:
    assert without_credentials(address) == address


@pytest.mark.parametrize(
    "values", [None, [], "words", 7, {}, {"unknown": 1}, {"tls": {"unknown": 1}}, {"x": {"y": 1}}]
)
def test_unknown_values_are_ignored(values: object) -> None:
    assert from_json(values) == Profile()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("request", 7),
        ("request.compression", 1),
        ("tls.verify", "false"),
        ("tls.verify", None),
        ("sign_in.method", "magic"),
        ("sign_in.method", ["none"]),
        ("proxy.choice", 0),
        ("sign_in.user", 7),
        ("sign_in.user", "x" * (MAX_TEXT + 1)),
        ("sign_in.user", "half \ud800"),
        ("sign_in.user", "a\0b"),
        ("sign_in.password", "written by hand"),
        ("request.headers", {"a": "b"}),
        ("request.subprotocols", "chat"),
        ("limits.connect_timeout", 0),
        ("limits.connect_timeout", 1e9),
        ("limits.connect_timeout", 2.5),
        ("limits.connect_timeout", True),
        ("limits.max_message", 64),
        ("reconnect.first_delay", float("nan")),
        ("reconnect.first_delay", "1"),
        ("record", 0),
    ],
)
def test_an_invalid_value_is_left_at_its_default(path: str, value: object) -> None:
    values = {"close_time": 9, **nested(path, value)}
    assert from_json(values) == Profile(limits=Limits(close_timeout=9))


@pytest.mark.parametrize("values", [{"proxy": {"choice": "tor"}}, {"proxy": "tor"}])
def test_of_an_unknown_proxy_the_address_is_asked_for(values: object) -> None:
    errors = validate(from_json(values))
    assert [(one.path, one.problem) for one in errors] == [("proxy.address", Problem.PROXY_MISSING)]


@pytest.mark.parametrize("value", ["64", True, 0, 901, None])
def test_an_invalid_message_size_in_mib_is_left_at_its_default(value: object) -> None:
    assert from_json({"max_message": value}) == Profile()
    assert from_json({"max_message": 900}).limits.max_message == 900 * MIB


def test_the_valid_items_of_a_list_are_read() -> None:
    pairs = [["a", "b"], ["a"], ["a", 7], [7, "b"], "ab", None, ["c", "\ud800"], ["d", None]]
    values = {"request": {"headers": pairs, "subprotocols": ["a", 7, None, "b"]}}
    assert from_json(values).request == RequestSettings(
        headers=(("a", "b"), ("d", None)), subprotocols=("a", "b")
    )


def test_lists_have_a_maximum_length() -> None:
    values = {"request": {"query": [["a", "b"]] * 999, "subprotocols": ["a"] * 999}}
    request = from_json(values).request
    assert len(request.query) == len(request.subprotocols) == MAX_PAIRS


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*DEFAULTS, *WITHOUT_GROUPS]), json_values))
def test_any_profile_that_was_read_can_be_written(values: dict[str, object]) -> None:
    content: dict[str, Any] = {}
    for path, value in values.items():
        group, _, name = path.rpartition(".")
        inner = content.setdefault(group, {}) if group else content
        if isinstance(inner, dict):
            inner[name] = value
    read = from_json(content)
    # Credentials that were typed into the file are not written again.
    address = without_credentials(read.proxy.address)
    assert through_a_file(read) == with_values(read, {"proxy.address": address})
