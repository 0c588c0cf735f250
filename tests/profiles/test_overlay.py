"""One profile is laid over another."""

from __future__ import annotations

import pytest

from spacebeam.profiles.overlay import overlaid
from spacebeam.profiles.profile import (
    Profile,
    ProxyChoice,
    ProxySettings,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
)

_LOWER = Profile(
    request=RequestSettings(
        headers=(("A", "1"), ("B", "2"), ("Authorization", "Token x")),
        query=(("q", "1"),),
        cookies=(("c", "1"),),
        subprotocols=("one",),
    ),
    sign_in=SignIn(SignInMethod.PASSWORD, user="u", password="p"),
    tls=TlsSettings(verify=False, certificate_file="a.pem", key_file="a.key"),
    proxy=ProxySettings(ProxyChoice.CUSTOM, "http://p:1", "user", "secret"),
)


def test_defaults_change_nothing() -> None:
    assert overlaid(_LOWER, Profile()) == _LOWER
    assert overlaid(Profile(), _LOWER) == _LOWER


def test_headers_replace_those_of_the_same_name_and_parameters_are_added() -> None:
    upper = Profile(
        request=RequestSettings(
            headers=(("a", "3"),), query=(("q", "2"),), cookies=(("d", "1"),), subprotocols=("two",)
        )
    )
    request = overlaid(_LOWER, upper).request
    assert request.headers == (("B", "2"), ("Authorization", "Token x"), ("a", "3"))
    assert request.query == (("q", "1"), ("q", "2"))
    assert request.cookies == (("c", "1"), ("d", "1"))
    assert request.subprotocols == ("two",)


@pytest.mark.parametrize(
    "upper",
    [
        Profile(sign_in=SignIn(SignInMethod.BEARER, token="t")),
        Profile(request=RequestSettings(headers=(("authorization", "Other y"),))),
    ],
)
def test_a_sign_in_replaces_the_other_in_any_form(upper: Profile) -> None:
    found = overlaid(_LOWER, upper)
    assert found.sign_in == upper.sign_in
    assert ("Authorization", "Token x") not in found.request.headers


def test_a_certificate_has_its_own_key_and_a_proxy_its_own_user() -> None:
    upper = Profile(
        tls=TlsSettings(certificate_file="b.pem"), proxy=ProxySettings(ProxyChoice.NONE)
    )
    found = overlaid(_LOWER, upper)
    assert (found.tls.certificate_file, found.tls.key_file) == ("b.pem", "")
    assert not found.tls.verify
    assert found.proxy == ProxySettings(ProxyChoice.NONE)
