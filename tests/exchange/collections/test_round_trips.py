"""What Spacebeam writes for other programs, it reads again as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.exchange.collections.exporters.registry import COLLECTION_FORMATS
from spacebeam.exchange.collections.importers.registry import read
from spacebeam.exchange.losses import Loss
from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from tests.exchange.collections import strategies
from tests.exchange.collections.exporting import collection_with, exported, sent


def _again(collection: Collection, name: str) -> Collection:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "target"
        exported(collection, name, target)
        return read(target).collection


@pytest.mark.parametrize("name", ["postman", "insomnia-4", "insomnia"])
@settings(max_examples=60, deadline=None)
@given(collection=strategies.collections)
def test_connections_and_environments_come_back(name: str, collection: Collection) -> None:
    again = _again(collection, name)
    expected = sent(collection)
    if name == "insomnia":  # version 5 has no messages
        expected = [one._replace(messages=[]) for one in expected]
    assert sent(again) == expected
    found = {one.name: _plain(one.variables) for one in again.environments}
    assert found == {one.name: one.variables for one in collection.environments}


@settings(max_examples=60, deadline=None)
@given(collection=strategies.collections)
def test_a_folder_of_opencollection_comes_back_whole(collection: Collection) -> None:
    again = _again(collection, "opencollection")
    assert again.folder.variables == collection.folder.variables
    for one, other in zip(_all(again), _all(collection), strict=True):
        assert (one.name, one.address, one.messages) == (other.name, other.address, other.messages)
        assert one.profile.request == other.profile.request


@settings(max_examples=60, deadline=None)
@given(message=strategies.messages | strategies.binary_messages)
def test_a_message_of_any_text_comes_back_from_postman(message: SavedMessage) -> None:
    one = SavedConnection("a", "ws://h/", messages=(message,))
    (again,) = _all(_again(collection_with(one), "postman"))
    assert again.messages == (message,)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(strategies.texts, min_size=1, max_size=4))
def test_texts_of_an_http_file_come_back_or_are_listed(texts: list[str]) -> None:
    messages = tuple(SavedMessage(str(n), text, on_connect=True) for n, text in enumerate(texts))
    one = SavedConnection("a", "ws://h/", messages=messages)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "a.http"
        losses = exported(collection_with(one), "http", target)
        (again,) = _all(read(target).collection)
    listed = losses.names.get(Loss.MESSAGES, {})
    came = [message.text for message in again.messages]
    assert [text for count, text in enumerate(texts) if str(count) not in listed] == [
        text for text in came if text in texts
    ]


def _all(collection: Collection) -> list[SavedConnection]:
    return [one for _folders, one in collection.folder.walk()]


def _plain(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Return variables that are not secret because of their names."""
    return tuple(replace(one, is_secret=False) for one in variables)


def test_an_environment_is_above_the_collection_and_below_the_connection(tmp_path: Path) -> None:
    base = Environment("Base", (Variable("b", "base"), Variable("c", "base")))
    test = Environment("Test", (Variable("c", "test"), Variable("d", "test")), extends="Base")
    inner = (Variable("d", "own"),)
    one = SavedConnection("a", "ws://h/{{a}}/{{b}}/{{c}}/{{d}}", variables=inner)
    outer = tuple(Variable(name, "outer") for name in "abcd")
    collection = Collection(Folder("x", variables=outer, connections=(one,)), (base, test))
    losses = exported(collection, "websocat", tmp_path / "a.sh", environment="Test")
    assert "ws://h/outer/base/test/own" in (tmp_path / "a.sh").read_text()
    assert losses == {Loss.ENVIRONMENTS: 1}


def test_names_of_files_are_safe(tmp_path: Path) -> None:
    names = ("../x", "..", "CON", "a/b", "A/B", "a\x1b\u202eb", "x" * 500, "folder.yml", ".git")
    connections = (SavedConnection(name, "ws://h/") for name in names)
    exported(collection_with(*connections), "opencollection", tmp_path / "out")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(files) == len(names) + 1
    assert all(name.isprintable() and len(name) < 120 for name in files)
    assert not {"CON.yml", "folder.yml"} & set(files)
    assert len(_all(read(tmp_path / "out").collection)) == len(names)


@pytest.mark.parametrize("name", sorted(COLLECTION_FORMATS))
@pytest.mark.parametrize("text", ["1234", '{"a": 1}'])  # the first one could be Base64
def test_a_message_that_is_encoded_is_carried_over_or_listed(
    name: str, text: str, tmp_path: Path
) -> None:
    message = SavedMessage("Packed", text, MessageFormat.JSON, True, encoding="MessagePack")
    one = SavedConnection("a", "ws://h/", messages=(message,))
    losses = exported(collection_with(one), name, tmp_path / "target")
    if name == "opencollection":
        (again,) = _all(read(tmp_path / "target").collection)
        assert again.messages == (message,)
    else:
        assert any("Packed" in told for names in losses.names.values() for told in names)
