"""The dialog of a sign-in by OAuth, with a real authorization server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from gi.repository import Gtk

from spacebeam.profiles.profile import OAuthGrant, OAuthSettings, Profile, SignIn, SignInMethod
from spacebeam.ui.sign_in.sign_in_dialog import SignInDialog
from tests.support.authorization import AuthorizationServer, authorization_server, sign_in
from tests.support.waiting import eventually
from tests.ui.doing import words
from tests.ui.pageobjects.page import Page, dialog_of, find_dialog
from tests.ui.pageobjects.tab import TabPage, opened_tab


@pytest.fixture(scope="module")
def server() -> Iterator[AuthorizationServer]:
    with authorization_server() as server:
        yield server


def television(server: AuthorizationServer) -> Profile:
    settings = OAuthSettings(
        OAuthGrant.DEVICE, issuer=server.issuer, client_id="television", scope="openid"
    )
    return Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=settings)


async def asked(tab: TabPage, server: AuthorizationServer) -> Page[SignInDialog]:
    """Connect, and return the dialog that asks to sign in."""
    tab.connect_page.type_address(server.feed)
    await tab.set_options(television(server))
    tab.press("Connect")
    return Page(await dialog_of(tab.widget.get_root(), SignInDialog))


async def test_a_code_is_shown_until_it_was_entered_in_a_browser(
    server: AuthorizationServer,
) -> None:
    async with opened_tab() as tab:
        dialog = await asked(tab, server)
        code = dialog.child("_code_label", Gtk.Label).get_text()
        assert f"{server.issuer}/device" in words(dialog.widget)
        dialog.press("_Copy Code")
        await asyncio.to_thread(sign_in, f"{server.issuer}/device?user_code={code}")
        await eventually(lambda: tab.is_connected)
        await eventually(lambda: find_dialog(tab.widget.get_root(), SignInDialog) is None)


async def test_cancelling_ends_the_attempt(server: AuthorizationServer) -> None:
    async with opened_tab() as tab:
        dialog = await asked(tab, server)
        dialog.widget.response("cancel")
        await eventually(lambda: not tab.widget.is_connecting)
        assert not tab.is_connected
        await eventually(lambda: find_dialog(tab.widget.get_root(), SignInDialog) is None)


async def test_a_second_connection_asks_nobody(server: AuthorizationServer) -> None:
    async with opened_tab() as tab:
        dialog = await asked(tab, server)
        code = dialog.child("_code_label", Gtk.Label).get_text()
        await asyncio.to_thread(sign_in, f"{server.issuer}/device?user_code={code}")
        await eventually(lambda: tab.is_connected)
        await tab.disconnect()
        await eventually(lambda: tab.can("tab.reconnect"))
        tab.do("tab.reconnect")
        await eventually(lambda: tab.is_connected)
        assert find_dialog(tab.widget.get_root(), SignInDialog) is None
