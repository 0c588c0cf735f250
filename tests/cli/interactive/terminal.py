"""A real terminal (tmux) in which a test types, and sees what a person would see."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.cli.program import PATIENCE, command

EXITED = "exit code "  # before the number and a full stop, once the program has ended
CONNECTED = "Ctrl+D disconnects."


class Terminal:
    """One window of tmux with a program in it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def tmux(self, *arguments: str, given: str | None = None) -> str:
        """Run a command of tmux; return its output."""
        finished = subprocess.run(
            ["tmux", "-L", self._name, "-f", os.devnull, *arguments],
            input=given, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def type(self, text: str) -> None:
        """Type characters."""
        self.tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys, by their names in tmux."""
        self.tmux("send-keys", *keys)

    def enter(self, text: str) -> None:
        """Type a text and press Enter."""
        self.type(text)
        self.press("Enter")

    def paste(self, text: str) -> None:
        """Paste as terminals do, marked as pasted if the program asked for it."""
        self.tmux("load-buffer", "-", given=text)
        self.tmux("paste-buffer", "-p", "-r")

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self, *, whole: bool = False) -> str:
        """Return what is on the screen; with `whole`, what has scrolled away too."""
        since = ("-S", "-") if whole else ()
        shown = self.tmux("capture-pane", "-p", "-J", *since)
        return "\n".join(line.rstrip() for line in shown.splitlines()).strip("\n")

    def wait_for(self, wanted: str | Callable[[str], bool], *, whole: bool = False) -> str:
        """Wait until the screen has a text, or fulfils a condition; return it.

        What a program prints after the text may not be there yet.
        """
        is_there = wanted if callable(wanted) else lambda shown: wanted in shown
        deadline = time.monotonic() + PATIENCE
        while not is_there(shown := self.screen(whole=whole)):
            assert time.monotonic() < deadline, f"{wanted!r} did not come:\n{shown}"
            time.sleep(0.02)
        return shown

    def wait_for_line(self, text: str) -> str:
        """Wait until the last lines are the input line with this text."""
        return self.wait_for(lambda shown: f"\n{shown}".endswith(f"\n> {text}".rstrip()))

    def wait_for_exit(self) -> tuple[int, str]:
        """Wait for the program's end; return its exit code and all that was shown."""
        ended = re.compile(rf"{EXITED}(\d+)\.")
        shown = self.wait_for(lambda shown: ended.search(shown) is not None, whole=True)
        [code] = ended.findall(shown)
        return int(code), shown


@contextlib.contextmanager
def connected(
    url: str, *arguments: str, size: tuple[int, int] = (80, 24), state: Path | None = None
) -> Iterator[Terminal]:
    """Run `spacebeam connect` in a terminal, until its input line is there."""
    with in_terminal("connect", url, *arguments, size=size, state=state) as terminal:
        terminal.wait_for(CONNECTED)
        terminal.wait_for_line("")
        yield terminal


@contextlib.contextmanager
def in_terminal(
    *arguments: str, size: tuple[int, int] = (80, 24), state: Path | None = None
) -> Iterator[Terminal]:
    """Run `spacebeam` in a terminal; afterwards a program that prints what is typed.

    `state` is the folder in which it remembers what was sent.
    """
    terminal = Terminal(f"spacebeam-{uuid.uuid4().hex[:12]}")
    program = shlex.join(command(*arguments))
    variables = () if state is None else ("-e", f"XDG_STATE_HOME={state}")
    columns, rows = map(str, size)
    terminal.tmux(
        "new-session", "-d", "-x", columns, "-y", rows, *variables,
        f"trap : INT; {program}; echo {EXITED}$?.; exec cat",
    )  # fmt: skip
    try:
        yield terminal
    finally:
        terminal.tmux("kill-server")
