"""The options of what a command prints, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from cloup import option, option_group

_Command = TypeVar("_Command", bound=Callable[..., Any])

json_object = option("--json", "as_json", is_flag=True, help="Print one JSON object.")
json_lines = option("--json", "as_json", is_flag=True, help="Print a JSON object per line.")
trace = option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Print the handshake and every frame to standard error: > sent, < received.",
)


def _set_color(context: click.Context, _option: click.Parameter, when: str) -> None:
    context.color = {"always": True, "never": False}.get(when)


_color: Any = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    expose_value=False,
    is_eager=True,
    callback=_set_color,
    help="Use colours and tables. [default: auto, on a terminal without NO_COLOR]",
)


def output_options(*own: Any) -> Callable[[_Command], _Command]:
    """Return a decorator that adds the group, with the command's own options first."""

    def add(command: _Command) -> _Command:
        group: Callable[[_Command], _Command] = option_group("Output", *own, _color)
        return group(command)

    return add
