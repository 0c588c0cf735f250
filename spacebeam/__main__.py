"""The entry point: opens the window without arguments or with files, else runs a command.

It imports both faces, so that neither imports the other.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from spacebeam import log

_ADDRESS = r"(?i)(?!file:)[a-z][a-z0-9+.-]*://"

_DEBUG = "--debug"
_INTERRUPTED = 130  # exit code after Ctrl+C, as in shells


def main() -> int:
    """Run the program; returns the exit code."""
    arguments = sys.argv[1:]
    log.start()
    if instruction := os.environ.get("_SPACEBEAM_COMPLETE"):
        from spacebeam.cli.command_line import complete

        return complete(instruction)
    files = [argument for argument in arguments if argument != _DEBUG]
    if not files or _is_file(files[0]):
        if _DEBUG in arguments:
            log.print_to_stderr()
        return _open_window(files)
    return _run_command(arguments)


def _is_file(argument: str) -> bool:
    """Return whether an argument is a recording to open; no command has a slash or a dot."""
    is_word = "/" not in argument and "." not in argument
    if is_word or argument.startswith("-") or re.match(_ADDRESS, argument):
        return False
    if "/" in argument or argument.lower().endswith(".beam"):
        return True  # even if missing: the window shows the error
    return Path(argument).is_file()


def _open_window(files: Sequence[str]) -> int:
    try:
        from spacebeam.ui.application import main as open_window
    except (ImportError, ValueError) as error:  # gi raises ValueError for a missing library
        print(
            f"spacebeam: The window cannot open: {error}.\n"
            "It needs GTK 4, libadwaita and GtkSourceView 5; "
            "“spacebeam connect URL” works without them.",
            file=sys.stderr,
        )
        return 1
    return open_window(files)


def _run_command(arguments: list[str]) -> int:
    try:
        from spacebeam.cli.command_line import run
        from spacebeam.cli.window import WindowProbe

        return run(arguments, WindowProbe(_window_versions, _open_and_close_window))
    except KeyboardInterrupt:
        return _INTERRUPTED


def _window_versions() -> Mapping[str, str]:
    from spacebeam.cli.window import SkippedError

    try:
        from spacebeam.ui.self_test import versions
    except (ImportError, ValueError) as error:  # as above
        raise SkippedError(str(error)) from None
    return versions()


def _open_and_close_window() -> str:
    from spacebeam.cli.window import SkippedError

    _window_versions()
    from spacebeam.ui.self_test import has_display, open_and_close

    if not has_display():
        raise SkippedError("no display")
    return open_and_close()


if __name__ == "__main__":
    sys.exit(main())
