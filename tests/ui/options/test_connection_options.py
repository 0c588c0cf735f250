"""The first screen's options against real servers: what is sent, saved and trusted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacebeam.library.settings import load
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod, TlsSettings
from tests.support.certificates import Authority
from tests.support.processes import LOOPBACK
from tests.support.raw_server import (
    RawServer,
    header,
    raw_server,
    read_request,
    switching,
)
from tests.support.waiting import eventually
from tests.support.websockets_peer import websockets_peer
from tests.ui.pageobjects.tab import SHOW_CERTIFICATE, TabPage, opened_tab

EVERYTHING = Profile(
    request=RequestSettings(
        headers=(("X-Client", "mine"),),
        query=(("symbol", "B&C"),),
        subprotocols=("chat",),
        cookies=(("id", "7"),),
        compression=False,
    ),
    sign_in=SignIn(method=SignInMethod.BEARER, token="hunter2"),
)
NOT_TRUSTED = "is not trusted"
SUMMARY = "1 header · 1 parameter · 1 subprotocol · 1 cookie · no compression · Bearer"


@contextlib.contextmanager
def noting_server() -> Iterator[tuple[RawServer, list[bytes]]]:
    """A server that accepts every handshake, and the requests it received."""
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[-1]))
        peer.recv(65536)  # the close frame

    with raw_server(script) as server:
        yield server, requests


async def connected(tab: TabPage) -> None:
    """Press Connect, and wait for the connection."""
    tab.press("Connect")
    await eventually(lambda: tab.is_connected)


async def test_the_request_has_all_options_also_when_connecting_again() -> None:
    with noting_server() as (server, requests):
        async with opened_tab() as tab:
            tab.connect_page.type_address(f"ws://{LOOPBACK}:{server.port}/feed")
            await tab.set_options(EVERYTHING)
            await connected(tab)
            await tab.disconnect()
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.do("tab.reconnect")
            await eventually(lambda: tab.is_connected)
    assert len(requests) == 2
    for request in requests:
        assert request.startswith(b"GET /feed?symbol=B%26C HTTP/1.1")
        assert header(request, "X-Client") == "mine"
        assert header(request, "Sec-WebSocket-Protocol") == "chat"
        assert header(request, "Cookie") == "id=7"
        assert header(request, "Authorization") == "Bearer hunter2"
        assert header(request, "Sec-WebSocket-Extensions") is None


async def test_the_address_is_remembered_as_typed_with_options_and_without_secrets(
    settings_path: Path,
) -> None:
    with noting_server() as (server, _requests):
        async with opened_tab() as tab:
            address = f"ws://{LOOPBACK}:{server.port}/feed"
            tab.connect_page.type_address(address)
            await tab.set_options(EVERYTHING)
            await connected(tab)
    saved = load(settings_path)
    assert saved.recent == [address]
    assert saved.profiles[address].request.headers == EVERYTHING.request.headers
    assert "hunter2" not in settings_path.read_text()


async def test_an_unsaved_secret_is_asked_for_before_connecting(
    settings_path: Path,
) -> None:
    with noting_server() as (server, requests):
        address = f"ws://{LOOPBACK}:{server.port}/feed"
        async with opened_tab() as tab:
            tab.connect_page.type_address(address)
            await tab.set_options(EVERYTHING)
        async with opened_tab() as tab:  # as after closing the program: only the file is left
            tab.connect_page.type_address(address)
            tab.press("Connect")
            options = await tab.options()
            options.pairs("request.cookies").rows[0].type_value("7")
            options.enter("sign_in.token", "again")
            options.close()
            await tab.finish_options()
            assert requests == []
            assert tab.state is ConnectionState.CLOSED
            await connected(tab)
    assert header(requests[0], "Authorization") == "Bearer again"


async def test_an_invalid_field_is_shown_instead_of_connecting() -> None:
    with noting_server() as (server, requests):
        async with opened_tab() as tab:
            tab.connect_page.type_address(f"ws://{LOOPBACK}:{server.port}/")
            await tab.set_options(Profile(tls=TlsSettings(trusted_sha256="abc")))
            tab.press("Connect")
            options = await tab.options()
            assert options.shown_section == "TLS"
            await eventually(lambda: options.focuses("tls.trusted_sha256"))
            assert options.profile.tls.trusted_sha256 == "abc"
            options.close()
            await tab.finish_options()
        assert requests == []


async def test_the_first_screen_sums_up_the_options_of_the_address() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.type_address("wss://one.test/")
        assert "Options" in page.words
        await tab.set_options(EVERYTHING)
        assert SUMMARY in page.words
        assert SUMMARY in page.words_of("wss://one.test/")
        page.type_address("wss://two.test/")
        assert page.options_summary.get_text() == "All defaults"
        page.type_address("wss://one.test/other")
        assert page.options_summary.get_text() == SUMMARY
        page.forget("wss://one.test/")
        assert SUMMARY not in page.words


async def test_unchanged_options_are_not_saved(settings_path: Path) -> None:
    async with opened_tab() as tab:
        tab.connect_page.type_address("wss://one.test/")
        await tab.set_options(Profile())
    assert load(settings_path).recent == []


async def test_the_chat_on_this_computer_uses_no_options() -> None:
    async with opened_tab() as tab:
        await tab.set_options(Profile(tls=TlsSettings(trusted_sha256="invalid")))
        tab.connect_page.press_chat()
        await eventually(lambda: tab.is_connected)
        assert tab.session.profile == Profile()


async def refused(tab: TabPage, port: int) -> None:
    """Connect to a server whose certificate is not trusted."""
    tab.connect_page.type_address(f"wss://localhost:{port}/echo")
    tab.press("Connect")
    await eventually(lambda: tab.says(NOT_TRUSTED))


@pytest.mark.parametrize("names", [("localhost",), ("other.example",)])
async def test_a_trusted_certificate_connects_from_then_on(
    authority: Authority, settings_path: Path, names: tuple[str, ...]
) -> None:
    with websockets_peer(context=authority.issue(*names).context()) as port:
        async with opened_tab() as tab:
            await refused(tab, port)
            certificate = await tab.open_certificate()
            assert f"Certificate of localhost:{port}" in certificate.words
            assert certificate.says("its certificate authority is unknown")
            certificate.trust()
            await eventually(lambda: tab.is_connected)
            sha256 = tab.session.profile.tls.trusted_sha256
            assert len(sha256) == 64
        saved = load(settings_path).profiles[f"wss://localhost:{port}/echo"]
        assert saved == Profile(tls=TlsSettings(trusted_sha256=sha256))
        async with opened_tab() as tab:
            tab.connect_page.type_address(f"wss://localhost:{port}/echo")
            assert "trusted certificate" in tab.words
            await connected(tab)


async def test_trust_is_saved_also_if_the_connection_fails(
    authority: Authority, settings_path: Path
) -> None:
    async with opened_tab() as tab:
        with websockets_peer(context=authority.issue().context()) as port:
            await refused(tab, port)
        certificate = await tab.open_certificate()
        certificate.trust()
        await eventually(lambda: tab.connect_page.has_failure and not tab.says(NOT_TRUSTED))
    assert load(settings_path).profiles[f"wss://localhost:{port}/echo"].tls.trusted_sha256


async def test_cancel_trusts_nothing(authority: Authority, settings_path: Path) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        async with opened_tab() as tab:
            await refused(tab, port)
            (await tab.open_certificate()).cancel()
            await tab.finish_options()
            assert tab.state is ConnectionState.CLOSED
            assert load(settings_path).profiles == {}
            tab.press("Connect")
            assert tab.is_connecting
            await eventually(lambda: not tab.is_connecting)
            assert tab.says(NOT_TRUSTED)
            assert not tab.is_conversation


async def test_a_changed_certificate_is_refused_and_the_change_is_shown(
    authority: Authority,
) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        async with opened_tab() as tab:
            tab.connect_page.type_address(f"wss://localhost:{port}/echo")
            await tab.set_options(Profile(tls=TlsSettings(trusted_sha256="ab" * 32)))
            await refused(tab, port)
            certificate = await tab.open_certificate()
            assert certificate.says("not the certificate that you trusted")
            certificate.cancel()
            await tab.finish_options()


async def test_other_failures_offer_no_certificate() -> None:
    async with opened_tab() as tab:
        tab.connect_page.type_address(f"ws://{LOOPBACK}:1/")
        tab.press("Connect")
        await eventually(lambda: tab.connect_page.has_failure)
        assert not tab.connect_page.shows_button(SHOW_CERTIFICATE)


async def test_a_private_authority_or_no_verification_connects(authority: Authority) -> None:
    with websockets_peer(context=authority.issue("localhost").context()) as port:
        for profile in (
            Profile(tls=TlsSettings(ca_file=str(authority.file))),
            Profile(tls=TlsSettings(verify=False)),
        ):
            async with opened_tab() as tab:
                tab.connect_page.type_address(f"wss://localhost:{port}/echo")
                await tab.set_options(profile)
                await connected(tab)
