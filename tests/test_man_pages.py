"""The manual pages: up to date, valid for man and mandoc, and installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts.man_pages import FOLDER, blocks, filled, pages
from spacebeam.cli.command_line import COMMANDS
from spacebeam.help.page import TextRun
from spacebeam.help.parsing import parse_page
from spacebeam.help.topics import TOPICS

_ROOT = Path(__file__).resolve().parent.parent
_PAGES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.[17]"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; skip the test where it is not installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=environment, check=False
    )


def shown(name: str) -> str:
    """Return a page as man shows it."""
    return run("man", "-l", str(FOLDER / name)).stdout


def test_the_pages_are_up_to_date() -> None:
    """If this fails, run `python -m scripts.man_pages`."""
    wanted = {path.as_posix(): text for path, text in pages().items()}
    assert {name: (FOLDER / name).read_text() for name in _PAGES} == wanted


def test_every_command_and_topic_has_a_page() -> None:
    commands = {f"man1/spacebeam-{name}.1" for name in COMMANDS}
    topics = {f"man7/spacebeam-{name}.7" for name in TOPICS}
    assert set(_PAGES) == {"man1/spacebeam.1"} | commands | topics


@pytest.mark.parametrize("name", _PAGES)
def test_mandoc_has_no_complaint(name: str) -> None:
    checked = run("mandoc", "-T", "lint", str(FOLDER / name))
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize("name", _PAGES)
def test_man_has_no_complaint(name: str) -> None:
    checked = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(FOLDER / name))
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_command_has_its_options_and_examples() -> None:
    page = shown("man1/spacebeam-connect.1")
    assert "--subprotocol NAME" in page
    assert "\nEXAMPLES\n       spacebeam connect ws://localhost:8000/chat\n" in page
    assert "spacebeam-options(7)" in page


def test_a_topic_has_the_text_of_the_help() -> None:
    page = shown("man7/spacebeam-search.7")
    assert "json:price>100" in page
    assert r"in a quotation, \" is a quotation mark" in page
    assert "spacebeam-decoders(7)" in page


def test_characters_of_roff_are_shown_as_they_are(tmp_path: Path) -> None:
    text = "# T\n\nS.\n\n.TH 'a' \\n `x^y~z` -\n\n    .br \\e '`^~-\n\n- 'b'\n"
    lines = ['.TH T 1 2026-01-01 "x" y', ".SH NAME", *filled((TextRun("t - s"),)), ".SH A"]
    lines += blocks(parse_page("t", text).blocks)
    path = tmp_path / "t.1"
    path.write_text("\n".join(lines) + "\n")
    printed = run("man", "-E", "UTF-8", "-l", str(path)).stdout
    for wanted in (".TH 'a' \\n x^y~z -", ".br \\e '`^~-", "'b'"):
        assert wanted in printed


def test_the_pages_are_installed() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared["data/man"] == "share/man"
