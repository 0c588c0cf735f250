"""Secrets of saved connections in a real keyring: used after a restart, and sent nowhere else."""

from __future__ import annotations

import json

from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import OwnerKind, SecretOwner
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.secrets import SecretStore
from spacebeam.profiles.collection import Environment, SavedConnection, Variable
from spacebeam.profiles.profile import Profile, with_values
from spacebeam.wording.keyring import secret_label
from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import Program, started
from tests.journeys.screen import BUTTON, TEXT, Widget, until
from tests.journeys.test_options import options
from tests.journeys.test_saved_connections import begin_renaming
from tests.journeys.test_secrets import (
    files_with_the_secret,
    noting_server,
    on_bus,
    switch_on,
    type_header,
)
from tests.keyring.test_keyring import list_items
from tests.support.keyrings import Bus, ask
from tests.support.raw_server import header

_SECRET = "Bearer hunter2hunter2"


def save(program: Program, window: Widget, name: str) -> None:
    """Save what is typed as a new connection."""
    press(CONTROL, "s")
    others = until(lambda: [one for one in program.windows() if one != window], "where to save")
    others[0].find(TEXT, "Name").write(name)
    press("Return")
    until(lambda: program.windows() == [window], "the first screen")


def type_feed(program: Program, window: Widget, address: str) -> None:
    """Save a new connection with a secret header."""
    window.find(TEXT, "Address").write(address)
    dialog = options(program, window)
    type_header(dialog)
    switch_on(dialog)
    press("Escape")
    until(lambda: program.windows() == [window], "the first screen")
    save(program, window, "Feed")


def open_feed(window: Widget) -> None:
    """Find the saved connection by the keyboard, and connect."""
    press(CONTROL, "k")
    search = window.find(TEXT, "Find a connection")
    until(lambda: search.has_cursor, "the cursor in the search")
    for character in "feed":
        press(character)
    until(lambda: window.says("Feed"), "the match")
    press("Return")


def leave(program: Program) -> None:
    """Close the only tab, which does not come back."""
    press(CONTROL, "w")
    assert program.waits() == 0


def test_a_saved_connection_connects_after_a_restart_without_typing(keyring_bus: Bus) -> None:
    file = keyring_bus.home / "data/spacebeam/connections/Feed.yml"
    with noting_server() as (address, requests):
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            type_feed(program, window, address)
            leave(program)
        assert [str(file), "request.headers/Authorization"] in ask(keyring_bus, list_items)
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            open_feed(window)
            window.reads("Connected")
            leave(program)
    assert [header(one, "Authorization") for one in requests] == [_SECRET]
    assert file.exists()
    assert files_with_the_secret(keyring_bus.home) == []


def test_a_file_that_names_another_server_gets_no_secret_sent_to_it(keyring_bus: Bus) -> None:
    file = keyring_bus.home / "data/spacebeam/connections/Feed.yml"
    with noting_server() as (address, requests), noting_server() as (other, others):
        with started(on_bus(keyring_bus)) as program:
            type_feed(program, program.window(), address)
            leave(program)
        file.write_text(file.read_text().replace(address, other))
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            open_feed(window)
            server, now = (one.removesuffix("/feed") for one in (address, other))
            window.reads(f"are for {server}. It leads to {now} now")
            file.write_text(file.read_text().replace(other, address))
            window.find(TEXT, "Address")
            until(lambda: window.find(TEXT, "Address").text == address, "the file's address")
            window.find(BUTTON, "Connect").press()
            window.reads("Connected")
    assert (len(requests), others) == (1, [])


def test_a_secret_variable_of_an_environment_is_saved_in_the_keyring(keyring_bus: Bus) -> None:
    root = keyring_bus.home / "data/spacebeam/connections"
    with noting_server() as (address, requests):
        folder = OpenFolder(root, may_be_missing=True)
        headers = with_values(Profile(), {"request.headers": (("Authorization", "{{token}}"),)})
        folder.create_connection("", SavedConnection("Feed", address, headers))
        EnvironmentFiles(root).save(Environment("Live", (Variable("token", None, is_secret=True),)))
        settings = keyring_bus.home / "config/spacebeam/settings.json"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps({"sidebar": {"environments": {str(root): "Live"}}}))
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            open_feed(window)
            window.find(BUTTON, "Define token…").press()
            others = until(lambda: [one for one in program.windows() if one != window], "it")
            others[0].reads("are saved in the keyring")
            others[0].find(TEXT, "Value").write(_SECRET)
            until(lambda: ask(keyring_bus, list_items), "the secret in the keyring")
            others[0].find(BUTTON, "Close").press()
            until(lambda: program.windows() == [window], "the first screen")
            leave(program)
        owner = str(root / "environments/Live")
        assert ask(keyring_bus, list_items) == [[owner, "token"]]
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            open_feed(window)
            window.reads("Connected")
            leave(program)
    assert [header(one, "Authorization") for one in requests] == [_SECRET]
    assert files_with_the_secret(keyring_bus.home) == []


async def store_token(path: str) -> None:
    """Save a secret of a file, as the terminal does."""
    await SecretStore(Keyring(), secret_label).store(
        SecretOwner(OwnerKind.CONNECTION, path), "sign_in.token", "hunter2"
    )


def test_secrets_follow_a_renamed_connection(keyring_bus: Bus) -> None:
    root = keyring_bus.home / "data/spacebeam/connections"
    folder = OpenFolder(root, may_be_missing=True)
    folder.create_connection("", SavedConnection("Feed", "wss://feed.test/"))
    ask(keyring_bus, store_token, str(root / "Feed.yml"))
    with started(on_bus(keyring_bus)) as program:
        begin_renaming(program.window(), "Feed")
        for character in "two":
            press(character)
        press("Return")
        until(lambda: (root / "two.yml").exists(), "the renamed file")
        moved = [[str(root / "two.yml"), "sign_in.token"]]
        until(lambda: ask(keyring_bus, list_items) == moved, "the secret of the renamed file")
