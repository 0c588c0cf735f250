"""`spacebeam list`: print a recording's entries."""

from __future__ import annotations

from functools import partial
from typing import Any

import click
from cloup import argument, constraint, option, option_group
from cloup.constraints import mutually_exclusive

from spacebeam.cli.command_line import command
from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.options.output import hide, output_options
from spacebeam.cli.options.recorded import ENTRY_OUTPUT, recorded_decoding
from spacebeam.cli.options.schemas import schema_options
from spacebeam.cli.query import (
    ESCAPES,
    EXIT_CODES,
    FILTERS,
    JSON_KEYS,
    Query,
    QueryOutput,
    run_query,
)
from spacebeam.cli.status import Status

_EPILOG = f"""\
{ESCAPES}

{JSON_KEYS}

{FILTERS}
A filter that begins with - is written --filter=-word.

{EXIT_CODES}

examples:
  spacebeam list feed.beam --last 20
  spacebeam list feed.beam --filter 'is:text is:received' --raw | jq .price
  spacebeam list feed.beam --json | jq 'select(.starred)'"""


def _entry_count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise click.BadParameter(f"“{value}” is not a number of entries.")
    return int(value)


def _entry_number(value: str) -> int:
    number = _entry_count(value)
    if number < 1:
        raise click.BadParameter("Entries are numbered from 1.")
    return number


@command("list", epilog=_EPILOG)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The recording.")
@option_group(
    "Entries",
    option("--filter", metavar="FILTER", default="", help="Only entries that match this filter."),
    hide,
    option(
        "--from",
        "start",
        metavar="N",
        type=_entry_number,
        help="Begin at the entry with number N; the first is 1.",
    ),
    option("--last", metavar="N", type=_entry_count, help="Only the last N of them."),
)
@constraint(mutually_exclusive, ["start", "last"])
@constraint(mutually_exclusive, ["as_json", "is_raw"])
@constraint(mutually_exclusive, ["as_json", "form", "decoder"])
@schema_options
@output_options(*ENTRY_OUTPUT)
def command_line(
    file: str,
    filter: str,
    hidden: tuple[str, ...],
    start: int | None,
    last: int | None,
    as_json: bool,
    is_raw: bool,
    form: BinaryForm | None,
    **given: Any,
) -> Status:
    """Print the entries of a recording in order, a line each.

    A line has the local time, > for sent or < for received (* for events), the kind, and the whole
    payload: binary in hex, all others as escaped text.
    """
    first = (start or 1) - 1
    output = QueryOutput(as_json, is_raw=is_raw, form=form)
    decoding = partial(recorded_decoding, given)
    return run_query(Query(file, filter, first, last, hidden, output=output, decoding=decoding))
