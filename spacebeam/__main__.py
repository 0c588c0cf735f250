"""The program's entry: the window without arguments, a command of the terminal with them.

Only here do the two meet, so neither imports the other.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping


def main() -> int:
    """Run the program; returns the exit code."""
    arguments = sys.argv[1:]
    return _run_command(arguments) if arguments else _open_window()


def _open_window() -> int:
    try:
        from spacebeam.ui.application import main as open_window
    except (ImportError, ValueError) as error:  # gi says ValueError where a library is missing
        print(
            f"spacebeam: The window cannot open: {error}.\n"
            "It needs GTK 4, libadwaita and GtkSourceView 5; "
            "“spacebeam connect URL” does without them.",
            file=sys.stderr,
        )
        return 1
    return open_window()


def _run_command(arguments: list[str]) -> int:
    from spacebeam.cli.command_line import run
    from spacebeam.cli.window import Window

    return run(arguments, Window(_window_versions, _open_and_close_window))


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
