"""Messages to the person on standard output and standard error, with control characters visible.

A reader that closes the pipe early (`| head -1`) is no error.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

from spacebeam.decode.visible import lines


def say(text: str) -> None:
    """Print text on standard output at once."""
    write(f"{lines(text)}\n", sys.stdout)


def tell(text: str) -> None:
    """Print text on standard error: it is not the command's output."""
    write(f"{lines(text)}\n", sys.stderr)


def complain(text: str) -> None:
    """Print an error."""
    tell(f"spacebeam: {text}")


def tell_terminal(text: str) -> None:
    """Print text on standard error only where that is a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        tell(text)


def print_text(text: str) -> None:
    """Print text that is safe to show on standard output, as it is."""
    write(text, sys.stdout)


def write(text: str, stream: TextIO | None) -> None:
    """Write and flush, so that nothing is left to fail when the program ends."""
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
