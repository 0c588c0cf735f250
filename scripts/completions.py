"""Writes the shells' completion scripts, which are installed with the package."""

from __future__ import annotations

from pathlib import Path

from spacebeam.cli.command_line import completion_script

FOLDER = Path(__file__).resolve().parent.parent / "data/completions"
FILES = {"bash": "spacebeam.bash", "zsh": "_spacebeam", "fish": "spacebeam.fish"}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for shell, name in FILES.items():
        (FOLDER / name).write_text(completion_script(shell))


if __name__ == "__main__":
    main()
