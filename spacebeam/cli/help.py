"""`spacebeam help`: list the topics of the help, or show one, or a command's options."""

from __future__ import annotations

import json
from difflib import get_close_matches
from shutil import get_terminal_size

import click
from click import Context, Parameter
from click.shell_completion import CompletionItem
from cloup import argument

from spacebeam.cli import pager
from spacebeam.cli.command_line import COMMANDS, PROGRAM, command, program
from spacebeam.cli.help_text import page_text, topics_text
from spacebeam.cli.messages import print_text
from spacebeam.cli.options.output import json_lines, output_options
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, is_styled, is_terminal
from spacebeam.help.topics import TOPICS, page

_WIDTH = 80  # characters a line, where there is no terminal
_MAX_WIDTH = 100  # longer lines are hard to read
_NAMES = tuple(dict.fromkeys((*TOPICS, *COMMANDS)))
_EPILOG = f"""\
On a terminal, long text is shown with $PAGER, or else less; PAGER=cat prints it.

with --json, a JSON object per line:
  topic      the name for “{PROGRAM} help TOPIC”
  title      of its page
  summary    a sentence
  text       the whole page as plain text, if a TOPIC is given

exit codes: 0 done; 2 bad usage, or there is no such topic; 5 standard output failed

examples:
  spacebeam help
  spacebeam help search
  spacebeam help connect"""


def _name(name: str) -> str:
    """Return the name of a topic or a command."""
    if name not in _NAMES:
        near = [f"“{one}”" for one in get_close_matches(name, _NAMES)]
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise click.UsageError(f"There is no topic or command “{name}”.{hint}")
    return name


def _completions(_context: Context, _parameter: Parameter, typed: str) -> list[CompletionItem]:
    return [CompletionItem(one) for one in _NAMES if one.startswith(typed)]


@command("help", epilog=_EPILOG)
@argument(
    "name",
    metavar="[TOPIC|COMMAND]",
    required=False,
    type=_name,
    shell_complete=_completions,
    help="What to explain. Without it, all topics are listed.",
)
@output_options(json_lines)
def command_line(name: str | None, as_json: bool) -> Status:
    """Explain a topic, such as the filter language, or a command's options."""
    if as_json:
        print_text(_json(name))
    elif name is None:
        print_text(_list())
    elif name in TOPICS:
        pager.show(_topic(name))
    else:
        pager.show(_options(name))
    return Status.DONE


def _topic(name: str) -> str:
    text = page_text(page(name), _width(), is_styled=is_styled())
    if name in COMMANDS:
        text += f"\nThe options of the command are in “{PROGRAM} {name} --help”.\n"
    return text


def _options(name: str) -> str:
    group = program()
    with group.make_context(PROGRAM, [], resilient_parsing=True) as context:
        found = group.get_command(context, name)
        assert found is not None
        return found.get_help(found.context_class(found, context, name, color=is_styled())) + "\n"


def _list() -> str:
    topics = topics_text([page(topic) for topic in TOPICS], _width(), is_styled=is_styled())
    return (
        f"Topics, shown by “{PROGRAM} help TOPIC”:\n\n{topics}\n"
        f"“{PROGRAM} help COMMAND” shows a command's options, “{PROGRAM} --help” all commands.\n"
    )


def _json(name: str | None) -> str:
    lines = []
    for topic in TOPICS if name is None else (name,):
        if topic not in TOPICS:
            raise click.UsageError(f"--json is for topics, and “{topic}” is a command.")
        found = page(topic)
        shape = {"topic": topic, "title": found.title, "summary": found.summary}
        if name is not None:
            shape["text"] = page_text(found, _WIDTH, is_styled=False)
        lines.append(json.dumps(shape, ensure_ascii=False))
    return colored_json("\n".join(lines) + "\n")


def _width() -> int:
    """Return the width of the lines: that of the terminal, within limits."""
    return min(get_terminal_size((_WIDTH, 0)).columns, _MAX_WIDTH) if is_terminal() else _WIDTH
