"""Several programs change the files of one folder at the same time, and none of it is lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Folder, SavedConnection, Variable
from tests.support.waiting import PATIENCE

# Adds variables to one connection, each as a change of what it has just read; and connections.
_PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import SavedConnection, Variable

root, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
folder = OpenFolder(root)
folder.load()
for number in range(count):
    while True:
        try:
            folder.create_connection(ROOT, SavedConnection("Same name", f"ws://{name}/{number}"))
            break
        except BlockingIOError:
            pass
    while True:
        was = folder.connection("Shared.yml")
        variable = Variable(f"{name}{number}", "x")
        try:
            folder.save("Shared.yml", replace(was, variables=(*was.variables, variable)), was)
            break
        except (ChangedOnDiskError, BlockingIOError):
            pass
"""
_COUNT = 25


def test_no_program_overwrites_what_another_saved(folder: OpenFolder) -> None:
    folder.create_connection(ROOT, SavedConnection("Shared", "ws://h"))
    programs = [
        subprocess.Popen([sys.executable, "-c", _PROGRAM, str(folder.root), name, str(_COUNT)])
        for name in ("a", "b")
    ]
    assert [one.wait(PATIENCE) for one in programs] == [0, 0]
    names = {one.name for one in folder.connection("Shared.yml").variables}
    assert names == {f"{name}{number}" for name in "ab" for number in range(_COUNT)}
    folder.load()
    addresses = {one.address for one in folder.children()}
    assert addresses >= {f"ws://{name}/{number}" for name in "ab" for number in range(_COUNT)}
    assert not [one for one in folder.root.iterdir() if one.name.startswith(".")]


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_changed_field_is_a_changed_line_in_git(folder: OpenFolder) -> None:
    team = folder.create_folder(ROOT, Folder("Team"))
    variables = (Variable("a", "1"), Variable("b", "2"))
    path = folder.create_connection(team, SavedConnection("Feed", "ws://h", variables=variables))
    git(folder.root, "init", "--quiet")
    git(folder.root, "add", "--all")
    git(folder.root, "commit", "--quiet", "--message", "first")
    was = folder.connection(path)
    for changed in (
        replace(was, address="ws://other"),
        replace(was, variables=(Variable("a", "3"), *variables[1:])),
        replace(was, description="words"),
    ):
        folder.save(path, changed)
        added, removed, _file = git(folder.root, "diff", "--numstat").split("\t")
        assert (int(added), int(removed)) in ((1, 1), (1, 0))
        folder.save(path, was)
        assert git(folder.root, "status", "--porcelain") == ""


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_another_branch_is_taken_up(folder: OpenFolder) -> None:
    git(folder.root, "init", "--quiet", "--initial-branch", "one")
    path = folder.create_connection(ROOT, SavedConnection("One", "ws://one"))
    git(folder.root, "add", "--all")
    git(folder.root, "commit", "--quiet", "--message", "one")
    git(folder.root, "checkout", "--quiet", "-b", "two")
    folder.save(path, SavedConnection("Two", "ws://two"))
    folder.create_folder(ROOT, Folder("More", connections=(SavedConnection("In", "ws://in"),)))
    git(folder.root, "add", "--all")
    git(folder.root, "commit", "--quiet", "--message", "two")
    git(folder.root, "checkout", "--quiet", "one")
    folder.refresh([folder.root])
    assert [(one.name, one.address) for one in folder.children()] == [("One", "ws://one")]
    git(folder.root, "checkout", "--quiet", "two")
    folder.refresh([folder.root])
    assert [one.name for one in folder.children()] == ["More", "Two"]
