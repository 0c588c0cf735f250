"""The command line: which command is meant, and what all of them have in common.

Only the command that is meant is loaded: what talks to servers takes three times as long to load
as a search through a million messages.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from spacebeam import __version__
from spacebeam.cli.messages import complain, tell, write
from spacebeam.cli.status import Status
from spacebeam.cli.window import WindowProbe

_DESCRIPTION = "A WebSocket client. Without a command, its window opens."

# Each is a module of this room, with `-` for `_`, and adds itself with `add_to(commands, words)`.
COMMANDS = {
    "connect": "talk to a server",
    "record": "keep in a file all that a server says",
    "info": "what a recording holds",
    "list": "print a recording's entries",
    "search": "find entries in a recording",
    "probe": "look closely at a server's handshake",
    "serve": "be a server: echo, chat rooms, ticker, flood",
    "self-test": "check that Spacebeam works on this computer",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong the way the commands do."""

    def __init__(self, **settings: Any) -> None:
        # Abbreviations would change their meaning when an option is added.
        super().__init__(**settings, allow_abbrev=False)

    def _get_formatter(self) -> argparse.HelpFormatter:
        # Asked for with each option. Without a width it would load what archives files, for that.
        formatter: Any = self.formatter_class
        made: argparse.HelpFormatter = formatter(prog=self.prog, width=_width())
        return made

    def _print_message(self, message: str, file: Any = None) -> None:
        write(message, file or sys.stderr)

    def error(self, message: str) -> NoReturn:
        tell(self.format_usage().rstrip())
        complain(message)
        self.exit(Status.USAGE)


def run(arguments: Sequence[str], window: WindowProbe) -> int:
    """Run the command that `arguments` name; returns the exit code.

    `window` is how a command reaches the window without knowing it.
    """
    parser = _Parser(prog="spacebeam", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"spacebeam {__version__}")
    parser.set_defaults(window=window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    wanted = next((word for word in arguments if word in COMMANDS), None)
    for name, words in COMMANDS.items():
        if name == wanted:
            _module(name).add_to(commands, words)
        elif not arguments or arguments[0] != wanted:  # else nobody asks what there is
            commands.add_parser(name, help=words)
    try:
        parsed = parser.parse_args(_spelled_out(arguments, wanted))
        # What is loaded stays to the end, so it is looked through neither now nor then: that takes
        # a tenth of the time in which a search finds one of a million messages.
        gc.freeze()
        gc.enable()
        return int(parsed.run(parsed))
    except SystemExit as leaving:  # argparse has said everything
        return leaving.code if isinstance(leaving.code, int) else Status.USAGE


def _width() -> int:
    """How many columns help may take."""
    try:
        columns = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size().columns
    except (ValueError, OSError):
        columns = 80
    return max(columns, 40) - 2


def _module(name: str) -> Any:
    return import_module(f"spacebeam.cli.{name.replace('-', '_')}")


def _spelled_out(arguments: Sequence[str], command: str | None) -> Sequence[str]:
    """What argparse understands, of what a person may write."""
    if "--reconnect" in arguments:
        from spacebeam.cli import talk_options

        return talk_options.spelled_out(arguments)
    if command == "search" == arguments[0]:
        from spacebeam.cli import search

        return search.spelled_out(arguments)
    return arguments
