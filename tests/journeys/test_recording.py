"""What was said is found again: in the window and in the terminal, also after a sudden end."""

from __future__ import annotations

import json
import subprocess
import time
from functools import partial
from pathlib import Path

from spacebeam.library.recordings import default_folder
from tests.journeys.keyboard import CONTROL, SHIFT, press
from tests.journeys.program import COMMAND, ROOT, Program, connect, say, serving, started
from tests.journeys.screen import TEXT, Widget, until
from tests.library.files import write_recording


def _run(words: str, **names: object) -> tuple[int, str]:
    """Run what a person types in a shell, with `spacebeam` for the program.

    Standard error may have the end of a connection only.
    """
    finished = subprocess.run(
        ["bash", "-o", "pipefail", "-c", words.format(spacebeam=" ".join(COMMAND), **names)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        text=True,
    )
    assert all(
        line.startswith("Closed by the server (1000") for line in finished.stderr.splitlines()
    )
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
    assert f"recorded in {path}" in told

    code, told = _run("{spacebeam} info {path} --json", path=path)
    info = json.loads(told)
    assert code == 0
    assert info["state"] == "whole"
    assert info["received"] == count + 1  # with the close
    assert [one["report"]["ok"] for one in info["handshakes"]] == [True]

    code, told = _run("{spacebeam} search {path} 'is:text abc' --count", path=path)
    assert (code, told) == (0, f"{count}\n")
    assert _run("{spacebeam} search {path} nowhere", path=path) == (1, "")

    code, told = _run("{spacebeam} list {path} --filter is:text --raw | head -n 2", path=path)
    assert (code, told) == (0, "0123456789abcdefghijklmnopqrstuvwxyz 012\n" * 2)
    code, told = _run("{spacebeam} list {path} --json --last 1", path=path)
    assert json.loads(told)["number"] == info["entries"]


def test_what_was_said_is_filtered_and_found_again_in_the_file() -> None:
    with serving() as (url, _server):
        with started() as program:
            window = program.window()
            connect(window, f"{url}/echo")
            window.reads("Connected")
            for words in ("a needle", "some hay", "more hay"):
                say(window, words)
                until(partial(_is_said_twice, window, words), "the echo")
            press(CONTROL, "f")
            window.find(TEXT, "Filter").write("needle")
            window.reads("2 of 7")
            assert window.says("a needle") == 2
            assert not window.says("some hay")
            press(CONTROL, "w")
            assert program.waits() == 0
        with started(file=_recording()) as program:
            window = program.window()
            until(lambda: window.says("a needle") == 2, "what was said")
            assert window.says("some hay") == 2
            window.reads("Recording")


def test_a_recording_that_was_killed_in_a_flood_says_so_and_shows_its_entries() -> None:
    with serving() as (url, _server), started() as program:
        connect(program.window(), f"{url}/flood?count=3000000")
        until(lambda: _size() > 2**20, "a part of the flood in the file")
        program.process.kill()
        program.process.wait()
    with started(file=_recording()) as program:
        window = program.window()
        window.reads("This recording was not closed properly")
        window.reads(" entries, ")
        press(CONTROL, "f")
        window.find(TEXT, "Filter").write("Connected to")
        until(lambda: window.says(f"Connected to {url}/flood?count=3000000"), "its first entry")


def test_recordings_are_renamed_deleted_and_brought_back() -> None:
    # From now: older ones go with time.
    path = write_recording(
        default_folder() / "one.beam", "one", address="ws://one.test/feed", began=time.time()
    )
    with started() as program:
        program.window()
        press(CONTROL, SHIFT, "r")
        listed = _other(program, 1)
        until(lambda: listed.says("ws://one.test/feed"), "the recording")
        press("F2")
        _other(program, 2).find(TEXT, "Title").write("The first feed")
        press("Return")
        until(lambda: listed.says("The first feed"), "its title")
        press("Delete")
        listed.reads("No Recordings")
        assert not path.exists()
        press(CONTROL, "z")
        until(lambda: listed.says("The first feed"), "the recording again")
        assert path.exists()


def _is_said_twice(window: Widget, words: str) -> bool:
    return window.says(words) == 2


def _other(program: Program, number: int) -> Widget:
    """A window that opened later, when it is there; the first is number 0."""
    return until(lambda: dict(enumerate(program.windows())).get(number), f"window {number}")


def _recording() -> Path:
    """The only recording there is."""
    (path,) = default_folder().glob("*.beam")
    return path


def _size() -> int:
    """Bytes of all recordings, with what SQLite keeps beside them."""
    return sum(path.stat().st_size for path in default_folder().glob("*.beam*"))
