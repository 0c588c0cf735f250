"""A replay is played to a saved connection, with its options, variables and saved secrets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacebeam.keyring.keyring import Keyring
from spacebeam.library.connections.secrets import secret_owner
from spacebeam.library.secrets import SecretStore
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod
from spacebeam.wording.keyring import secret_label
from tests.support.keyrings import Bus, keyring_on
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.pageobjects.replay import ReplayPage, opened_replay
from tests.ui.pageobjects.window import WindowPage, opened_window
from tests.ui.sidebar.conftest import Saved, headers

ASKS = Profile(sign_in=SignIn(SignInMethod.BEARER, token=None), save_secrets=True)


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[SecretStore]:
    """An unlocked keyring."""
    home = tmp_path / "keyring"
    (home / "run").mkdir(parents=True, mode=0o700)
    with keyring_on(Bus(os.environ["DBUS_SESSION_BUS_ADDRESS"], home)):
        yield SecretStore(Keyring(), secret_label)


async def _replay(window: WindowPage, address: str) -> ReplayPage:
    """Open the replay of a conversation of one sent message."""
    tab = await window.connect(address)
    await tab.session.session.send("hello")
    await eventually(lambda: len(tab.recording) == 2)
    await tab.timeline.at_rest()
    tab.do("tab.replay")
    return await opened_replay()


async def test_a_saved_connection_is_chosen_while_one_types(
    library: Saved, keyring: SecretStore
) -> None:
    with listener() as first, listener() as other:
        host = other.url.removeprefix("ws://").rstrip("/")
        folder = library.add_folder("Trading", profile=headers(("X-Team", "blue")))
        variables = (Variable("host", host),)
        library.add("Staging", "ws://{{host}}/v2", folder, profile=ASKS, variables=variables)
        owner = secret_owner(library.root, "Trading/Staging.yml")
        await keyring.store(owner, "sign_in.token", "t0ken-1")
        async with opened_window() as window:
            page = await _replay(window, first.url)
            await page.type_address("stag")
            await eventually(lambda: page.proposed)
            page.choose_proposed("Staging")
            assert page.address == "ws://{{host}}/v2"
            assert page.target == "Saved connection “Staging”"
            await page.play()
            assert page.error == ""
            await eventually(lambda: other.messages == ["hello"])
            await page.type_address(first.url)
            assert page.target == "Address to play to"
            await page.play()
            await eventually(lambda: first.messages == ["hello", "hello"])
        request = other.clients[0].request
        assert request is not None
        assert request.path == "/v2"
        assert request.headers["Authorization"] == "Bearer t0ken-1"
        assert request.headers["X-Team"] == "blue"
        again = first.clients[1].request
        assert again is not None
        assert "Authorization" not in again.headers


async def test_what_a_saved_connection_lacks_is_said(library: Saved) -> None:
    library.add("Staging", "ws://{{host}}/")
    with listener() as first:
        async with opened_window() as window:
            page = await _replay(window, first.url)
            await page.type_address("Staging")
            await eventually(lambda: page.proposed)
            page.choose_proposed("Staging")
            page.press("_Play")
            await eventually(lambda: "host" in page.error)
            assert not page.is_playing
