"""The options of standard input: its format, and how it is divided into messages."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from cloup import option

from spacebeam.cli.forms import BinaryForm, InputForm
from spacebeam.cli.options import values
from spacebeam.cli.standard_input import WHOLE, Framing, is_nothing
from spacebeam.cli.terminal import is_terminal

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
    option(
        "--no-history",
        is_flag=True,
        help="On a terminal, do not recall or save what is sent to this address.",
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


def is_typing(given: Mapping[str, Any], messages: Sequence[str | bytes] | None) -> bool:
    """Return whether a person types at an input line: both ends are a terminal that can move.

    With --send, unless a number of messages is awaited, as scripts do.
    """
    is_person = sys.stdin is not None and sys.stdin.isatty() and is_terminal()
    is_dumb = os.environ.get("TERM", "dumb") in ("", "dumb", "unknown")
    is_raw = (
        given["binary"] == BinaryForm.RAW.value and given["input_form"] == InputForm.LINES.value
    )
    is_divided = framing(given) is not None
    is_script = messages is not None and given["expect"] is not None
    return is_person and not (is_dumb or is_raw or is_divided or is_script or given["listen"])
