"""`spacebeam export`: a recording in other programs' formats."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.protocol.batch import Direction, Kind, single
from tests.cli.program import PATIENCE, interrupt, spacebeam, started
from tests.cli.recordings import BEGAN, write_entries, write_example


def test_the_suffix_says_the_format(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    target = tmp_path / "a.har"
    finished = spacebeam("export", path, "-o", str(target))
    assert finished.returncode == 0
    assert b"Not carried over: 1 event of the connection; 1 ping or pong." in finished.stderr
    (entry,) = json.loads(target.read_bytes())["log"]["entries"]
    assert [one["data"] for one in entry["_webSocketMessages"]] == [
        '{"subscribe": "btc"}',
        '{"price": 7}',
        "AP8=",
    ]
    assert sorted(os.listdir(tmp_path)) == ["a.beam", "a.har"]
    assert target.stat().st_mode & 0o777 == 0o600  # as recordings: only this person reads it


def test_json_lines_are_printed_as_list_prints_them(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    finished = spacebeam("export", path, "--format", "jsonl", "-o", "-")
    assert finished.stdout == spacebeam("list", path, "--json").stdout


def test_only_the_entries_of_a_filter_are_exported(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    written = ("--filter", "is:received", "--hide", "is:ping", "--format", "text", "-o", "-")
    finished = spacebeam("export", path, *written)
    assert finished.stdout == spacebeam("list", path, *written[:4]).stdout
    assert spacebeam("export", path, "--filter", "zzz", "-o", f"{path}.csv").returncode == 1


@pytest.mark.parametrize("name", FORMATS)
def test_json_reports_every_format(name: str, tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    target = tmp_path / "out"
    finished = spacebeam("export", path, "--format", name, "-o", str(target), "--json")
    told = json.loads(finished.stdout)
    assert list(told) == ["file", "format", "entries", "bytes", "not_carried", "complete"]
    assert (told["file"], told["format"], told["entries"]) == (str(target), name, 6)
    assert told["complete"] is True
    files = list(target.iterdir()) if target.is_dir() else [target]
    assert sum(file.stat().st_size for file in files) == told["bytes"]
    assert finished.stderr == b""


@pytest.mark.parametrize("name", ["jsonl", "folder"])
def test_an_existing_file_is_not_overwritten(name: str, tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    before = Path(path).read_bytes()
    finished = spacebeam("export", path, "--format", name, "-o", path)
    assert finished.returncode == 5
    assert b"already exists" in finished.stderr
    assert Path(path).read_bytes() == before
    assert os.listdir(tmp_path) == ["a.beam"]


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    missing = tmp_path / "none" / "a.csv"
    assert spacebeam("export", path, "-o", str(missing)).returncode == 5
    assert spacebeam("export", path, "-o", "/dev/full", "--format", "csv").returncode == 5
    assert Path("/dev/full").is_char_device()
    assert os.listdir(tmp_path) == ["a.beam"]


@pytest.mark.parametrize("name", ["markdown", "folder"])
def test_ctrl_c_leaves_nothing(name: str, tmp_path: Path) -> None:
    batches = (single(BEGAN, Direction.SENT, Kind.TEXT, b"x" * 2**20) for _ in range(300))
    path = write_entries(tmp_path / "a.beam", *batches)
    words = ("export", path, "--format", name, "-o", str(tmp_path / "out"))
    with started(*words) as child:
        deadline = time.monotonic() + PATIENCE
        while len(os.listdir(tmp_path)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        assert interrupt(child) == 130
    assert os.listdir(tmp_path) == ["a.beam"]


@pytest.mark.parametrize(
    "words",
    [
        ("-o", "a.unknown"),
        ("-o", "-", "--format", "folder"),
        ("-o", "-", "--format", "csv", "--json"),
        ("--format", "csv"),
        ("-o", "a.csv", "--filter", "json:"),
    ],
)
def test_bad_usage_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    assert spacebeam("export", write_example(tmp_path / "a.beam"), *words).returncode == 2


def test_a_file_that_is_no_recording_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.beam").write_bytes(b"no")
    assert spacebeam("export", str(tmp_path / "a.beam"), "-o", "b.csv").returncode == 4


_WITHOUT_PYARROW = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "pyarrow" else found(name, *more)
from spacebeam.__main__ import main
sys.exit(main())
"""


def test_parquet_without_its_library_says_what_to_install(tmp_path: Path) -> None:
    path, target = write_example(tmp_path / "a.beam"), tmp_path / "a.parquet"
    finished = subprocess.run(
        [sys.executable, "-c", _WITHOUT_PYARROW, "export", path, "-o", str(target)],
        capture_output=True,
    )
    assert finished.returncode == 2
    assert b"pip install 'spacebeam[parquet]'" in finished.stderr
    assert not target.exists()
