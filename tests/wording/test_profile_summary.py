"""The line on the first screen names what differs from the defaults, and nothing else."""

from __future__ import annotations

import pytest

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
from spacebeam.wording.profile_summary import summary

A = (("a", "b"),)


@pytest.mark.parametrize(
    ("profile", "line"),
    [
        (Profile(), ""),
        (
            Profile(
                sign_in=SignIn(user="ada", token="t"),
                pings=PingSettings(timeout=3),
                proxy=ProxySettings(address="x"),
            ),
            "",
        ),
        (
            Profile(
                request=RequestSettings(headers=(*A, ("c", "d"))),
                sign_in=SignIn(SignInMethod.BEARER),
                proxy=ProxySettings(ProxyChoice.CUSTOM),
            ),
            "2 headers · Bearer · proxy",
        ),
        (
            Profile(request=RequestSettings(query=A, subprotocols=("a", "b"), cookies=A)),
            "1 parameter · 2 subprotocols · 1 cookie",
        ),
        (Profile(record=False, reconnect=Reconnect(True)), "not recorded · reconnects"),
        (
            Profile(tls=TlsSettings(verify=False), request=RequestSettings(compression=False)),
            "certificate not checked · no compression",
        ),
        (Profile(request=RequestSettings(save_cookies=False)), "cookies not saved"),
        (
            Profile(request=RequestSettings(follow_redirects=False, max_redirects=3)),
            "no redirects",
        ),
        (Profile(request=RequestSettings(max_redirects=1)), "1 redirect"),
        (Profile(sign_in=SignIn(SignInMethod.PASSWORD)), "password"),
        (Profile(sign_in=SignIn(SignInMethod.KEY_IN_QUERY)), "API key"),
        (
            Profile(tls=TlsSettings(trusted_sha256="ab", ca_file="a", certificate_file="b")),
            "trusted certificate · custom authorities · client certificate",
        ),
        (Profile(proxy=ProxySettings(ProxyChoice.NONE)), "no proxy"),
        (
            Profile(pings=PingSettings(keepalive=True), reconnect=Reconnect(True)),
            "keepalive · reconnects",
        ),
        (Profile(limits=Limits(max_message=1)), "limits"),
        (Profile(pings=PingSettings(answer=False), limits=Limits(close_timeout=1)), "limits"),
    ],
)
def test_the_line_names_what_differs(profile: Profile, line: str) -> None:
    assert summary(profile) == line


def test_the_line_has_no_secret() -> None:
    profile = Profile(
        request=RequestSettings(headers=(("X", "hunter2"),)),
        sign_in=SignIn(SignInMethod.BEARER, token="hunter2"),
    )
    assert "hunter2" not in summary(profile)
