"""Secrets of saved connections in the window, in a real keyring on the session's bus."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam.keyring.keyring import Keyring
from spacebeam.library.connections.secrets import environment_owner, secret_owner
from spacebeam.library.secrets import SecretStore
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import (
    OAuthGrant,
    OAuthSettings,
    Profile,
    SignIn,
    SignInMethod,
    with_values,
)
from spacebeam.ui.options.options_window import OptionsWindow
from spacebeam.ui.sign_in.sign_in_dialog import SignInDialog
from spacebeam.wording.keyring import secret_label
from tests.support.authorization import authorization_server, sign_in
from tests.support.keyrings import Bus, keyring_on
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.pageobjects.options import OptionsPage
from tests.ui.pageobjects.page import Page, dialog_of, find_dialog
from tests.ui.pageobjects.sidebar import environments_of, saved_of, sidebar_of
from tests.ui.pageobjects.window import opened_window
from tests.ui.sidebar.conftest import Saved

ASKS = Profile(sign_in=SignIn(SignInMethod.BEARER, token=None))
AGREED = with_values(ASKS, {"sign_in.token": "t0ken-1", "save_secrets": True})


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[SecretStore]:
    """An unlocked keyring."""
    home = tmp_path / "keyring"
    (home / "run").mkdir(parents=True, mode=0o700)
    with keyring_on(Bus(os.environ["DBUS_SESSION_BUS_ADDRESS"], home)):
        yield SecretStore(Keyring(), secret_label)


async def names(keyring: SecretStore) -> list[str]:
    return [Path(one.owner.name).name for one in await keyring.items()]


async def test_secrets_go_with_a_deleted_connection_once_it_cannot_be_undone(
    library: Saved, keyring: SecretStore
) -> None:
    file = library.add("Feed", "wss://a.test/")
    await keyring.store(secret_owner(library.root, "Feed.yml"), "sign_in.token", "t0ken")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.choose("Feed", "delete")
        assert not file.exists()
        sidebar.widget.activate_action("sidebar.undo", None)
        await eventually(file.exists)
        assert await names(keyring) == ["Feed.yml"]
        sidebar.choose("Feed", "delete")
        assert await names(keyring) == ["Feed.yml"]
    while await names(keyring):
        pass


async def test_a_secret_is_saved_on_save_and_sent_to_its_own_server_alone(
    library: Saved, keyring: SecretStore
) -> None:
    with listener() as server, listener() as other:
        file = library.add("Feed", server.url, profile=ASKS)
        async with opened_window() as window:
            sidebar = await sidebar_of(window)
            await sidebar.shows("Feed")
            sidebar.click("Feed")
            tab = window.tab
            await tab.set_options(AGREED)
            saved_of(tab).press("_Save")
            while not await names(keyring):
                pass
            assert "t0ken-1" not in file.read_text()
            sidebar.activate("Feed")
            await eventually(lambda: tab.is_connected)
            await tab.disconnect()
            file.write_text(file.read_text().replace(server.url, other.url))
            await eventually(lambda: tab.connect_page.address == other.url)
            tab.do("tab.address")
            tab.connect_page.submit(other.url)
            await eventually(lambda: tab.connect_page.has_failure)
            assert tab.connect_page.says(f"are for {server.url.rstrip('/')}")
            assert other.clients == []
        request = server.clients[0].request
        assert request is not None
        assert request.headers["Authorization"] == "Bearer t0ken-1"


async def test_switching_the_keyring_off_removes_the_secrets_on_save(
    library: Saved, keyring: SecretStore
) -> None:
    library.add("Feed", "wss://a.test/", profile=AGREED)
    owner = secret_owner(library.root, "Feed.yml")
    await keyring.store(owner, "sign_in.token", "t0ken-1")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.click("Feed")
        tab = window.tab
        await tab.set_options(with_values(AGREED, {"save_secrets": False}))
        saved_of(tab).press("_Save")
        while await names(keyring):
            pass


async def test_removed_secret_variables_go_once_the_window_is_closed(
    library: Saved, keyring: SecretStore
) -> None:
    library.add_environment("Live", host="a.test")
    owner = environment_owner(library.root, "Live")
    async with opened_window() as window:
        await sidebar_of(window)
        page = await environments_of(window)
        page.set(Variable("key", "k3y-1", is_secret=True), Variable("old", "k3y-2", is_secret=True))
        while len(await keyring.keyring.lookup(owner)) < 2:
            pass
        page.set(Variable("key", "k3y-1", is_secret=True))
        page.close()
        while await keyring.keyring.lookup(owner) != {"key": "k3y-1"}:
            pass
        again = await environments_of(window)
        await eventually(lambda: again.says("are saved in the keyring"))
        (row,) = again.variable_rows
        entry = row.child("_value_entry", Gtk.Entry)
        await eventually(lambda: "keyring" in (entry.get_placeholder_text() or ""))
        assert entry.get_text() == ""


async def test_a_missing_secret_of_a_second_sign_in_is_asked_for(library: Saved) -> None:
    two = Profile(
        sign_in=SignIn(SignInMethod.BEARER, token="{{token}}"),
        other_sign_ins=(SignIn(SignInMethod.KEY_IN_HEADER, key_value=None),),
    )
    own = (Variable("token", "t0ken"),)
    library.add("Feed", "wss://a.test/", profile=two, variables=own)
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.activate("Feed")
        options = OptionsPage(await dialog_of(window.widget, OptionsWindow))
        assert options.shown_section == "Sign-in"
        (row,) = options.section("Sign-in").further_sign_ins
        assert row.has_error("Key")
        options.close()


async def refresh_token(keyring: SecretStore, library: Saved) -> str:
    saved = await keyring.keyring.saved(secret_owner(library.root, "Feed.yml"))
    return next((one.value for one in saved if one.field == "oauth.refresh_token"), "")


async def test_the_newest_refresh_token_of_a_saved_connection_is_in_the_keyring(
    library: Saved, keyring: SecretStore
) -> None:
    with authorization_server(lifetime=20) as server:  # each connect refreshes
        oauth = OAuthSettings(
            OAuthGrant.DEVICE, issuer=server.issuer, client_id="television", scope="openid"
        )
        profile = Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=oauth, save_secrets=True)
        library.add("Feed", server.feed, profile=profile)
        tokens: list[str] = []
        for is_first in (True, False, False):  # a token that is used twice would be refused
            async with opened_window() as window:
                sidebar = await sidebar_of(window)
                await sidebar.shows("Feed")
                sidebar.activate("Feed")
                if is_first:
                    dialog = Page(await dialog_of(window.widget, SignInDialog))
                    code = dialog.child("_code_label", Gtk.Label).get_text()
                    page = f"{server.issuer}/device?user_code={code}"
                    await asyncio.to_thread(sign_in, page)
                await eventually(lambda: window.tab.is_connected)
                while (token := await refresh_token(keyring, library)) in ("", *tokens):
                    pass
                tokens.append(token)
                assert find_dialog(window.widget, SignInDialog) is None
        assert server.granted == 3
