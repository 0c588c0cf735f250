"""The pages show the rows that matter, and nothing of what is not in use."""

from __future__ import annotations

import pytest
from gi.repository import Gtk
from spacebeam.ui.options.authentication_page import AuthenticationPage

from spacebeam.profiles.profile import (
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
from spacebeam.ui.options.limits_page import LimitsPage
from spacebeam.ui.options.proxy_page import ProxyPage
from spacebeam.ui.options.request_page import RequestPage
from spacebeam.ui.options.tls_page import TlsPage
from tests.ui.doing import Heard, click


def visible(*rows: Gtk.Widget) -> list[bool]:
    return [row.get_visible() for row in rows]


@pytest.mark.parametrize(
    ("kind", "password", "token", "key"),
    [
        (SignInMethod.NONE, False, False, False),
        (SignInMethod.PASSWORD, True, False, False),
        (SignInMethod.BEARER, False, True, False),
        (SignInMethod.KEY_IN_HEADER, False, False, True),
        (SignInMethod.KEY_IN_QUERY, False, False, True),
    ],
)
async def test_only_one_way_to_say_who_one_is_is_shown(
    kind: SignInMethod, password: bool, token: bool, key: bool
) -> None:
    page = AuthenticationPage()
    page.form.show(Profile(sign_in=SignIn(method=kind)))
    assert visible(page._user, page._password) == [password] * 2
    assert visible(page._token) == [token]
    assert visible(page._key_name, page._key_value) == [key] * 2
    assert visible(page._kept_label) == [kind is not SignInMethod.NONE]


@pytest.mark.parametrize("use", ProxyChoice)
async def test_a_proxys_address_is_asked_for_where_there_is_one(use: ProxyChoice) -> None:
    page = ProxyPage()
    page.form.show(Profile(proxy=ProxySettings(choice=use)))
    rows = (page._proxy_address, page._proxy_user, page._proxy_password, page._kept_label)
    assert visible(*rows) == [use is ProxyChoice.CUSTOM] * 4


@pytest.mark.parametrize("is_on", [True, False])
async def test_numbers_are_shown_where_what_they_are_about_is_on(is_on: bool) -> None:
    page = LimitsPage()
    page.form.show(
        Profile(pings=PingSettings(keepalive=is_on), reconnect=Reconnect(enabled=not is_on))
    )
    assert visible(page._keepalive_interval, page._keepalive_limit) == [is_on] * 2
    rows = (page._reconnect_attempts, page._reconnect_first, page._reconnect_longest)
    assert visible(*rows) == [not is_on] * 3
    request = RequestPage()
    request.form.show(Profile(request=RequestSettings(follow_redirects=is_on)))
    assert visible(request._max_redirects) == [is_on]


@pytest.mark.parametrize("is_kept", [True, False])
async def test_whether_a_recording_is_kept_is_a_switch(is_kept: bool) -> None:
    page = LimitsPage()
    page.form.show(Profile(record=is_kept))
    assert page._keeps_recording.active is is_kept
    page._keeps_recording.active = not is_kept
    assert page.form.read(Profile()).keeps_recording is not is_kept


@pytest.mark.parametrize("verify", [True, False])
async def test_a_certificate_that_is_not_checked_is_warned_of(verify: bool) -> None:
    page = TlsPage()
    page.form.show(Profile(tls=TlsSettings(verify=verify)))
    assert visible(page._warning_label) == [not verify]


async def test_a_trusted_fingerprint_can_be_taken_away() -> None:
    page = TlsPage()
    assert visible(page._forget_button) == [False]
    page.form.show(Profile(tls=TlsSettings(trusted_sha256="ab" * 32)))
    assert visible(page._forget_button) == [True]
    changes = Heard(page._trusted_sha256, "changed")
    click(page._forget_button)
    assert changes
    assert page.form.read(Profile()).trusted_sha256 == ""
