"""The options of standard input: its format, and how it is divided into messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from cloup import option

from spacebeam.cli.input_messages import InputForm
from spacebeam.cli.options import values
from spacebeam.cli.standard_input import WHOLE, Framing, is_nothing

FRAMING = ("delimiter", "null", "whole")  # excluding each other

INPUT = (
    option(
        "--input",
        "input_form",
        type=click.Choice([form.value for form in InputForm]),
        default=InputForm.LINES.value,
        help="Format of standard input. json: a message per line, text and binary mixed, "
        """as --json prints it, or just {"text": "…"} or {"base64": "…"}. [default: lines]""",
    ),
    option(
        "--delimiter",
        metavar="TEXT",
        type=values.delimiter,
        help="End messages with this text instead of a line feed, in standard input and output. "
        r"Escapes: \n \r \t \0 \\ \xHH.",
    ),
    option("-0", "--null", is_flag=True, help=r"The same as --delimiter '\0', as of find -print0."),
    option("--whole", is_flag=True, help="Send all of standard input as one message."),
    option(
        "--listen",
        is_flag=True,
        help="Send nothing of standard input, and stay connected. [default: if it is /dev/null]",
    ),
)


def framing(given: Mapping[str, Any]) -> Framing | None:
    """Return how the options divide standard input; None: by lines, or raw chunks."""
    if given["whole"]:
        return WHOLE
    delimiter: bytes | None = b"\0" if given["null"] else given["delimiter"]
    return None if delimiter is None else Framing(delimiter)


def is_listening(given: Mapping[str, Any]) -> bool:
    """Return whether nothing of standard input is to be sent."""
    return bool(given["listen"]) or is_nothing()
