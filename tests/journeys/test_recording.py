"""In the terminal: a flood is recorded, looked at, searched and listed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.journeys.program import COMMAND, ROOT, serving


def _run(words: str, **names: object) -> tuple[int, str]:
    """What a person types in a shell, with `spacebeam` for the program."""
    finished = subprocess.run(
        ["bash", "-o", "pipefail", "-c", words.format(spacebeam=" ".join(COMMAND), **names)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        text=True,
    )
    assert finished.stderr == ""
    return finished.returncode, finished.stdout


def test_a_flood_is_recorded_looked_at_searched_and_listed(tmp_path: Path) -> None:
    path, count = tmp_path / "flood.beam", 300_000
    with serving() as (address, _server):
        code, told = _run(
            "{spacebeam} record '{address}/flood?count={count}&size=40' {path}",
            address=address,
            path=path,
            count=count,
        )
    assert code == 0
    assert f"kept in {path}" in told

    code, told = _run("{spacebeam} info {path} --json", path=path)
    info = json.loads(told)
    assert code == 0
    assert info["state"] == "whole"
    assert info["received"] == count + 1  # with the close
    assert [one["report"]["ok"] for one in info["handshakes"]] == [True]

    code, told = _run("{spacebeam} search {path} 'is:text abc' --count", path=path)
    assert (code, told) == (0, f"{count}\n")
    assert _run("{spacebeam} search {path} nowhere", path=path) == (1, "")

    code, told = _run("{spacebeam} list {path} --filter is:text | head -n 2", path=path)
    assert (code, told) == (0, "0123456789abcdefghijklmnopqrstuvwxyz 012\n" * 2)
    code, told = _run("{spacebeam} list {path} --json --last 1", path=path)
    assert json.loads(told)["number"] == info["entries"] - 1
