"""Shell completion: the installed scripts and the completions."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from spacebeam.cli.command_line import completion_script
from tests.cli.program import PATIENCE, command

_FOLDER = Path(__file__).parents[2] / "data/completions"


@pytest.mark.parametrize(
    ("shell", "name"),
    [("bash", "spacebeam.bash"), ("zsh", "_spacebeam"), ("fish", "spacebeam.fish")],
)
def test_the_installed_scripts_are_up_to_date(shell: str, name: str) -> None:
    """If this fails, run scripts/completions.py."""
    assert (_FOLDER / name).read_text() == completion_script(shell)


def completed(*words: str) -> list[str]:
    """Return bash's completions of these words."""
    environment = os.environ | {
        "_SPACEBEAM_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("spacebeam", *words)),
        "COMP_CWORD": str(len(words)),
    }
    finished = subprocess.run(
        command(), env=environment, capture_output=True, timeout=PATIENCE, check=True
    )
    assert finished.stderr == b""
    return finished.stdout.decode().split()


def test_commands_options_choices_and_files_are_completed() -> None:
    assert completed("rec") == ["plain,record"]
    assert "plain,search" in completed("")
    assert completed("connect", "ws://h", "--reco") == ["plain,--reconnect"]
    assert completed("connect", "ws://h", "--binary", "b") == ["plain,base64"]
    assert completed("connect", "--cacert", "x") == ["file,x"]
    assert completed("search", "a.b") == ["file,a.b"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_with_the_installed_script(tmp_path: Path) -> None:
    program = tmp_path / "spacebeam"
    program.write_text('#!/bin/sh\nexec {} "$@"\n'.format(" ".join(command())))
    program.chmod(0o755)
    script = (
        f"source {_FOLDER / 'spacebeam.bash'}; COMP_WORDS=({program} prob); COMP_CWORD=1; "
        f'_spacebeam_completion {program}; echo "${{COMPREPLY[@]}}"'
    )
    finished = subprocess.run(
        ["bash", "-c", script], capture_output=True, timeout=PATIENCE, check=True
    )
    assert finished.stdout == b"probe\n"
