"""The first screen's options against real servers: what is sent, saved and trusted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from gi.repository import Gtk

from spacebeam.library.settings import load
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod, TlsSettings
from spacebeam.ui.options.certificate_dialog import CertificateDialog
from spacebeam.ui.options.options_window import OptionsWindow
from spacebeam.ui.window.tab import Tab
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
from tests.ui.doing import button, click, shown_tab, words

W = TypeVar("W", bound=Gtk.Window)

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
SUMMARY = "1 header · 1 parameter · 1 subprotocol · 1 cookie · no compression · Bearer"


@contextlib.contextmanager
def noting() -> Iterator[tuple[RawServer, list[bytes]]]:
    """A server that takes every handshake and notes its request."""
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[-1]))
        peer.recv(65536)  # the close frame

    with raw_server(script) as server:
        yield server, requests


def windows(kind: type[W]) -> list[W]:
    return [
        one for one in Gtk.Window.list_toplevels() if isinstance(one, kind) and one.get_mapped()
    ]


async def asked(kind: type[W]) -> W:
    """The window of this kind that is open, or will be."""
    await eventually(lambda: windows(kind))
    return windows(kind)[0]


async def set_options(tab: Tab, profile: Profile) -> None:
    """Change the options of the address on the screen as a person does."""
    page = tab._connection_page
    click(page._options_button)
    window = await asked(OptionsWindow)
    for one in window._pages:
        one.form.show(profile)
    window._on_form_changed()
    window.close()
    await eventually(lambda: not windows(OptionsWindow) and not tab._options._is_asking)


async def connected(tab: Tab) -> None:
    click(button(tab, "Connect"))
    await eventually(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)


async def test_the_request_has_all_options_also_when_connecting_again() -> None:
    with noting() as (server, requests):
        async with shown_tab() as tab:
            tab._connection_page.show_address(f"ws://{LOOPBACK}:{server.port}/feed")
            await set_options(tab, EVERYTHING)
            await connected(tab)
            tab.activate_action("tab.disconnect", None)
            await eventually(lambda: tab._actions.get_action_enabled("reconnect"))
            tab.activate_action("tab.reconnect", None)
            await eventually(lambda: tab.state is ConnectionState.OPEN)
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
    with noting() as (server, _requests):
        async with shown_tab() as tab:
            address = f"ws://{LOOPBACK}:{server.port}/feed"
            tab._connection_page.show_address(address)
            await set_options(tab, EVERYTHING)
            await connected(tab)
    saved = load(settings_path)
    assert saved.recent == [address]
    assert saved.profiles[address].request.headers == EVERYTHING.request.headers
    assert "hunter2" not in settings_path.read_text()


async def test_a_secret_that_was_not_saved_is_asked_for_before_connecting(
    settings_path: Path,
) -> None:
    with noting() as (server, requests):
        address = f"ws://{LOOPBACK}:{server.port}/feed"
        async with shown_tab() as tab:
            tab._connection_page.show_address(address)
            await set_options(tab, EVERYTHING)
        async with shown_tab() as tab:  # as after closing the program: only the file is left
            tab._connection_page.show_address(address)
            click(button(tab, "Connect"))
            window = await asked(OptionsWindow)
            window._request_page.groups[2]._rows[0]._value_entry.set_text("7")
            window._sign_in_page._token.set_text("again")
            window.close()
            await eventually(lambda: not windows(OptionsWindow))
            assert requests == []
            assert tab.state is ConnectionState.CLOSED
            await eventually(lambda: not tab._options._is_asking)
            await connected(tab)
    assert header(requests[0], "Authorization") == "Bearer again"


async def test_an_invalid_field_is_shown_instead_of_connecting() -> None:
    with noting() as (server, requests):
        async with shown_tab() as tab:
            tab._connection_page.show_address(f"ws://{LOOPBACK}:{server.port}/")
            await set_options(tab, Profile(tls=TlsSettings(trusted_sha256="abc")))
            click(button(tab, "Connect"))
            window = await asked(OptionsWindow)
            assert window.get_visible_page() is window._tls_page
            await eventually(
                lambda: (
                    (focus := window.get_focus()) is not None
                    and focus.is_ancestor(window._tls_page._trusted_sha256)
                )
            )
            assert window._tls_page._trusted_sha256.get_text() == "abc"
            window.close()
            await eventually(lambda: not tab._options._is_asking)
        assert requests == []


async def test_the_first_screen_sums_up_the_options_of_the_address() -> None:
    async with shown_tab() as tab:
        page = tab._connection_page
        page.show_address("wss://one.test/")
        assert "Options" in words(page)
        await set_options(tab, EVERYTHING)
        assert SUMMARY in words(page)
        page.show_address("wss://two.test/")
        assert SUMMARY not in words(page)
        page.show_address("wss://one.test/other")
        assert SUMMARY in words(page)
        page.emit("forget-requested", "wss://one.test/")
        assert SUMMARY not in words(page)


async def test_unchanged_options_are_not_saved(settings_path: Path) -> None:
    async with shown_tab() as tab:
        tab._connection_page.show_address("wss://one.test/")
        await set_options(tab, Profile())
    assert load(settings_path).recent == []


async def test_the_chat_on_this_computer_uses_no_options() -> None:
    async with shown_tab() as tab:
        await set_options(tab, Profile(tls=TlsSettings(trusted_sha256="invalid")))
        click(tab._connection_page._chat_button)
        await eventually(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)
        assert tab._session.profile == Profile()


async def refused(tab: Tab, port: int) -> None:
    tab._connection_page.show_address(f"wss://localhost:{port}/echo")
    click(button(tab, "Connect"))
    await eventually(lambda: any("is not trusted" in seen for seen in words(tab)))


@pytest.mark.parametrize("names", [("localhost",), ("other.example",)])
async def test_a_trusted_certificate_connects_from_then_on(
    authority: Authority, settings_path: Path, names: tuple[str, ...]
) -> None:
    with websockets_peer(context=authority.issue(*names).context()) as port:
        async with shown_tab() as tab:
            await refused(tab, port)
            click(button(tab, "_Show Certificate…"))
            dialog = await asked(CertificateDialog)
            assert f"Certificate of localhost:{port}" in words(dialog)
            assert any("its certificate authority is unknown" in one for one in words(dialog))
            dialog.response("trust")
            await eventually(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)
            sha256 = tab._session.profile.tls.trusted_sha256
            assert len(sha256) == 64
        saved = load(settings_path).profiles[f"wss://localhost:{port}/echo"]
        assert saved == Profile(tls=TlsSettings(trusted_sha256=sha256))
        async with shown_tab() as tab:
            tab._connection_page.show_address(f"wss://localhost:{port}/echo")
            assert "trusted certificate" in words(tab)
            await connected(tab)


async def test_trust_is_saved_also_if_the_connection_fails(
    authority: Authority, settings_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        async with shown_tab() as tab:
            await refused(tab, port)
            monkeypatch.setattr(tab._options, "_connect", lambda _address, _profile: None)
            click(button(tab, "_Show Certificate…"))
            (await asked(CertificateDialog)).response("trust")
            await eventually(lambda: not tab._tasks._tasks)
    assert load(settings_path).profiles[f"wss://localhost:{port}/echo"].tls.trusted_sha256


async def test_cancel_trusts_nothing(authority: Authority, settings_path: Path) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        async with shown_tab() as tab:
            await refused(tab, port)
            click(button(tab, "_Show Certificate…"))
            (await asked(CertificateDialog)).response("cancel")
            await eventually(lambda: not tab._options._is_asking)
            assert tab.state is ConnectionState.CLOSED
            assert load(settings_path).profiles == {}
            click(button(tab, "Connect"))
            await eventually(lambda: tab.state is ConnectionState.CONNECTING)
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert not tab.is_conversation


async def test_a_changed_certificate_is_refused_and_shown_as_such(
    authority: Authority,
) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        async with shown_tab() as tab:
            tab._connection_page.show_address(f"wss://localhost:{port}/echo")
            await set_options(tab, Profile(tls=TlsSettings(trusted_sha256="ab" * 32)))
            await refused(tab, port)
            click(button(tab, "_Show Certificate…"))
            dialog = await asked(CertificateDialog)
            assert any("not the certificate that you trusted" in one for one in words(dialog))
            dialog.response("cancel")
            await eventually(lambda: not tab._options._is_asking)


async def test_other_failures_offer_no_certificate() -> None:
    async with shown_tab() as tab:
        tab._connection_page.show_address(f"ws://{LOOPBACK}:1/")
        click(button(tab, "Connect"))
        await eventually(tab._connection_page._failure_box.get_mapped)
        assert not tab._connection_page._certificate_button.get_mapped()


async def test_an_own_authority_and_no_verification_connect(authority: Authority) -> None:
    with websockets_peer(context=authority.issue("localhost").context()) as port:
        for profile in (
            Profile(tls=TlsSettings(ca_file=str(authority.file))),
            Profile(tls=TlsSettings(verify=False)),
        ):
            async with shown_tab() as tab:
                tab._connection_page.show_address(f"wss://localhost:{port}/echo")
                await set_options(tab, profile)
                await connected(tab)
