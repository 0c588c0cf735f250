"""Collections of other programs in the library's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.connections.adding import add_collection, folder_to_add_to, secrets_in
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod

TOKEN = Profile(sign_in=SignIn(SignInMethod.BEARER, token="hunter2"))
TICKER = SavedConnection(
    "Ticker", "wss://{{host}}/", TOKEN, (SavedMessage("Subscribe", "{}", on_connect=True),)
)
LOCAL = Environment("Local", (Variable("host", "h"), Variable("key", "hunter2", is_secret=True)))
CHAT = Collection(
    Folder("Chat", folders=(Folder("Rooms", connections=(TICKER,)),)), environments=(LOCAL,)
)


def _names(folder: OpenFolder) -> list[str]:
    return sorted(f"{one.folder}/{one.name}" for one in folder.nodes() if one.path)


def test_a_collection_becomes_a_folder_with_its_environments(tmp_path: Path) -> None:
    into, parent = folder_to_add_to(tmp_path / "new")
    added = add_collection(CHAT, into, parent)
    assert (added.folder, added.environments) == ("Chat", ("Local",))
    again = OpenFolder(tmp_path / "new")
    again.load()
    assert _names(again) == ["/Chat", "Chat/Rooms", "Chat/Rooms/Ticker"]
    assert again.connection("Chat/Rooms/Ticker.yml").messages == TICKER.messages
    environment = EnvironmentFiles(tmp_path / "new").environment("Local")
    assert environment is not None
    assert environment.variables[0] == Variable("host", "h")


def test_secrets_are_counted_and_in_no_file(tmp_path: Path) -> None:
    assert secrets_in(CHAT) == 2
    add_collection(CHAT, OpenFolder(tmp_path, may_be_missing=True))
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert files
    assert not any(b"hunter2" in one.read_bytes() for one in files)


def test_what_is_added_twice_is_there_twice_but_not_its_environment(tmp_path: Path) -> None:
    into = OpenFolder(tmp_path, may_be_missing=True)
    add_collection(CHAT, into)
    added = add_collection(CHAT, into)
    assert (added.folder, added.environments) == ("Chat 2", ("Local",))
    assert [one.name for one in EnvironmentFiles(tmp_path).all()] == ["Local"]


def test_another_environment_of_the_same_name_gets_a_number(tmp_path: Path) -> None:
    into = OpenFolder(tmp_path, may_be_missing=True)
    add_collection(CHAT, into)
    other = Collection(Folder("x"), (Environment("Local", (Variable("host", "other"),)),))
    added = add_collection(other, into)
    assert (added.folder, added.environments) == (None, ("Local 2",))


def test_a_folder_in_a_collection_is_added_to(tmp_path: Path) -> None:
    add_collection(CHAT, OpenFolder(tmp_path, may_be_missing=True))
    into, parent = folder_to_add_to(tmp_path / "Chat" / "Inner")
    assert (into.root, parent) == (tmp_path, "Chat/Inner")
    assert add_collection(CHAT, into, parent).folder == "Chat/Inner/Chat"


def test_a_folder_that_cannot_be_written_whole_is_removed(tmp_path: Path) -> None:
    into = OpenFolder(tmp_path, may_be_missing=True)
    add_collection(CHAT, into)

    class FullError(Exception):
        pass

    class Full(OpenFolder):
        def create_connection(self, folder: str, connection: SavedConnection) -> str:
            raise FullError

    full = Full(tmp_path)
    with pytest.raises(FullError):
        add_collection(CHAT, full)
    assert not (tmp_path / "Chat 2").exists()
    assert _names(full) == ["/Chat", "Chat/Rooms", "Chat/Rooms/Ticker"]
