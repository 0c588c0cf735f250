"""Which saved secrets may be sent where, with a real keyring and files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from spacebeam.keyring.keyring import Keyring
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.connections.saved_secrets import (
    Released,
    release,
    saved_secrets,
    servers_of,
)
from spacebeam.library.connections.secrets import environment_owner, secret_owner
from spacebeam.library.connections.variables import preparation
from spacebeam.library.secrets import SecretStore
from spacebeam.profiles.collection import Environment, Folder, SavedConnection, Variable
from spacebeam.profiles.prepared import PreparedConnection
from spacebeam.profiles.profile import Profile, ProxyChoice, SignIn, SignInMethod, with_values
from spacebeam.profiles.variables import Unresolved
from spacebeam.wording.keyring import secret_label
from tests.support.keyrings import Bus, ask

PROXY = {"proxy.choice": ProxyChoice.CUSTOM, "proxy.address": "http://proxy.test"}
OAUTH = {
    "sign_in.method": SignInMethod.OAUTH,
    "oauth.token_url": "https://Login.test/token",
    "oauth.client_secret": None,
}
SIGNED = Profile(sign_in=SignIn(SignInMethod.BEARER, token="t0ken"))


def test_servers_are_all_that_secrets_are_sent_to() -> None:
    profile = with_values(Profile(), {**OAUTH, **PROXY})
    made = PreparedConnection("wss://Feed.test/v1?a={{b}}", profile, Unresolved())
    assert servers_of(made) == {
        "wss://feed.test:443",
        "http://proxy.test:80",
        "https://login.test:443",
    }
    without = replace(made, profile=Profile())
    assert servers_of(without) == {"wss://feed.test:443"}
    assert servers_of(replace(without, address="ws://[::1]:8000/")) == {"ws://[::1]:8000"}
    assert servers_of(replace(without, address="ws+unix:/run/a.sock:/x")) == {"ws+unix:/run/a.sock"}
    assert servers_of(replace(without, address="wss://{{host}}/")) == frozenset()


def store() -> SecretStore:
    return SecretStore(Keyring(), secret_label)


def opened(root: str) -> OpenFolder:
    folder = OpenFolder(Path(root))
    folder.load()
    return folder


async def released(folder: OpenFolder, path: str, environment: str = "Live") -> Released:
    keeper = store()
    saved = await saved_secrets(keeper.keyring, folder, path, environment)
    return await release(keeper, saved, partial(preparation, folder, path, environment, None))


async def token_of(folder: OpenFolder, path: str, environment: str = "Live") -> Any:
    found = await released(folder, path, environment)
    made = preparation(folder, path, environment, None, found.secrets).prepared()
    return made.profile.sign_in.token


@pytest.fixture
def root(tmp_path: Path) -> str:
    """A folder with a sign-in, two connections in it, and two environments."""
    folder = OpenFolder(tmp_path / "Feeds", may_be_missing=True)
    inner = folder.create_folder(ROOT, Folder("Inner", profile=SIGNED))
    folder.create_connection(inner, SavedConnection("A", "wss://{{host}}/a"))
    folder.create_connection(inner, SavedConnection("B", "wss://b.test/{{key}}", SIGNED))
    for name, host in (("Live", "live.test"), ("Test", "test.test")):
        key = Variable("key", None, is_secret=True)
        EnvironmentFiles(folder.root).save(Environment(name, (Variable("host", host), key)))
    return str(folder.root)


async def a_folder_s_token(root: str) -> Any:
    folder = opened(root)
    await store().store(secret_owner(folder.root, "Inner"), "sign_in.token", "t0ken")
    first = await token_of(folder, "Inner/A.yml")
    other = await released(folder, "Inner/A.yml", "Test")
    again = await token_of(folder, "Inner/A.yml")
    nothing = await token_of(folder, "Inner/A.yml", "Test")
    return [first, list(other.withheld), list(other.servers), again, nothing]


def test_a_secret_goes_to_the_servers_of_its_first_use_alone(keyring_bus: Bus, root: str) -> None:
    assert ask(keyring_bus, a_folder_s_token, root) == [
        "t0ken",
        ["wss://live.test:443"],
        ["wss://test.test:443"],
        "t0ken",
        None,
    ]


async def what_is_not_needed(root: str) -> Any:
    folder, keeper = opened(root), store()
    await keeper.store(secret_owner(folder.root, "Inner"), "sign_in.token", "folder's")
    await keeper.store(secret_owner(folder.root, "Inner/B.yml"), "sign_in.token", "own")
    await keeper.store(environment_owner(folder.root, "Live"), "key", "k")
    await released(folder, "Inner/A.yml")  # needs the folder's token only
    await released(folder, "Inner/B.yml")  # needs its own token, and the key
    return [(one.field, Path(one.owner.name).name, one.servers) for one in await keeper.items()]


def test_only_what_a_connection_needs_is_bound_to_its_servers(keyring_bus: Bus, root: str) -> None:
    assert ask(keyring_bus, what_is_not_needed, root) == [
        ["sign_in.token", "Inner", "wss://live.test:443"],
        ["sign_in.token", "B.yml", "wss://b.test:443"],
        ["key", "Live", "wss://b.test:443"],
    ]


async def another_value(root: str) -> Any:
    folder, keeper = opened(root), store()
    owner = secret_owner(folder.root, "Inner")
    live, test = "wss://live.test:443", "wss://test.test:443"
    await keeper.replace(owner, {"sign_in.token": "a"}, frozenset(), live)
    await keeper.replace(owner, {"sign_in.token": "b"}, frozenset(), test)
    both = [await token_of(folder, "Inner/A.yml", one) for one in ("Live", "Test")]
    await keeper.move(owner, secret_owner(folder.root, "Elsewhere"))
    moved = await keeper.keyring.saved(secret_owner(folder.root, "Elsewhere"))
    await keeper.store(secret_owner(folder.root, "Elsewhere"), "sign_in.token", "c")
    after = await keeper.keyring.saved(secret_owner(folder.root, "Elsewhere"))
    return [both, sorted((one.value, one.servers) for one in moved), [one.value for one in after]]


def test_each_server_may_have_its_own_value_and_a_new_one_takes_the_place_of_all(
    keyring_bus: Bus, root: str
) -> None:
    assert ask(keyring_bus, another_value, root) == [
        ["a", "b"],
        [["a", "wss://live.test:443"], ["b", "wss://test.test:443"]],
        ["c"],
    ]
