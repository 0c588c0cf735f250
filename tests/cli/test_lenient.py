"""`--lenient`: texts that are not UTF-8 are shown, recorded and found, and the connection stays."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path

from tests.cli.program import PATIENCE, command, peer, read_until, sending, spacebeam, text_frame

_INVALID = b'{"name": "M\xfcller"}'
_FRAMES = b"\x81" + bytes((len(_INVALID),)) + _INVALID + text_frame("next")
_CLOSE = b"\x88\x05\x03\xe8b\xffe"


def test_an_invalid_text_ends_a_strict_connection_and_the_option_is_named() -> None:
    with peer(sending(_FRAMES)) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"")
    assert finished.stderr.decode().endswith(" (1007). See it with --lenient.\n")


def test_an_invalid_text_goes_to_a_pipe_as_it_came() -> None:
    with peer(sending(_FRAMES + _CLOSE)) as url:
        finished = spacebeam("connect", url, "--send", "x", "--lenient")
    assert (finished.returncode, finished.stdout) == (0, _INVALID + b"\nnext\n")
    assert "Closed by the server (1000, normal closure: “b\ufffde”)." in finished.stderr.decode()


def test_an_invalid_text_is_json_with_all_its_bytes() -> None:
    with peer(sending(_FRAMES + _CLOSE)) as url:
        finished = spacebeam("connect", url, "--send", "x", "--lenient", "--json")
    [entry] = [one for one in map(json.loads, finished.stdout.splitlines()) if "base64" in one][:1]
    assert entry["kind"] == "text"
    assert base64.b64decode(entry["base64"]) == _INVALID


def test_an_invalid_text_is_escaped_on_a_terminal() -> None:
    screen, terminal = os.openpty()
    with peer(sending(_FRAMES + _CLOSE)) as url:
        arguments = command("connect", url, "--listen", "--lenient", "--color", "never")
        with subprocess.Popen(
            arguments, stdin=terminal, stdout=terminal, stderr=subprocess.DEVNULL
        ) as child:
            os.close(terminal)
            shown = read_until(screen, b"next\r\n")
            assert child.wait(PATIENCE) == 0
    os.close(screen)
    assert shown == b'{"name": "M\\xfcller"}\r\nnext\r\n'


def test_an_invalid_text_is_recorded_as_it_came_and_found(tmp_path: Path) -> None:
    path = str(tmp_path / "a.beam")
    with peer(sending(_FRAMES + _CLOSE)) as url:
        assert spacebeam("record", url, path, "--lenient").returncode == 0
    raw = spacebeam("list", path, "--raw", "--filter", "is:text")
    assert raw.stdout == _INVALID + b"\nnext\n"
    listed = spacebeam("list", path, "--filter", "ller is:text").stdout.decode()
    assert listed.endswith('< text   {"name": "M\\xfcller"}\n')
    assert spacebeam("list", path, "--filter", "json:name").returncode == 1
