"""Environments on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.profiles.collection import Environment, Variable

TEST = Environment("Test server", (Variable("host", "test.example"),))


def test_an_environment_is_saved_renamed_and_deleted(tmp_path: Path) -> None:
    files = EnvironmentFiles(tmp_path)
    assert files.all() == []
    saved = files.save(TEST)
    assert [one.path for one in files.all()] == ["environments/Test server.yml"]
    renamed = files.save(replace(saved, name="Live"), saved)
    assert [(one.path, one.environment) for one in files.all()] == [
        ("environments/Live.yml", renamed)
    ]
    assert files.environment("Live") == renamed
    assert files.delete("Live") == renamed
    assert files.environment("Live") is None


def test_an_environment_that_changed_on_disk_is_not_overwritten(tmp_path: Path) -> None:
    files = EnvironmentFiles(tmp_path)
    saved = files.save(TEST)
    file = tmp_path / "environments/Test server.yml"
    file.write_text(file.read_text().replace("test.example", "theirs"))
    with pytest.raises(ChangedOnDiskError):
        files.save(replace(saved, color="#112233"), saved)
    assert "theirs" in file.read_text()


def test_a_broken_environment_has_its_problem(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments/Bad.yml").write_text("name: [\n")
    (found,) = EnvironmentFiles(tmp_path).all()
    assert (found.name, found.problem is not None) == ("Bad", True)


def test_environments_in_the_collection_are_found(tmp_path: Path) -> None:
    (tmp_path / "opencollection.yml").write_text(
        "config:\n  environments:\n    - name: Inside\n      variables: [{name: a, value: b}]\n"
    )
    assert EnvironmentFiles(tmp_path).environment("Inside") == Environment(
        "Inside", (Variable("a", "b"),)
    )
