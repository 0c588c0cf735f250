"""The pages show only the rows that are in use."""

from __future__ import annotations

import pytest
from gi.repository import Gtk

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
from spacebeam.ui.options.sign_in_page import SignInPage
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
async def test_only_the_fields_of_one_sign_in_method_are_shown(
    kind: SignInMethod, password: bool, token: bool, key: bool
) -> None:
    page = SignInPage()
    page.form.show(Profile(sign_in=SignIn(method=kind)))
    assert visible(page._user, page._password) == [password] * 2
    assert visible(page._token) == [token]
    assert visible(page._key_name, page._key_value) == [key] * 2
    assert visible(page._secrets_label) == [kind is not SignInMethod.NONE]


@pytest.mark.parametrize("use", ProxyChoice)
async def test_only_a_custom_proxy_has_an_address(use: ProxyChoice) -> None:
    page = ProxyPage()
    page.form.show(Profile(proxy=ProxySettings(choice=use)))
    rows = (page._proxy_address, page._proxy_user, page._proxy_password, page._secrets_label)
    assert visible(*rows) == [use is ProxyChoice.CUSTOM] * 4


@pytest.mark.parametrize("is_on", [True, False])
async def test_numbers_are_shown_while_their_switch_is_on(is_on: bool) -> None:
    page = LimitsPage()
    page.form.show(
        Profile(pings=PingSettings(keepalive=is_on), reconnect=Reconnect(enabled=not is_on))
    )
    assert visible(page._ping_interval, page._ping_timeout) == [is_on] * 2
    rows = (page._reconnect_attempts, page._first_delay, page._max_delay)
    assert visible(*rows) == [not is_on] * 3
    request = RequestPage()
    request.form.show(Profile(request=RequestSettings(follow_redirects=is_on)))
    assert visible(request._max_redirects) == [is_on]


@pytest.mark.parametrize("is_recorded", [True, False])
async def test_recording_is_a_switch(is_recorded: bool) -> None:
    page = LimitsPage()
    page.form.show(Profile(record=is_recorded))
    assert page._record.active is is_recorded
    page._record.active = not is_recorded
    assert page.form.read(Profile()).record is not is_recorded


@pytest.mark.parametrize("verify", [True, False])
async def test_an_unchecked_certificate_shows_a_warning(verify: bool) -> None:
    page = TlsPage()
    page.form.show(Profile(tls=TlsSettings(verify=verify)))
    assert visible(page._warning_label) == [not verify]


async def test_a_trusted_fingerprint_can_be_removed() -> None:
    page = TlsPage()
    assert visible(page._stop_trusting_button) == [False]
    page.form.show(Profile(tls=TlsSettings(trusted_sha256="ab" * 32)))
    assert visible(page._stop_trusting_button) == [True]
    changes = Heard(page._trusted_sha256, "changed")
    click(page._stop_trusting_button)
    assert changes
    assert page.form.read(Profile()).tls.trusted_sha256 == ""
