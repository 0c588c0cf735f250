"""Every value of a profile reaches net, and only the values that are in use do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import DIRECT, ConnectionLimits, HandshakeOptions, TlsOptions
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import (
    Limits,
    PingSettings,
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
)
from spacebeam.protocol.endpoint import parse
from spacebeam.protocol.lifecycle import Keepalive

ENDPOINT = parse("wss://one.test/feed?a=1")
CUSTOM = ProxyChoice.CUSTOM


def options(profile: Profile) -> HandshakeOptions:
    """Return the handshake's options of a profile that changes nothing else in the plan."""
    plan = plan_for(ENDPOINT, profile)
    assert plan == replace(ConnectionPlan(ENDPOINT), options=plan.options)
    return plan.options


def test_the_default_profile_has_the_defaults_of_net() -> None:
    assert plan_for(ENDPOINT, Profile()) == ConnectionPlan(ENDPOINT)


@pytest.mark.parametrize(
    ("request_settings", "expected"),
    [
        (RequestSettings(headers=(("A", "b"),)), {"headers": (("A", "b"),)}),
        (RequestSettings(subprotocols=("a", "b")), {"subprotocols": ("a", "b")}),
        (RequestSettings(cookies=(("a", "b"),)), {"cookies": (("a", "b"),)}),
        (RequestSettings(compression=False), {"compression": False}),
        (RequestSettings(max_redirects=3), {"max_redirects": 3}),
        (RequestSettings(max_redirects=3, follow_redirects=False), {"max_redirects": 0}),
    ],
)
def test_a_request_is_planned(request_settings: RequestSettings, expected: dict[str, Any]) -> None:
    assert options(Profile(request=request_settings)) == HandshakeOptions(**expected)


@pytest.mark.parametrize("save", [True, False])
def test_cookies_are_saved_in_the_jar_or_not_at_all(save: bool) -> None:
    jar = CookieJar()
    profile = Profile(request=RequestSettings(save_cookies=save))
    assert plan_for(ENDPOINT, profile, jar).options.cookie_jar is (jar if save else None)


def test_query_parameters_are_added_to_the_address() -> None:
    plan = plan_for(ENDPOINT, Profile(request=RequestSettings(query=(("b c", "2"),))))
    assert plan.endpoint.resource == "/feed?a=1&b%20c=2"
    assert plan.typed_endpoint == ENDPOINT


@pytest.mark.parametrize(
    ("sign_in", "expected"),
    [
        (
            SignIn(SignInMethod.PASSWORD, user="ada", password="p"),
            {"user": "ada", "password": "p"},
        ),
        (SignIn(user="ada", password="p", token=None), {}),
        (
            SignIn(SignInMethod.BEARER, token="t"),
            {"headers": (("A", "b"), ("Authorization", "Bearer t"))},
        ),
        (
            SignIn(SignInMethod.KEY_IN_HEADER, key_name="X-K", key_value="k"),
            {"headers": (("A", "b"), ("X-K", "k")), "secret_names": frozenset({"x-k"})},
        ),
        (
            SignIn(SignInMethod.KEY_IN_QUERY, key_name="key", key_value="k&"),
            {"secret_query": (("key", "k&"),), "secret_names": frozenset({"key"})},
        ),
    ],
)
def test_only_the_credentials_of_the_method_are_sent(
    sign_in: SignIn, expected: dict[str, Any]
) -> None:
    headers = (("A", "b"),)
    profile = Profile(request=RequestSettings(headers=headers), sign_in=sign_in)
    assert options(profile) == HandshakeOptions(**({"headers": headers} | expected))


def test_further_credentials_are_sent_as_well() -> None:
    profile = Profile(
        sign_in=SignIn(SignInMethod.PASSWORD, user="ada", password="p"),
        other_sign_ins=(
            SignIn(SignInMethod.BEARER, token="t"),
            SignIn(SignInMethod.KEY_IN_QUERY, key_name="a", key_value="1"),
            SignIn(SignInMethod.KEY_IN_QUERY, key_name="b", key_value="2"),
        ),
    )
    assert options(profile) == HandshakeOptions(
        headers=(("Authorization", "Bearer t"),),
        user="ada",
        password="p",
        secret_query=(("a", "1"), ("b", "2")),
        secret_names=frozenset({"a", "b"}),
    )


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (ProxySettings(ProxyChoice.NONE, "http://p:1"), DIRECT),
        (ProxySettings(address="http://p:1", password=None), None),
        (ProxySettings(CUSTOM, " http://p:1"), "http://p:1"),
        (ProxySettings(CUSTOM, "p:1", user="a", password="b"), "http://a:b@p:1"),
        (
            ProxySettings(CUSTOM, "socks5://p:1", user="a:d@a", password="p/@ü"),
            "socks5://a%3Ad%40a:p%2F%40%C3%BC@p:1",
        ),
    ],
)
def test_a_proxy_is_planned(proxy: ProxySettings, expected: str | None) -> None:
    assert options(Profile(proxy=proxy)) == HandshakeOptions(proxy=expected)


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        (TlsSettings(verify=False), TlsOptions(verify=False)),
        (TlsSettings(ca_file="/ca.pem"), TlsOptions(ca_file="/ca.pem")),
        (TlsSettings(trusted_sha256="AB:cd"), TlsOptions(trusted_sha256="AB:cd")),
        (
            TlsSettings(certificate_file="/own.pem", key_file="/own.key"),
            TlsOptions(certificate_file="/own.pem", key_file="/own.key"),
        ),
        (
            TlsSettings(certificate_file="/own.p12", certificate_password="p"),
            TlsOptions(certificate_file="/own.p12", password="p"),
        ),
        (TlsSettings(certificate_password=None, key_file="/own.key"), TlsOptions()),
    ],
)
def test_tls_options_are_planned(tls: TlsSettings, expected: TlsOptions) -> None:
    assert options(Profile(tls=tls)) == HandshakeOptions(tls=expected)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (
            Profile(limits=Limits(connect_timeout=30)),
            {"options": HandshakeOptions(time_limit=30)},
        ),
        (
            Profile(limits=Limits(max_message=2_000_000)),
            {"limits": ConnectionLimits(max_message=2_000_000)},
        ),
        (Profile(limits=Limits(check_text=False)), {"limits": ConnectionLimits(checks_text=False)}),
        (Profile(limits=Limits(close_timeout=2)), {"limits": ConnectionLimits(close_time=2)}),
        (Profile(pings=PingSettings(interval=3)), {}),
        (Profile(pings=PingSettings(answer=False)), {"answers_pings": False}),
        (
            Profile(pings=PingSettings(keepalive=True, interval=3, timeout=4)),
            {"keepalive": Keepalive(3, 4)},
        ),
        (Profile(reconnect=Reconnect(attempts=3)), {}),
        (
            Profile(reconnect=Reconnect(True, attempts=3, first_delay=0.5, max_delay=9)),
            {"backoff": Backoff(3, first=0.5, longest=9)},
        ),
        (
            Profile(record=False),
            {"is_private": True, "options": HandshakeOptions(is_private=True)},
        ),
    ],
)
def test_limits_pings_and_reconnecting_are_planned(
    profile: Profile, expected: dict[str, Any]
) -> None:
    assert plan_for(ENDPOINT, profile) == replace(ConnectionPlan(ENDPOINT), **expected)
