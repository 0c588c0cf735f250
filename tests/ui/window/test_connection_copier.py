"""A tab's connection is copied as a command or program."""

from __future__ import annotations

import pytest
from gi.repository import GLib

from spacebeam.exchange.copy_connection import ConnectionForm
from spacebeam.profiles.profile import (
    OAuthSettings,
    Profile,
    SignIn,
    SignInMethod,
    with_values,
)
from spacebeam.protocol.known_secrets import hide
from spacebeam.protocol.secrets import MASK
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.connections.test_variables import (
    choose,
    opened_connection,
    tab_with_environment,
)
from tests.ui.pageobjects.window import WindowPage, opened_window
from tests.ui.sidebar.conftest import Saved, headers, library

__all__ = ["library"]  # a fixture

_BEARER = Profile(sign_in=SignIn(SignInMethod.BEARER, token="geheim"))


async def copied(window: WindowPage, target: str) -> str:
    """Copy the connection in a form; return the clipboard's text."""
    window.widget.activate_action("win.copy-connection", GLib.Variant("s", target))
    return await window.widget.get_clipboard().read_text_async(None) or ""


@pytest.mark.parametrize("form", ConnectionForm)
async def test_every_form_is_copied_from_an_open_connection(form: ConnectionForm) -> None:
    with listener() as peer:
        async with opened_window() as window:
            await window.connect(peer.url)
            text = await copied(window, form.value)
            assert peer.url.partition("://")[2] in text


async def test_secrets_are_copied_only_if_they_are_asked_for() -> None:
    async with opened_window() as window:
        window.tab.connect_page.type_address("h.test/x")
        await window.tab.set_options(_BEARER)
        text = await copied(window, "curl")
        assert MASK in text
        assert "https://h.test/x" in text
        await eventually(lambda: window.says("Copied without its secrets"))
        assert "Bearer geheim" in await copied(window, "curl+secrets")


async def test_without_an_address_nothing_is_copied() -> None:
    async with opened_window() as window:
        window.widget.get_clipboard().set("before")
        assert await copied(window, "python") == "before"


async def test_a_sign_in_that_the_form_has_no_place_for_is_named() -> None:
    async with opened_window() as window:
        window.tab.connect_page.type_address("h.test/x")
        oauth = OAuthSettings(token_url="https://auth.test/", client_id="desk")
        await window.tab.set_options(Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=oauth))
        assert "Left out: the sign-in with OAuth 2." in await copied(window, "python")
        await eventually(lambda: window.says("Copied without the sign-in with OAuth 2"))


@pytest.mark.parametrize("is_saved", [True, False])
@pytest.mark.parametrize("is_connected", [True, False])
async def test_variables_are_copied_with_their_values(
    library: Saved, is_saved: bool, is_connected: bool
) -> None:
    with listener() as peer:
        library.add_environment("Staging", base=peer.url, room="lobby")
        library.add_folder("Chat", profile=headers(("X-Team", "red")))
        library.add("Room", "{{base}}{{room}}", "Chat", profile=headers(("X-Room", "{{room}}")))
        async with opened_window() as window:
            tab = await tab_with_environment(window, "Staging", is_saved=is_saved, name="Room")
            tab.connect_page.type_address("{{base}}{{room}}")
            if is_connected:
                tab.connect_page.submit("{{base}}{{room}}")
                await eventually(lambda: tab.is_connected)
            text = await copied(window, "spacebeam")
            assert f"{peer.url}lobby" in text
            assert ("X-Room: lobby" in text) is is_saved
            assert ("X-Team: red" in text) is is_saved


async def test_a_secret_in_place_of_a_variable_is_copied_only_if_asked_for(library: Saved) -> None:
    library.add_environment("Staging", room="s3cret-lobby")
    profile = with_values(headers(("X-Room", "{{room}}")), {"tls.ca_file": "/ca/{{room}}.pem"})
    library.add("Room", "h.test/{{room}}", profile=profile)
    hide(("s3cret-lobby",))
    async with opened_window() as window:
        await opened_connection(window, "Room")
        choose(window, "Staging")
        text = await copied(window, "spacebeam")
        assert "s3cret" not in text
        assert f"wss://h.test/{MASK}" in text
        assert "X-Room: s3cret-lobby" in await copied(window, "spacebeam+secrets")
