"""Commands whose standard input or output is closed, as under a supervisor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.recordings import write_example


@pytest.mark.parametrize(
    ("redirection", "arguments", "status", "words"),
    [
        ("<&-", ("decode", "-"), 4, "Could not read -: Bad file descriptor."),
        (">&-", ("export", "{file}", "--format", "jsonl", "-o", "-"), 5, "Bad file descriptor."),
        ("<&-", ("mcp",), 2, "standard input and output, which are closed."),
    ],
)
def test_a_closed_stream_is_told_in_a_sentence(
    tmp_path: Path, redirection: str, arguments: tuple[str, ...], status: int, words: str
) -> None:
    file = write_example(tmp_path / "r.beam")
    given = [one.format(file=file) for one in arguments]
    shell = ["sh", "-c", f'exec "$0" -m spacebeam "$@" {redirection}', sys.executable, *given]
    finished = subprocess.run(shell, capture_output=True, check=False, timeout=60)
    assert finished.returncode == status
    assert finished.stderr.decode().rstrip().endswith(words)
    assert finished.stderr.count(b"\n") == 1
