"""Tables, colours and progress on a terminal, by rich, imported on first use.

Output to a pipe has none of them, except with --color=always.
"""

from __future__ import annotations

import os
import re
import sys
import time
from typing import TYPE_CHECKING, TextIO

import click

from spacebeam.cli.messages import write

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress

_PROGRESS_AFTER_S = 1.0
_PROGRESS_INTERVAL_S = 0.2
_JSON = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+")(?P<key>(?=\s{0,9}:))?'
    r"|(?P<number>-?\d[\d.eE+-]*+)|(?P<literal>\b(?:true|false|null)\b)",
    re.DOTALL,
)
_JSON_COLORS = {
    "key": "\x1b[1;34m",
    "string": "\x1b[32m",
    "number": "\x1b[36m",
    "literal": "\x1b[35m",
}
_MAX_COLORED = 64 * 1024  # characters of JSON; colouring more takes too long


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_styled() -> bool:
    """Return whether standard output gets colours, by --color or else on a terminal.

    There are none with NO_COLOR or on a dumb terminal.
    """
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_drawn() -> bool:
    """Return whether standard output gets tables instead of plain text."""
    return is_terminal() or is_styled()


def draw(*parts: RenderableType) -> None:
    """Print tables and texts on standard output."""
    console = _console(sys.stdout, is_styled=is_styled())
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    write(captured.get(), sys.stdout)


def colored_json(text: str) -> str:
    """Return lines of JSON, with colours if standard output gets colours."""
    if not is_styled() or len(text) > _MAX_COLORED:
        return text
    return json_colors(text)


def json_colors(text: str) -> str:
    """Return JSON with colours; `text` must be safe to show."""
    return _JSON.sub(_colored, text)


def _colored(match: re.Match[str]) -> str:
    kind = "key" if match["key"] is not None else match.lastgroup or ""
    return f"{_JSON_COLORS[kind]}{match[0]}\x1b[0m"


def _console(stream: TextIO | None, *, is_styled: bool) -> Console:
    from rich.console import Console

    return Console(
        file=stream,
        force_terminal=is_styled,
        color_system="standard" if is_styled else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


class SearchProgress:
    """A progress bar on standard error; shown on a terminal, after a second."""

    def __init__(self, total: int, words: str = "Searching") -> None:
        self._total = total  # blocks
        self._words = words
        self._next = time.monotonic() + _PROGRESS_AFTER_S
        self._bar: Progress | None = None
        self._is_wanted = sys.stderr is not None and sys.stderr.isatty()

    def show(self, done: int) -> None:
        """Show that `done` blocks were read, five times a second at most."""
        if not self._is_wanted or (now := time.monotonic()) < self._next:
            return
        self._next = now + _PROGRESS_INTERVAL_S
        if self._bar is None:
            self._bar = self._started()
        self._bar.update(self._bar.task_ids[0], completed=done, refresh=True)

    def clear(self) -> None:
        """Remove the bar; call this before printing anything else."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _started(self) -> Progress:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        bar = Progress(
            TextColumn(self._words),
            BarColumn(),
            TaskProgressColumn(),
            console=_console(sys.stderr, is_styled=True),
            auto_refresh=False,  # refreshed by `show`, without a thread
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        bar.add_task("", total=self._total)
        bar.start()
        return bar
