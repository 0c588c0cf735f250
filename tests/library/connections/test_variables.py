"""Which variables a saved connection has, and which of the same name wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.connections.secrets import KnownSecrets
from spacebeam.library.connections.variables import preparation
from spacebeam.profiles.collection import Environment, Folder, SavedConnection, Variable

LEVELS = ("collection", "environment", "outer", "inner", "connection", "given")


def of(level: str) -> tuple[Variable, ...]:
    """A variable of its own, and one that each later level overrides."""
    later = LEVELS[LEVELS.index(level) :]
    return (Variable(level, level), *(Variable(f"from {one}", level) for one in later))


@pytest.fixture
def path(folder: OpenFolder) -> str:
    folder.save_folder(ROOT, Folder("Feeds", variables=of("collection")))
    outer = folder.create_folder(ROOT, Folder("Outer", variables=of("outer")))
    inner = folder.create_folder(outer, Folder("Inner", variables=of("inner")))
    EnvironmentFiles(folder.root).save(Environment("Test", of("environment")))
    connection = SavedConnection("A", "wss://{{host}}/", variables=of("connection"))
    return folder.create_connection(inner, connection)


def test_later_ones_win(folder: OpenFolder, path: str) -> None:
    overrides = {one.name: one.value or "" for one in of("given")}
    found = preparation(folder, path, "Test", overrides).variables
    assert {name: one.value for name, one in found.items()} == (
        {level: level for level in LEVELS} | {f"from {level}": level for level in LEVELS}
    )


def test_an_environment_extends_another_and_has_a_file(folder: OpenFolder, path: str) -> None:
    files = EnvironmentFiles(folder.root)
    files.save(Environment("Base", (Variable("host", "base"), Variable("a", "base"))))
    files.save(Environment("Live", (Variable("a", "live"),), extends="Base", env_file="live.env"))
    files.save(Environment("Round", (Variable("r", "1"),), extends="Round"))
    (folder.root / "live.env").write_text("a=file\nAPI_TOKEN=t0ken\n")
    found = preparation(folder, path, "Live").variables
    assert (found["host"].value, found["a"].value) == ("base", "live")
    assert found["API_TOKEN"] == Variable("API_TOKEN", "t0ken", is_secret=True)
    assert preparation(folder, path, "Round").variables["r"].value == "1"
    assert "host" not in preparation(folder, path, "Missing").variables


@pytest.mark.parametrize("name", ["../outside.env", "/etc/passwd", "link.env"])
def test_a_collection_reads_no_file_outside_of_it(
    folder: OpenFolder, path: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / "outside.env").write_text("leaked=1\n")
    (folder.root / "link.env").symlink_to(tmp_path / "outside.env")
    EnvironmentFiles(folder.root).save(Environment("Bad", env_file=name))
    assert "leaked" not in preparation(folder, path, "Bad").variables


def test_the_env_file_of_a_collection_wins_over_the_environment(
    folder: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "process")
    monkeypatch.setenv("OTHER", "other")
    address = "wss://{{process.env.HOST}}/{{$env OTHER}}"
    path = folder.create_connection(ROOT, SavedConnection("A", address))
    assert preparation(folder, path).prepared().address == "wss://process/other"
    (folder.root / ".env").write_text("HOST=file\n")
    assert preparation(folder, path).prepared().address == "wss://file/other"
    assert os.environ["HOST"] == "process"


def test_secrets_come_from_elsewhere(folder: OpenFolder) -> None:
    EnvironmentFiles(folder.root).save(
        Environment("Test", (Variable("token", "s3cret", is_secret=True),))
    )
    path = folder.create_connection(ROOT, SavedConnection("A", "wss://h/{{token}}"))
    missing = preparation(folder, path, "Test").prepared()
    assert list(missing.unresolved.missing_secrets) == ["token"]
    secrets = KnownSecrets(by_environment={"Test": {"token": "t0ken"}})
    known = preparation(folder, path, "Test", secrets=secrets)
    assert known.prepared().address == "wss://h/t0ken"
    given = preparation(folder, path, "Test", {"token": "t0ken"})
    assert given.variables["token"].is_secret
