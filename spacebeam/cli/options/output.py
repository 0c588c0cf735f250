"""The options of what a command prints, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

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


def output_options(*own: Any) -> Callable[[_Command], _Command]:
    """Return a decorator that adds the group, with the command's own options first."""

    def add(command: _Command) -> _Command:
        group: Callable[[_Command], _Command] = option_group("Output", *own)
        return group(command)

    return add
