"""Finding connections in the open folders, by words and by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.library import ConnectionLibrary, default_library
from spacebeam.library.connections.nodes import ROOT
from spacebeam.profiles.collection import Environment, Folder, SavedConnection, Variable
from spacebeam.profiles.profile import Profile, SchemaFiles


@pytest.fixture
def library(tmp_path: Path) -> ConnectionLibrary:
    found = ConnectionLibrary([tmp_path / "one", tmp_path / "two"])
    one, two = found.folders
    trading = one.create_folder(ROOT, Folder("Trading"))
    for name, address in [
        ("BTC feed", "wss://feed.example/btc"),
        ("Börse", "wss://boerse.example"),
        ("Orders", "wss://feed.example/orders"),
    ]:
        one.create_connection(trading, SavedConnection(name, address))
    two.create_connection(ROOT, SavedConnection("btc FEED", "ws://localhost"))
    two.create_connection(ROOT, SavedConnection("Orders", "ws://localhost/o", is_favorite=True))
    found.load()
    return found


def found(library: ConnectionLibrary, text: str) -> list[str]:
    return [f"{one.folder.root.name}:{one.node.path}" for one in library.find(text)]


def test_words_are_found_in_names_folders_and_addresses(library: ConnectionLibrary) -> None:
    assert found(library, "BORSE") == ["one:Trading/Börse.yml"]
    assert found(library, "feed btc") == ["one:Trading/BTC feed.yml", "two:btc FEED.yml"]
    assert found(library, "trading ord") == ["one:Trading/Orders.yml"]
    assert found(library, "feed.example/o") == ["one:Trading/Orders.yml"]
    assert found(library, "nothing") == []
    assert found(library, "or")[0] == "two:Orders.yml"
    assert len(library.find("", limit=2)) == 2
    assert found(library, "")[0] == "two:Orders.yml"


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("BTC feed", ["one:Trading/BTC feed.yml"]),
        ("btc FEED", ["two:btc FEED.yml"]),
        ("Btc Feed", ["one:Trading/BTC feed.yml", "two:btc FEED.yml"]),
        ("borse", ["one:Trading/Börse.yml"]),
        ("Orders", ["one:Trading/Orders.yml", "two:Orders.yml"]),
        ("Trading/Orders", ["one:Trading/Orders.yml"]),
        ("one/Trading/Orders", ["one:Trading/Orders.yml"]),
        ("two/Orders", ["two:Orders.yml"]),
        ("trading/orders", ["one:Trading/Orders.yml"]),
        ("Trading/Orders.yml", ["one:Trading/Orders.yml"]),
        ("ading/Orders", []),
        ("", []),
    ],
)
def test_a_connection_is_named_with_or_without_its_folders(
    library: ConnectionLibrary, name: str, paths: list[str]
) -> None:
    assert [f"{one.folder.root.name}:{one.node.path}" for one in library.named(name)] == paths


def test_a_connection_is_named_by_its_file(library: ConnectionLibrary) -> None:
    file = library.folders[0].root / "Trading/Orders.yml"
    assert [one.node.path for one in library.named(str(file))] == ["Trading/Orders.yml"]


def test_names_are_given_with_their_folders(library: ConnectionLibrary) -> None:
    assert sorted(library.names())[:2] == ["Orders", "Trading/BTC feed"]


def test_a_folder_is_open_once(library: ConnectionLibrary, tmp_path: Path) -> None:
    assert library.open(tmp_path / "one/../one") is library.folders[0]
    other = library.open(tmp_path / "three")
    assert other in library.folders
    library.close(other)
    assert other not in library.folders


def test_the_folders_are_chosen_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_library() == tmp_path / "spacebeam/connections"
    assert [one.root for one in ConnectionLibrary().folders] == [default_library()]
    monkeypatch.setenv("SPACEBEAM_LIBRARY", f"{tmp_path}/a:{tmp_path}/b")
    assert [one.root.name for one in ConnectionLibrary().folders] == ["a", "b"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("wss://feed.example/btc", "BTC feed"),
        ("wss://FEED.example/btc/", "BTC feed"),
        ("wss://feed.example/btc?token=•••", "BTC feed"),  # a parameter of the options
        ("wss://boerse.example/", "Börse"),
        ("wss://test.example/v1/trades?id=7", "By variables"),
        ("wss://test.example/v1/book?id=7", "By one variable"),
        ("wss://test.example/v2/book?id=7", None),
        ("wss://test.example/v1/book", None),  # without the parameter of the address
        ("wss://live.example/v1/trades?id=7", "By variables"),  # by another environment
        ("wss://other.example/v1/trades?id=7", None),  # of no environment
        ("wss://test.example/token/abc", "By a secret"),
        ("wss://other.example/only", None),
        ("wss://feed.example/btcx", None),
        ("", None),
    ],
)
def test_the_connection_to_a_recorded_address_is_found(
    library: ConnectionLibrary, address: str, name: str | None
) -> None:
    folder = library.folders[0]
    for called, typed in (
        ("By variables", "{{host}}/v1/{{path}}?id={{id}}"),
        ("By one variable", "test.example/v1/book?id={{id}}"),
        ("By a secret", "{{host}}/token/{{secret}}"),
        ("Anything", "{{unknown}}"),
        ("Nothing", ""),
    ):
        folder.create_connection(ROOT, SavedConnection(called, typed))
    for environment in ("Test", "Live"):
        host = Variable("host", f"{environment.lower()}.example")
        variables = (host, Variable("path", "trades"), Variable("secret", None, is_secret=True))
        EnvironmentFiles(folder.root).save(Environment(environment, variables))
    saved = library.connection_at(address)
    assert (None if saved is None else saved.name) == name


def test_an_address_of_many_variables_takes_no_time(tmp_path: Path) -> None:
    library = ConnectionLibrary([tmp_path])
    typed = "a/" + "{{x}}a" * 60 + "b"
    library.folders[0].create_connection(ROOT, SavedConnection("Many", typed))
    library.load()
    assert library.connection_at("ws://a/" + "a" * 400) is None
    saved = library.connection_at("ws://a/" + "xa" * 60 + "b")
    assert saved is not None


def test_the_schemas_of_a_found_connection_have_absolute_paths(tmp_path: Path) -> None:
    library = ConnectionLibrary([tmp_path])
    profile = Profile(schemas=SchemaFiles("feed.proto"))
    broken = library.folders[0].create_connection(ROOT, SavedConnection("A", "ws://a.test"))
    library.folders[0].create_connection(ROOT, SavedConnection("B", "ws://a.test", profile))
    library.load()
    (tmp_path / broken).write_text("{")
    saved = library.connection_at("ws://a.test/")
    assert saved is not None
    assert saved.profile.schemas.protobuf == str(tmp_path / "feed.proto")
