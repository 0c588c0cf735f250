"""The command line: which command is meant, and what all of them have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from spacebeam import __version__
from spacebeam.cli import connect, probe, self_test, serve, talk_options
from spacebeam.cli.messages import complain, tell, write
from spacebeam.cli.self_test import Window
from spacebeam.cli.status import Status

_DESCRIPTION = "A WebSocket client. Without a command, its window opens."


class _Parser(argparse.ArgumentParser):
    """Says what is wrong the way the commands do."""

    def __init__(self, **settings: Any) -> None:
        # Abbreviations would change their meaning when an option is added.
        super().__init__(**settings, allow_abbrev=False)

    def _print_message(self, message: str, file: Any = None) -> None:
        write(message, file or sys.stderr)

    def error(self, message: str) -> NoReturn:
        tell(self.format_usage().rstrip())
        complain(message)
        self.exit(Status.USAGE)


def run(arguments: Sequence[str], window: Window) -> int:
    """Run the command that `arguments` name; returns the exit code.

    `window` is how a command reaches the window without knowing it.
    """
    parser = _Parser(prog="spacebeam", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"spacebeam {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    connect.add_to(commands)
    probe.add_to(commands)
    serve.add_to(commands)
    self_test.add_to(commands, window)
    try:
        parsed = parser.parse_args(talk_options.spelled_out(arguments))
        return int(parsed.run(parsed))
    except SystemExit as leaving:  # argparse has said everything
        return leaving.code if isinstance(leaving.code, int) else Status.USAGE
    except KeyboardInterrupt:
        return Status.FAILED
