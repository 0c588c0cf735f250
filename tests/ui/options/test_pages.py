"""The pages show only the rows that are in use."""

from __future__ import annotations

import pytest

from spacebeam.profiles.profile import (
    Limits,
    PingSettings,
    Profile,
    ProtocolSettings,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
    TlsSettings,
)
from spacebeam.ui.options.limits_page import LimitsPage
from spacebeam.ui.options.proxy_page import ProxyPage
from spacebeam.ui.options.request_page import RequestPage
from spacebeam.ui.options.sign_in_page import SignInPage
from spacebeam.ui.options.tls_page import TlsPage
from tests.ui.doing import Heard, click
from tests.ui.pageobjects.options import TITLES, SectionPage


@pytest.mark.parametrize(
    ("method", "password", "token", "key"),
    [
        (SignInMethod.NONE, False, False, False),
        (SignInMethod.PASSWORD, True, False, False),
        (SignInMethod.BEARER, False, True, False),
        (SignInMethod.KEY_IN_HEADER, False, False, True),
        (SignInMethod.KEY_IN_QUERY, False, False, True),
    ],
)
async def test_only_the_fields_of_one_sign_in_method_are_shown(
    method: SignInMethod, password: bool, token: bool, key: bool
) -> None:
    widget = SignInPage()
    page = SectionPage(widget)
    widget.form.show(Profile(sign_in=SignIn(method=method)))
    assert page.shows("User", "Password") == [password] * 2
    assert page.shows("Token") == [token]
    assert page.shows("Key name", "Key") == [key] * 2
    assert page.tells_of_secrets is (method is not SignInMethod.NONE)


@pytest.mark.parametrize("protocol", SpokenProtocol)
async def test_only_some_protocols_have_data_of_their_own_sign_in(protocol: SpokenProtocol) -> None:
    widget = RequestPage()
    widget.form.show(Profile(protocol=ProtocolSettings(protocol)))
    page = SectionPage(widget)
    with_data = (
        SpokenProtocol.SOCKET_IO,
        SpokenProtocol.GRAPHQL,
        SpokenProtocol.GRAPHQL_WS,
        SpokenProtocol.PHOENIX,
    )
    assert page.shows("Sign-in data, an object of JSON") == [protocol in with_data]
    assert page.shows("Topic to join") == [protocol is SpokenProtocol.PHOENIX]


@pytest.mark.parametrize("choice", ProxyChoice)
async def test_only_a_custom_proxy_has_an_address(choice: ProxyChoice) -> None:
    widget = ProxyPage()
    page = SectionPage(widget)
    widget.form.show(Profile(proxy=ProxySettings(choice=choice)))
    is_custom = choice is ProxyChoice.CUSTOM
    assert page.shows("Address", "User", "Password") == [is_custom] * 3
    assert page.tells_of_secrets is is_custom


@pytest.mark.parametrize("is_on", [True, False])
async def test_numbers_are_shown_while_their_switch_is_on(is_on: bool) -> None:
    limits, request = LimitsPage(), RequestPage()
    limits.form.show(
        Profile(pings=PingSettings(keepalive=is_on), reconnect=Reconnect(enabled=not is_on))
    )
    page = SectionPage(limits)
    assert page.shows("Ping interval", "Ping timeout") == [is_on] * 2
    rows = ("Maximum attempts", "First delay", "Longest delay")
    assert page.shows(*rows) == [not is_on] * 3
    request.form.show(Profile(request=RequestSettings(follow_redirects=is_on)))
    assert SectionPage(request).shows("Maximum redirects") == [is_on]


@pytest.mark.parametrize("is_recorded", [True, False])
async def test_recording_is_a_switch(is_recorded: bool) -> None:
    widget = LimitsPage()
    page = SectionPage(widget)
    widget.form.show(Profile(record=is_recorded))
    assert page.is_switched_on("Record messages") is is_recorded
    page.switch("Record messages")
    assert widget.form.read(Profile()).record is not is_recorded


@pytest.mark.parametrize("is_checked", [True, False])
async def test_refusing_invalid_text_is_a_switch(is_checked: bool) -> None:
    widget = LimitsPage()
    page = SectionPage(widget)
    widget.form.show(Profile(limits=Limits(check_text=is_checked)))
    assert page.is_switched_on("Refuse invalid text") is is_checked
    page.switch("Refuse invalid text")
    assert widget.form.read(Profile()).limits.check_text is not is_checked


@pytest.mark.parametrize("verify", [True, False])
async def test_an_unchecked_certificate_shows_a_warning(verify: bool) -> None:
    widget = TlsPage()
    widget.form.show(Profile(tls=TlsSettings(verify=verify)))
    assert SectionPage(widget).has_warning is not verify


async def test_a_trusted_fingerprint_can_be_removed() -> None:
    widget = TlsPage()
    page = SectionPage(widget)
    assert not page.stop_trusting_button.get_visible()
    widget.form.show(Profile(tls=TlsSettings(trusted_sha256="ab" * 32)))
    assert page.stop_trusting_button.get_visible()
    changes = Heard(page.entry(TITLES["tls.trusted_sha256"][1]), "changed")
    click(page.stop_trusting_button)
    assert changes
    assert widget.form.read(Profile()).tls.trusted_sha256 == ""
