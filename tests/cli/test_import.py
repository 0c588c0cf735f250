"""`spacebeam import`: other programs' files become recordings."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import PATIENCE, Finished, interrupt, spacebeam, started
from tests.cli.recordings import write_example

_SAMPLES = Path(__file__).parents[1] / "exchange" / "samples"


def _import(folder: Path, *arguments: str) -> Finished:
    return spacebeam("import", *arguments, "--into", str(folder))


def _told(finished: Finished) -> list[dict[str, Any]]:
    return [json.loads(line) for line in finished.stdout.splitlines()]


def test_each_connection_of_a_har_becomes_a_recording(tmp_path: Path) -> None:
    finished = _import(tmp_path / "new", str(_SAMPLES / "chrome-156-with-sensitive-data.har"))
    assert finished.returncode == 0
    assert b"2 requests that are no WebSockets" in finished.stderr
    paths = sorted((tmp_path / "new").iterdir())
    assert len(paths) == 2
    assert {path.suffix for path in paths} == {".beam"}
    summary = json.loads(spacebeam("info", str(paths[1]), "--json").stdout)
    assert summary["state"] == "whole"
    assert len(summary["handshakes"]) == 1
    assert summary["handshakes"][0]["report"]["subprotocol"] == "chat.v1"


def test_secrets_of_the_handshake_are_left_out(tmp_path: Path) -> None:
    har = _SAMPLES / "mitmproxy-11.0.2.har"
    cookies = {
        header["value"]
        for entry in json.loads(har.read_bytes())["log"]["entries"]
        for header in entry["request"]["headers"]
        if header["name"].lower() in ("cookie", "authorization")
    }
    assert cookies
    (told,) = _told(_import(tmp_path, str(har), "--json"))
    assert told["not_carried"]["secrets"] > 0
    for one in told["recordings"]:
        content = Path(one["file"]).read_bytes()
        assert not any(cookie.encode() in content for cookie in cookies)


def test_what_was_exported_is_imported(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    lines = tmp_path / "a.jsonl"
    assert spacebeam("export", path, "-o", str(lines)).returncode == 0
    (told,) = _told(_import(tmp_path / "new", str(lines), "--json"))
    assert (told["format"], told["error"], told["not_carried"]) == ("jsonl", None, {})
    (one,) = told["recordings"]
    again, before = (spacebeam("list", where, "--json").stdout for where in (one["file"], path))
    assert again == before


def test_a_broken_file_gives_what_came_before_and_the_place(tmp_path: Path) -> None:
    broken = tmp_path / "a.jsonl"
    broken.write_bytes(b'{"text": "a"}\n{"text": "b"}\n{"tex')
    finished = _import(tmp_path / "new", str(broken), "--json")
    assert finished.returncode == 4
    assert b"It is cut off at line 3." in finished.stderr
    (told,) = _told(finished)
    assert told["error"] == {"fault": "cut-off", "line": 3, "offset": None}
    (one,) = told["recordings"]
    assert spacebeam("list", one["file"], "--raw").stdout == b"a\nb\n"
    assert json.loads(spacebeam("info", one["file"], "--json").stdout)["state"] == "ended abruptly"


def test_a_file_that_cannot_be_imported_does_not_stop_the_others(tmp_path: Path) -> None:
    good, other = tmp_path / "a.jsonl", tmp_path / "b.txt"
    good.write_bytes(b'{"text": "a"}\n')
    other.write_bytes(b"hello")
    finished = _import(tmp_path / "new", str(other), str(tmp_path / "none"), str(good))
    assert finished.returncode == 4
    assert finished.stderr.count(b"spacebeam: ") == 2
    assert len(os.listdir(tmp_path / "new")) == 1


def test_a_har_without_websockets_is_no_result(tmp_path: Path) -> None:
    har = tmp_path / "a.har"
    har.write_bytes(b'{"log": {"entries": [{"request": {"url": "http://h/"}}]}}')
    finished = _import(tmp_path / "new", str(har))
    assert finished.returncode == 1
    assert b"It has no WebSocket." in finished.stderr


def test_ctrl_c_removes_the_unfinished_recording(tmp_path: Path) -> None:
    lines, folder = tmp_path / "a.jsonl", tmp_path / "new"
    with lines.open("wb") as file:
        for number in range(400_000):
            file.write(b'{"time": %d, "kind": "text", "text": "%s"}\n' % (number, b"x" * 500))
    with started("import", str(lines), "--into", str(folder)) as child:
        deadline = time.monotonic() + PATIENCE
        while not (folder.exists() and any(one.stat().st_size for one in folder.iterdir())):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        assert interrupt(child) == 130
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_bytes(b'{"text": "a"}\n')
    assert _import(Path("/proc/none"), str(lines)).returncode == 5


def test_a_capture_becomes_a_recording_and_says_what_it_lacks(tmp_path: Path) -> None:
    capture = _SAMPLES / "tshark-4.0.17.pcapng"
    cut = tmp_path / "cut.pcapng"
    cut.write_bytes(capture.read_bytes()[:5000])
    whole, broken = _told(_import(tmp_path / "new", str(capture), str(cut), "--json"))
    assert (whole["format"], whole["error"]) == ("capture", None)
    assert whole["not_carried"] == {"secrets": 3}
    assert broken["error"] == {"fault": "cut-off", "line": None, "offset": 5000}
    assert whole["recordings"][0]["entries"] > broken["recordings"][0]["entries"] > 10


def _collections(*names: str) -> list[str]:
    return [str(_SAMPLES.parent / "collections" / "samples" / name) for name in names]


def test_connections_of_other_programs_come_into_the_library(tmp_path: Path) -> None:
    files = _collections("postman/workspace", "insomnia/v4-with-payloads-by-hand.json")
    finished = _import(tmp_path / "new", *files, "--json")
    assert finished.returncode == 0
    postman, insomnia = _told(finished)
    assert (postman["format"], insomnia["format"]) == ("postman", "insomnia")
    assert postman["connections"][0] == {
        "name": "Ticker",
        "folder": "Chat service",
        "address": "ws://{{host}}/ws?room=1",
        "messages": 4,
    }
    assert postman["environments"] == ["Local"]
    assert postman["folder"] == str(tmp_path / "new" / "Chat service")
    assert insomnia["folder"] == str(tmp_path / "new" / "Chat service 2")
    assert (tmp_path / "new" / "environments" / "Staging.yml").is_file()


def test_secrets_of_connections_are_counted_and_not_written(tmp_path: Path) -> None:
    (told,) = _told(_import(tmp_path, *_collections("yaak/export-by-hand.json"), "--json"))
    assert told["not_carried"]["unsaved-secrets"] == 1
    assert told["not_carried_names"] == {"secret-values": ["token"]}
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert files
    assert not any(b"FAKE-KEY" in one.read_bytes() for one in files)


def test_the_windows_library_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _collections("http/kulala-by-hand.http")[0]
    monkeypatch.setenv("SPACEBEAM_LIBRARY", str(tmp_path / "library"))
    assert spacebeam("import", file).returncode == 0
    assert (tmp_path / "library" / "kulala-by-hand" / "TICKER.yml").is_file()


def test_a_dry_run_lists_and_writes_nothing(tmp_path: Path) -> None:
    har = str(_SAMPLES / "chrome-156-with-sensitive-data.har")
    finished = _import(tmp_path / "new", har, *_collections("postman/workspace"), "--dry-run")
    assert finished.returncode == 0
    assert b"Chat service/Ticker (ws://{{host}}/ws?room=1, 4 messages)" in finished.stdout
    assert b"environment Local" in finished.stdout
    assert finished.stdout.count(b"a recording (ws://127.0.0.1") == 2
    assert b"Not carried over:" in finished.stderr
    assert not (tmp_path / "new").exists()


def test_a_folder_of_something_else_is_an_error(tmp_path: Path) -> None:
    finished = _import(tmp_path / "new", str(tmp_path))
    assert finished.returncode == 4
    assert b"It is no folder of connections" in finished.stderr


def test_a_broken_collection_is_an_error_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "a.json"
    broken.write_text('{"info": {"_postman_id": "1"},\n"item": [')
    finished = _import(tmp_path / "new", str(broken), "--json")
    assert finished.returncode == 4
    assert b"At line 2 it is not valid JSON." in finished.stderr
    assert _told(finished)[0]["error"]["line"] == 2


def test_connections_that_cannot_be_written_are_an_error(tmp_path: Path) -> None:
    finished = _import(Path("/proc/none"), *_collections("http/kulala-by-hand.http"))
    assert finished.returncode == 5
    assert b"Could not write the connections" in finished.stderr
