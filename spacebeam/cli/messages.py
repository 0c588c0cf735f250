"""Messages to the person on standard output and standard error, with control characters visible.

A reader that closes the pipe early (`| head -1`) is no error, nor is a standard error that cannot
be written.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

from spacebeam.decode.visible import lines


class OutputError(Exception):
    """Standard output cannot be written, as on a full disk."""


def print_line(text: str) -> None:
    """Print text on standard output at once. Raise OutputError."""
    write(f"{lines(text)}\n", sys.stdout)


def print_note(text: str) -> None:
    """Print text on standard error, apart from the command's output."""
    write(f"{lines(text)}\n", sys.stderr)


def print_error(text: str) -> None:
    """Print an error on standard error."""
    print_note(f"spacebeam: {text}")


def print_help_hint(command: str) -> None:
    """Print how to get a command's help, after an error in its usage."""
    print_note(f"Try '{command} --help'.")


def print_terminal_note(text: str) -> None:
    """Print text on standard error only where that is a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        print_note(text)


def print_text(text: str) -> None:
    """Print text that is safe to show on standard output, as it is. Raise OutputError."""
    write(text, sys.stdout)


def write(text: str, stream: TextIO | None) -> None:
    """Write and flush, so that errors occur here and not at exit. Raise OutputError."""
    if stream is None:  # the program was started without this stream
        return
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:  # the locale's encoding lacks a character
            encoding = stream.encoding
            stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            raise OutputError(error.strerror) from None
