"""The command line: finds the command, runs it, and reports bad usage.

A command's module is imported when the command runs: most commands need GLib and libsoup, the
program's help does not.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

import click
import cloup
from click.exceptions import Exit
from click.shell_completion import get_completion_class, shell_complete
from cloup.constraints import ConstraintViolated

from spacebeam import __version__, log
from spacebeam.cli.messages import OutputError, print_error, print_help_hint, print_text
from spacebeam.cli.status import Status
from spacebeam.cli.window import WindowProbe
from spacebeam.decode.visible import one_line

_USERINFO = re.compile(r"[^\s(“']+:.*@", re.DOTALL)
_LINES_OF_CLICK = re.compile(r"\n\t")  # a list of choices
_log = logging.getLogger(__name__)

PROGRAM = "spacebeam"
COMPLETION_VARIABLE = "_SPACEBEAM_COMPLETE"  # set by the shells' completion scripts

# Each command is `command_line` in the module with its name; `-` becomes `_`.
SECTIONS = {
    "Connections": {
        "connect": "Talk to a server.",
        "record": "Record everything a server sends to a file.",
        "probe": "Show a server's handshake in detail.",
        "connections": "List the saved connections.",
        "replay": "Play a recording to a server, and compare its answers.",
        "run": "Run scripted conversations, and report what came instead.",
    },
    "Recordings": {
        "info": "Show what a recording holds.",
        "list": "Print a recording's entries.",
        "search": "Find entries in a recording.",
        "diff": "Compare two entries of a recording.",
        "stats": "Count a recording's messages by method or path, with latencies.",
        "export": "Save recordings and connections in other programs' formats.",
        "import": "Make recordings and connections of other programs' files.",
    },
    "Other": {
        "decode": "Show what a payload means.",
        "secrets": "List, set or forget secrets in the keyring.",
        "mcp": "Let an assistant talk to servers and read recordings.",
        "serve": "Run a test server: echo, chat rooms, ticker, flood.",
        "help": "Explain a topic, such as the filter language.",
        "self-test": "Check that Spacebeam works on this computer.",
    },
}
COMMANDS = [name for commands in SECTIONS.values() for name in commands]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _print_help(context: click.Context, _option: click.Parameter, is_given: bool) -> None:
    if is_given:
        print_text(context.get_help() + "\n")
        context.exit()


def _print_version(context: click.Context, _option: click.Parameter, is_given: bool) -> None:
    if is_given:
        print_text(f"{PROGRAM} {__version__}\n")
        context.exit()


def _print_log(_context: click.Context, _option: click.Parameter, is_given: bool) -> None:
    if is_given:
        log.print_to_stderr()


_early: Any = partial(cloup.option, is_flag=True, is_eager=True, expose_value=False)
_help_option = _early("-h", "--help", callback=_print_help, help="Show this help.")
_version_option = _early("--version", callback=_print_version, help="Show the version.")
_debug_option = _early(
    "--debug", callback=_print_log, help=f"Print the program's log, as {log.VARIABLE}=debug does."
)


class Command(cloup.Command):
    """A command; `rewrite` converts the typed words to words that click can parse."""

    def __init__(
        self,
        *args: Any,
        rewrite: Callable[[list[str]], list[str]] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self._rewrite = rewrite

    def invoke(self, ctx: click.Context) -> Any:
        _log.debug("%s starts", ctx.command_path)
        status = super().invoke(ctx)
        _log.debug("%s ends with exit code %d", ctx.command_path, status)
        return status

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if self._rewrite is not None and not ctx.resilient_parsing:  # not during completion
            args = self._rewrite(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser does not know it
            raise


def command(name: str, *, epilog: str, **settings: Any) -> Callable[[_Function], Command]:
    """Return a decorator that turns a function into a command; its docstring is the help text.

    The epilog keeps its line breaks.
    """

    def make(function: _Function) -> Command:
        made: Command = cloup.command(
            name, cls=Command, epilog=as_written(epilog), add_help_option=False, **settings
        )(_debug_option(_help_option(function)))
        return made

    return make


def as_written(text: str) -> str:
    """Return help text whose line breaks click keeps."""
    return "\n\n".join(f"\b\n{paragraph}" for paragraph in text.split("\n\n"))


class _Program(cloup.Group):
    """The group of all commands; imports a command's module when the command runs."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if "://" in args[0]:
            # The address is not shown: it may have a password.
            raise click.UsageError(f"Before an address write a command: '{PROGRAM} connect URL'.")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if super().get_command(ctx, cmd_name) is None:
            return None
        module = import_module(f"spacebeam.cli.{cmd_name.replace('-', '_')}")
        found: click.Command = module.command_line
        return found


def program() -> cloup.Group:
    """Return the click group of all commands."""
    return _Program(
        PROGRAM,
        help="A WebSocket client. Without a command, its window opens.",
        add_help_option=False,
        no_args_is_help=False,
        subcommand_metavar="COMMAND [ARGS]...",
        params=_options(_help_option, _version_option, _debug_option),
        sections=[
            cloup.Section(title, [cloup.Command(name, help=words) for name, words in of.items()])
            for title, of in SECTIONS.items()
        ],
    )


def _options(*decorators: Callable[[Any], Any]) -> list[click.Parameter]:
    """Return the options that the decorators add."""

    def holder() -> None:
        """Receive the options."""

    made: Any = holder
    for decorator in decorators:
        made = decorator(made)
    return cloup.command(add_help_option=False)(made).params


def run(arguments: Sequence[str], window: WindowProbe) -> int:
    """Run the command named in `arguments`; return the exit code.

    `window` gives commands access to the window: `cli` may not import `ui`.
    """
    group = program()
    try:
        with group.make_context(PROGRAM, list(arguments), obj=window) as context:
            return int(group.invoke(context))
    except Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        _report(error)
        return Status.USAGE
    except OutputError as error:
        print_error(f"Could not write to standard output: {error}.")
        return Status.UNWRITABLE


def complete(instruction: str) -> int:
    """Print completions for a shell; return the exit code."""
    return shell_complete(program(), {}, PROGRAM, COMPLETION_VARIABLE, instruction)


def completion_script(shell: str) -> str:
    """Return the completion script for "bash", "zsh" or "fish"."""
    made = get_completion_class(shell)
    assert made is not None
    return made(program(), {}, PROGRAM, COMPLETION_VARIABLE).source().rstrip() + "\n"


def _report(error: click.UsageError) -> None:
    """Print the error on one line, and how to get help."""
    words = _USERINFO.sub("…@", _words(error))  # an address may have a password
    print_error(one_line(words))
    print_help_hint(error.ctx.command_path if error.ctx is not None else PROGRAM)


def _words(error: click.UsageError) -> str:
    if not isinstance(error, ConstraintViolated):
        return _LINES_OF_CLICK.sub(" ", error.format_message())
    names = [one.opts[-1] for one in error.params]
    return f"{', '.join(names[:-1])} and {names[-1]} cannot be used together."
