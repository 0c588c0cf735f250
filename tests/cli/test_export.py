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
from tests.cli.program import PATIENCE, command, interrupt, read_all, spacebeam, started
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


@pytest.mark.parametrize("name", ["jsonl", "har", "csv", "scenario", "text", "markdown"])
def test_a_terminal_gets_no_control_characters_of_a_peer(name: str, tmp_path: Path) -> None:
    hostile = "a\x1b[2J\x9b\u202eb\x7f\r\nc"
    path = write_entries(
        tmp_path / "a.beam", single(BEGAN, Direction.SENT, Kind.TEXT, hostile.encode())
    )
    words = ("export", path, "--format", name, "-o", "-")
    ours, theirs = os.openpty()
    with subprocess.Popen(command(*words), stdout=theirs, stderr=subprocess.DEVNULL) as program:
        os.close(theirs)
        shown = read_all(ours).decode()
    os.close(ours)
    assert program.returncode == 0
    assert "a" in shown
    assert not set(shown) & set("\x1b\x9b\u202e\x7f")
    assert "\r" not in shown.replace("\r\n", "")
    assert (b"\x1b" in spacebeam(*words).stdout) is (name == "csv")  # a pipe gets what it is


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


_COLLECTIONS = Path(__file__).parents[1] / "exchange/collections/samples"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library with the connections of a sample."""
    folder = tmp_path / "library"
    monkeypatch.setenv("SPACEBEAM_LIBRARY", str(folder))
    workspace = str(_COLLECTIONS / "postman/workspace")
    assert spacebeam("import", workspace).returncode == 0
    return folder


def test_a_saved_connection_is_exported_by_its_name(library: Path) -> None:
    finished = spacebeam("export", "Ticker", "--format", "curl", "--env", "Local", "-o", "-")
    assert finished.returncode == 0
    assert b"'http://127.0.0.1:8791/ws?room=1'" in finished.stdout
    assert b"4 messages, not or not as they are (Subscribe, Plain" in finished.stderr


def test_a_folder_is_exported_by_its_name_with_what_is_above_it(
    library: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    finished = spacebeam("export", "Rooms", "--format", "postman", "-o", str(out), "--json")
    assert finished.returncode == 0
    told = json.loads(finished.stdout)
    assert (told["format"], told["connections"]) == ("postman", 1)
    assert told["not_carried_names"]["settings"] == ["protocol.name"]  # Socket.IO
    (request,) = out.rglob("*.request.yaml")
    assert "Bearer {{token}}" in request.read_text()


def test_a_file_of_one_program_becomes_one_of_another(tmp_path: Path) -> None:
    out = tmp_path / "feeds.http"
    file = str(_COLLECTIONS / "yaak/export-by-hand.json")
    assert spacebeam("export", file, "-o", str(out)).returncode == 0
    assert "WEBSOCKET ws://{{host}}/ws/{{room}}?debug=1" in out.read_text()
    assert "FAKE" not in out.read_text()
    assert spacebeam("export", file, "-o", str(out)).returncode == 5
    again = tmp_path / "again.http"
    assert spacebeam("export", file, "-o", str(again), "--with-secrets").returncode == 0
    assert "X-API-Key: FAKE-KEY" in again.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing", "--format", "http"), b"There is no saved connection"),
        (("Ticker", "--format", "k6", "--env", "x"), b"There is no environment"),
        (("Chat service", "--format", "k6"), b"makes one connection"),
        (("Ticker", "--format", "http", "--filter", "a"), b"Entries are chosen of recordings"),
        (("Ticker", "--format", "har", "--with-secrets"), b"are for formats of connections"),
    ],
)
def test_what_cannot_be_exported_is_said(
    library: Path, tmp_path: Path, arguments: tuple[str, ...], words: bytes
) -> None:
    finished = spacebeam("export", *arguments, "-o", str(tmp_path / "out"))
    assert finished.returncode == 2
    assert words in finished.stderr


def test_a_broken_file_of_connections_is_not_exported(tmp_path: Path) -> None:
    broken = tmp_path / "a.json"
    broken.write_text('{"info": {"_postman_id": "1"},')
    finished = spacebeam("export", str(broken), "--format", "http", "-o", str(tmp_path / "out"))
    assert finished.returncode == 4
    assert b"At line 1 it is not valid JSON." in finished.stderr


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
