"""What commands say to the person, safe to show: a terminal obeys control characters.

Whoever listens may leave early (`| head -1`); that is no error.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

from spacebeam.decode.visible import lines


def say(text: str) -> None:
    """Say something on standard output at once."""
    write(f"{lines(text)}\n", sys.stdout)


def tell(text: str) -> None:
    """Say something on standard error, for it is not the command's output."""
    write(f"{lines(text)}\n", sys.stderr)


def complain(text: str) -> None:
    """Say what went wrong."""
    tell(f"spacebeam: {text}")


def tell_terminal(text: str) -> None:
    """Say something only a person wants to know; scripts are spared it."""
    if sys.stderr is not None and sys.stderr.isatty():
        tell(text)


def print_text(text: str) -> None:
    """Write text of this program to standard output as it is."""
    write(text, sys.stdout)


def write(text: str, stream: TextIO | None) -> None:
    """Write at once, so that nothing is left to fail when the program ends."""
    if stream is None:  # the program was started without it
        return
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:  # of a locale that has no such characters
            encoding = stream.encoding
            stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
