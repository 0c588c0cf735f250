"""The bytes that a terminal gets: safe, coloured only where wanted, and none of it in a pipe."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.cli.program import (
    PATIENCE,
    close_frame,
    command,
    peer,
    read_until,
    sending,
    text_frame,
)

_CURSOR = re.compile(rb"\x1b\[[0-9;?]*[A-HJKhlmn]")  # moving it, erasing, modes, and styles
_COLOR = re.compile(rb"\x1b\[[0-9;]*\b(?:3[0-7]|9[0-7])[0-9;]*m")


@contextlib.contextmanager
def shown_at_a_terminal(url: str, *arguments: str, **environment: str) -> Iterator[bytes]:
    """Yield all bytes that a terminal gets until the server closes."""
    screen, terminal = os.openpty()
    usual = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        command("connect", url, "--no-history", *arguments),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=usual | {"TERM": "xterm-256color"} | environment,
    ) as child:
        os.close(terminal)
        yield read_until(screen, b"(1000, normal closure")
        assert child.wait(PATIENCE) == 0
    os.close(screen)


HOSTILE = "\x1b[31mred\x9b2J\u202e\x07\r\n> forged"


@pytest.mark.parametrize("options", [(), ("--json",), ("--pretty", "--time"), ("--decode", "text")])
@pytest.mark.parametrize("text", [HOSTILE, f'{{"a": "{HOSTILE}", "\x1b]0;title\x07": 1}}'])
def test_what_a_server_sends_is_not_done_by_the_terminal(
    text: str, options: tuple[str, ...]
) -> None:
    with (
        peer(sending(text_frame(text) + close_frame(1000, "\x1b[2J"))) as url,
        shown_at_a_terminal(url, *options) as shown,
    ):
        rest = _CURSOR.sub(b"", shown)
        assert b"\x1b" not in rest
        assert "\x9b" not in rest.decode()
        assert "\u202e" not in rest.decode()
        assert b"\x07" not in rest
        assert b"\x1b[31m" not in shown
        assert b"\n> forged" not in rest
        assert b"forged" in rest


def test_json_is_coloured() -> None:
    with (
        peer(sending(text_frame('{"a": [1, "b", null]}') + close_frame(1000))) as url,
        shown_at_a_terminal(url) as shown,
    ):
        colored = (
            '{\x1b[1;34m"a"\x1b[0m: [\x1b[36m1\x1b[0m, \x1b[32m"b"\x1b[0m, \x1b[35mnull\x1b[0m]}'
        )
        assert colored.encode() in shown


@pytest.mark.parametrize(
    ("arguments", "environment"), [((), {"NO_COLOR": "1"}), (("--color", "never"), {})]
)
def test_colours_can_be_switched_off(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    with (
        peer(sending(text_frame('{"a": [1, "b", null]}') + close_frame(1000))) as url,
        shown_at_a_terminal(url, *arguments, **environment) as shown,
    ):
        assert b'< {"a": [1, "b", null]}\r\n' in shown
        assert not _COLOR.search(shown)


def test_a_terminal_that_cannot_move_its_cursor_has_no_input_line() -> None:
    with (
        peer(sending(text_frame('{"a": 1}') + close_frame(1000))) as url,
        shown_at_a_terminal(url, TERM="dumb") as shown,
    ):
        assert b'\r\n{"a": 1}\r\n' in shown
        assert b"\x1b" not in shown


def test_the_input_line_is_not_loaded_for_a_pipe(served: str) -> None:
    code = (
        "import sys; from spacebeam.__main__ import main; status = main();"
        "print('prompt_toolkit' in sys.modules)"
    )
    finished = subprocess.run(
        [command()[0], "-c", code, "connect", f"{served}/echo", "--send", "a", "--expect", "1"],
        capture_output=True,
        timeout=PATIENCE,
    )
    assert finished.stdout == b"a\nFalse\n", finished.stderr


def test_in_a_pipe_times_and_indentation_are_given_when_asked_for(served: str) -> None:
    arguments = ("connect", f"{served}/echo", "--expect", "2", "--pretty")
    lines = b'{"a":1.0}\n\x1b[31m\n'
    finished = subprocess.run(
        command(*arguments), input=lines, capture_output=True, timeout=PATIENCE
    )
    assert finished.stdout == b'{\n  "a": 1.0\n}\n\x1b[31m\n'
    finished = subprocess.run(
        command(*arguments, "--time"), input=lines, capture_output=True, timeout=PATIENCE
    )
    clock = rb"\d\d:\d\d:\d\d\.\d{3}"
    margin = rb" {13}"
    expected = rb'%s \{\n%s  "a": 1\.0\n%s\}\n%s \x1b\[31m\n' % (clock, margin, margin, clock)
    assert re.fullmatch(expected, finished.stdout)
