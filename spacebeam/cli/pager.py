"""Shows long text in the person's pager, as git does."""

from __future__ import annotations

import os
import subprocess

from spacebeam.cli.messages import print_text
from spacebeam.cli.terminal import is_terminal

_PAGER = "less"
# As git: quit if the text fits on the screen, show colours, leave the text on the screen.
_DEFAULTS = {"LESS": "FRX", "LV": "-c"}
_NOT_FOUND = 127  # exit code of a shell whose command does not exist


def show(text: str) -> None:
    """Show text with $PAGER, or less, on a terminal; else print it. Raise OutputError.

    The pager is a shell's command. An empty one and cat mean none.
    """
    pager = os.environ.get("PAGER", _PAGER)
    is_dumb = os.environ.get("TERM", "dumb") == "dumb"
    if not is_terminal() or is_dumb or pager.strip() in ("", "cat") or not _page(text, pager):
        print_text(text)


def _page(text: str, pager: str) -> bool:
    """Show text with a pager; return whether there is such a program."""
    process = subprocess.Popen(
        pager, shell=True, stdin=subprocess.PIPE, env={**_DEFAULTS, **os.environ}
    )
    assert process.stdin is not None
    try:
        process.stdin.write(text.encode())
        process.stdin.close()
    except BrokenPipeError:  # the person left it before the end, or there is no such program
        pass
    while True:
        try:
            return process.wait() != _NOT_FOUND
        except KeyboardInterrupt:  # it is the pager's, which stays, as less does
            continue
