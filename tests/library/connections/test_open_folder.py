"""Connections on disk: made, saved, moved, deleted, and changed by other programs meanwhile."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from spacebeam.exchange.opencollection.yaml_reading import YamlError, YamlProblem
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.nodes import ROOT, NodeKind
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Folder, SavedConnection, SavedMessage, Variable
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod

FEED = SavedConnection("BTC feed", "wss://{{host}}/feed")
ODD_NAMES = [
    "a/b",
    "../up",
    "..",
    ".hidden",
    "con",
    "COM1.txt",
    "nul",
    "folder",
    "opencollection",
    "environments",
    "",
    "   ",
    "a\nb\0c",
    "x" * 500,
    "é" * 300,
    "ドル/円 😀",
    'a:*?"<>|b',
    "-rf",
    "name.yml",
    "\u202egnp.exe",
    "a\\b",
    "trailing. ",
]


def names(folder: OpenFolder, path: str = ROOT) -> list[str]:
    return [one.name for one in folder.children(path)]


def reopened(folder: OpenFolder) -> OpenFolder:
    again = OpenFolder(folder.root)
    again.load()
    assert list(again.nodes()) == sorted_as(again, folder)
    return again


def sorted_as(one: OpenFolder, other: OpenFolder) -> list[object]:
    """The nodes of the other folder in the order of the first: memory and disk say the same."""
    return [other.node(node.path) for node in one.nodes()]


def test_a_new_connection_is_in_a_file_of_its_name(folder: OpenFolder) -> None:
    path = folder.create_connection(ROOT, FEED)
    assert path == "BTC feed.yml"
    assert folder.connection(path) == FEED
    assert (folder.root / path).read_text() == (
        "info:\n  name: BTC feed\n  type: websocket\n  seq: 1\n\n"
        "websocket:\n  url: wss://{{host}}/feed\n  auth: inherit\n"
    )
    assert (folder.root / "opencollection.yml").read_text() == (
        'opencollection: "1.0.0"\n\ninfo:\n  name: Feeds\n'
    )
    assert names(reopened(folder)) == ["BTC feed"]


def test_the_default_folder_is_made_with_its_first_connection(tmp_path: Path) -> None:
    folder = OpenFolder(tmp_path / "a/connections", may_be_missing=True)
    folder.load()
    assert (folder.children(), folder.node(ROOT) is not None) == ([], True)
    assert not folder.root.exists()
    folder.create_connection(ROOT, FEED)
    assert names(reopened(folder)) == ["BTC feed"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_name_makes_a_safe_file(folder: OpenFolder, name: str) -> None:
    connection = replace(FEED, name=name)
    paths = [folder.create_connection(ROOT, connection) for _ in range(2)]
    paths.append(folder.create_folder(ROOT, Folder(name)))
    assert len({path.casefold() for path in paths}) == 3
    for path in paths:
        assert os.sep not in path
        assert not path.startswith(".")
        assert len(path.encode()) < 200
        assert (folder.root / path).parent == folder.root
        assert path.isprintable()
    assert folder.connection(paths[1]) == connection
    assert len(reopened(folder).children()) == 3


def test_names_that_differ_in_case_do_not_clash(folder: OpenFolder) -> None:
    paths = [folder.create_connection(ROOT, replace(FEED, name=one)) for one in ("Feed", "FEED")]
    assert paths == ["Feed.yml", "FEED 2.yml"]


def test_saving_changes_only_what_differs(folder: OpenFolder) -> None:
    path = folder.create_connection(ROOT, FEED)
    file = folder.root / path
    file.write_text(file.read_text().replace("feed\n  auth", "feed  # mine\n  auth") + "docs: x\n")
    before = file.read_text().splitlines()
    was = folder.connection(path)
    saved = folder.save(path, replace(was, address="wss://b.example"), was)
    assert saved.address == "wss://b.example"
    after = file.read_text().splitlines()
    assert set(after) - set(before) == {"  url: wss://b.example  # mine"}
    assert len(after) == len(before)
    node = folder.node(path)
    assert node is not None
    assert node.address == "wss://b.example"


def test_a_file_that_another_program_changed_is_not_overwritten(folder: OpenFolder) -> None:
    path = folder.create_connection(ROOT, FEED)
    was = folder.connection(path)
    file = folder.root / path
    file.write_text(file.read_text().replace("/feed", "/theirs"))
    with pytest.raises(ChangedOnDiskError):
        folder.save(path, replace(was, description="mine"), was)
    assert "/theirs" in file.read_text()
    file.unlink()
    with pytest.raises(ChangedOnDiskError):
        folder.save(path, was, was)
    assert not file.exists()


def test_a_change_that_is_no_value_does_not_stop_saving(folder: OpenFolder) -> None:
    path = folder.create_connection(ROOT, FEED)
    was = folder.connection(path)
    file = folder.root / path
    file.write_text(f"# a comment\n{file.read_text()}")
    folder.save(path, replace(was, description="mine"), was)
    assert file.read_text().startswith("# a comment\n")


def test_a_broken_file_is_shown_with_its_problem_and_left_alone(folder: OpenFolder) -> None:
    file = folder.root / "broken.yml"
    text = "info:\n  name: x\n  type: websocket\n bad: [\n"
    file.write_text(text)
    folder.refresh([file])
    (node,) = folder.children()
    assert (node.name, node.kind) == ("broken.yml", NodeKind.CONNECTION)
    assert node.problem is not None
    assert (node.problem.problem, node.problem.line) == (YamlProblem.SYNTAX, 4)
    with pytest.raises(YamlError):
        folder.save("broken.yml", FEED)
    assert file.read_text() == text
    file.write_text(text.replace(" bad: [\n", ""))
    folder.refresh([file])
    assert folder.children()[0].problem is None


def test_files_of_other_kinds_are_not_connections(folder: OpenFolder) -> None:
    for name, text in {
        "compose.yml": "services: {}\n",
        "http.yml": "info: {name: x, type: http}\n",
        "notes.txt": "info: {type: websocket}\n",
        ".hidden.yml": "info: {type: websocket}\n",
        "node_modules/a.yml": "info: {type: websocket}\n",
        "environments/Local.yml": "name: Local\n",
        ".git/a.yml": "info: {type: websocket}\n",
    }.items():
        (folder.root / name).parent.mkdir(exist_ok=True)
        (folder.root / name).write_text(text)
    os.mkfifo(folder.root / "pipe.yml")
    (folder.root / "loop").symlink_to(folder.root)
    folder.load()
    assert [(one.name, one.problem is not None) for one in folder.children()] == [
        ("pipe.yml", True)
    ]


def test_folders_give_their_values_to_all_in_them(folder: OpenFolder) -> None:
    folder.save_folder(ROOT, Folder("All", variables=(Variable("host", "a.example"),)))
    header = Profile(
        RequestSettings(headers=(("X-Team", "a"),)), SignIn(SignInMethod.BEARER, token="{{token}}")
    )
    team = folder.create_folder(
        ROOT, Folder("Team", header, messages=(SavedMessage("Ping", "ping"),))
    )
    inner = folder.create_folder(team, Folder("Inner"))
    path = folder.create_connection(inner, FEED)
    assert path == "Team/Inner/BTC feed.yml"
    assert [one.name for one in folder.folders_of(path)] == ["All", "Team", "Inner"]
    found = folder.inherited(path)
    assert found.profile == header
    assert [one.name for one in found.variables] == ["host"]
    assert [one.name for one in found.messages] == ["Ping"]


def test_a_folder_is_made_with_all_that_is_in_it(folder: OpenFolder) -> None:
    inner = Folder("Inner", connections=(FEED, FEED))
    path = folder.create_folder(ROOT, Folder("Outer", folders=(inner,), connections=(FEED,)))
    assert names(folder, path) == ["Inner", "BTC feed"]
    assert len(reopened(folder).children(f"{path}/Inner")) == 2


def test_renaming_renames_the_file_only_if_it_has_the_name(folder: OpenFolder) -> None:
    path = folder.create_connection(ROOT, FEED)
    path = folder.rename(path, "ETH/feed")
    assert (path, folder.connection(path).name) == ("ETH-feed.yml", "ETH/feed")
    (folder.root / path).rename(folder.root / "own.yml")
    folder.load()
    assert folder.rename("own.yml", "Other") == "own.yml"
    team = folder.create_folder(ROOT, Folder("Team"))
    inside = folder.create_connection(team, FEED)
    assert folder.rename(team, "Crew") == "Crew"
    assert folder.node(inside) is None
    assert names(folder, "Crew") == ["BTC feed"]
    assert folder.rename(ROOT, "Mine") == ROOT
    assert folder.folder().name == "Mine"
    reopened(folder)


def test_moving_gives_a_place_and_keeps_the_others(folder: OpenFolder) -> None:
    paths = [folder.create_connection(ROOT, replace(FEED, name=name)) for name in "abcd"]
    folder.move(paths[3], ROOT, 1)
    assert names(folder) == ["a", "d", "b", "c"]
    team = folder.create_folder(ROOT, Folder("Team"))
    other = folder.create_connection(team, replace(FEED, name="a"))
    moved = folder.move(paths[0], team, 0)
    assert (moved, other) == ("Team/a 2.yml", "Team/a.yml")
    assert [one.path for one in folder.children(team)] == [moved, other]
    assert names(folder) == ["Team", "d", "b", "c"]
    with pytest.raises(ValueError, match="into itself"):
        folder.move(team, team)
    assert names(reopened(folder), "Team") == ["a", "a"]


def test_a_duplicate_stands_behind_the_original_with_its_comments(folder: OpenFolder) -> None:
    first, _second = [folder.create_connection(ROOT, replace(FEED, name=name)) for name in "ab"]
    file = folder.root / first
    file.write_text(f"# mine\n{file.read_text()}")
    copy = folder.duplicate(first, "a (copy)")
    assert names(folder) == ["a", "a (copy)", "b"]
    assert (folder.root / copy).read_text().startswith("# mine\n")
    team = folder.create_folder(ROOT, Folder("Team", connections=(FEED,)))
    assert names(folder, folder.duplicate(team, "Crew")) == ["BTC feed"]
    assert names(reopened(folder)) == ["Team", "Crew", "a", "a (copy)", "b"]


def test_what_was_deleted_comes_back(folder: OpenFolder) -> None:
    team = folder.create_folder(ROOT, Folder("Team", connections=(FEED, FEED)))
    path = folder.children(team)[0].path
    deleted = folder.delete(path)
    assert not (folder.root / path).exists()
    assert len(folder.children(team)) == 1
    taken = folder.create_connection(team, FEED)
    assert taken == path
    assert folder.undo(deleted) not in (path, taken)
    assert len(folder.children(team)) == 3
    whole = folder.delete(team)
    assert folder.children() == []
    assert folder.undo(whole) == team
    assert len(reopened(folder).children(team)) == 3


def test_a_favourite_is_marked_in_its_file(folder: OpenFolder) -> None:
    path = folder.create_connection(ROOT, FEED)
    before = (folder.root / path).read_text()
    folder.set_favorite(path, True)
    assert reopened(folder).children()[0].is_favorite
    folder.set_favorite(path, False)
    assert (folder.root / path).read_text() == before


def test_edits_from_outside_are_taken_up(folder: OpenFolder) -> None:
    path = folder.create_connection(folder.create_folder(ROOT, Folder("Team")), FEED)
    folder.take_changes()
    file = folder.root / path
    other = folder.root / "Team/.swap"
    other.write_text(file.read_text().replace("BTC", "ETH"))
    other.replace(file)  # as editors save
    folder.refresh([file, other])
    assert names(folder, "Team") == ["ETH feed"]
    assert folder.take_changes() == {"Team"}
    (folder.root / "Team/folder.yml").write_text("info: {name: Crew}\n")
    folder.refresh([folder.root / "Team/folder.yml"])
    assert names(folder) == ["Crew"]
    file.unlink()
    folder.refresh([file, Path("/elsewhere/x.yml")])
    assert names(folder, "Team") == []
    (folder.root / "Team").rename(folder.root / "New")
    folder.refresh([folder.root / "Team", folder.root / "New"])
    assert [one.path for one in folder.children()] == ["New"]
    reopened(folder)


def test_folders_are_watched_before_they_are_read(folder: OpenFolder) -> None:
    folder.create_folder(ROOT, Folder("Team", connections=(FEED,)))
    text = (folder.root / "Team/BTC feed.yml").read_text()
    watched: list[Path] = []

    def watch(place: str) -> None:
        """Change the folder, as another program does in this moment."""
        watched.append(Path(place))
        Path(place, f"New {len(watched)}.yml").write_text(text)

    seen = OpenFolder(folder.root)
    for _step in seen.reading(watch):
        pass
    assert watched == [folder.root, folder.root / "Team"]
    seen.refresh([folder.root / "Team"], watch)
    assert watched[2:] == [folder.root / "Team"]
    found = {one.path for one in seen.nodes() if "New" in one.path}
    assert found == {"New 1.yml", "Team/New 2.yml", "Team/New 3.yml"}


def test_a_folder_that_vanished_is_a_problem_and_comes_back(folder: OpenFolder) -> None:
    folder.create_connection(ROOT, FEED)
    aside = folder.root.with_name("aside")
    folder.root.rename(aside)
    folder.load()
    root = folder.node(ROOT)
    assert root is not None
    assert root.problem is not None
    assert folder.children() == []
    aside.rename(folder.root)
    folder.load()
    assert names(folder) == ["BTC feed"]


def test_a_path_out_of_the_folder_is_refused(folder: OpenFolder) -> None:
    for path in ("../x.yml", "/etc/passwd", "a/../../x.yml"):
        with pytest.raises(ValueError, match="not a path"):
            folder.connection(path)


def test_a_failed_write_leaves_the_file(
    folder: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder.create_connection(ROOT, FEED)
    before = (folder.root / path).read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.save(path, replace(FEED, name="other"))
    assert (folder.root / path).read_bytes() == before
    assert sorted(os.listdir(folder.root)) == ["BTC feed.yml", "opencollection.yml"]
