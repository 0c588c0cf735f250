"""`spacebeam search`: find entries in a recording, as grep finds lines in a file."""

from __future__ import annotations

from functools import partial
from typing import Any

import click
from cloup import argument, constraint, option
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
{FILTERS}

{ESCAPES}

{JSON_KEYS}

{EXIT_CODES}

examples:
  spacebeam search feed.beam BTC-USD
  spacebeam search feed.beam 'json:price -is:sent size>1k' --count
  spacebeam search feed.beam '/error|failed/i after:12:30' --json"""

_WITH_VALUE = (
    "--avro",
    "--binary",
    "--color",
    "--decode",
    "--hide",
    "--json-schema",
    "--library",
    "--message-type",
    "--proto",
)  # options with a value in the next word


def options_first(words: list[str]) -> list[str]:
    """Return the command line with the options first: a filter may begin with a minus."""
    if "--" in words:
        return words
    options, others = [], []
    left = iter(words)
    for word in left:
        if word in _WITH_VALUE:
            options += [word, next(left, "")]
        elif word == "-h" or word.startswith("--"):
            options.append(word)
        else:
            others.append(word)
    return [*options, "--", *others]


@command("search", epilog=_EPILOG, rewrite=options_first)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The recording.")
@argument("filter", metavar="FILTER", help="Filter for the entries.")
@constraint(mutually_exclusive, ["as_json", "count", "is_raw"])
@constraint(mutually_exclusive, ["as_json", "count", "form"])
@constraint(mutually_exclusive, ["as_json", "count", "decoder"])
@schema_options
@output_options(
    *ENTRY_OUTPUT,
    hide,
    option("--count", is_flag=True, help="Print only the number of entries that match."),
)
def command_line(
    file: str,
    filter: str,
    hidden: tuple[str, ...],
    count: bool,
    as_json: bool,
    is_raw: bool,
    form: BinaryForm | None,
    **given: Any,
) -> Status:
    """Print the entries of a recording that match a filter, as “spacebeam list” prints them."""
    output = QueryOutput(as_json, is_raw=is_raw, form=form)
    decoding = partial(recorded_decoding, given)
    return run_query(
        Query(file, filter, hidden=hidden, only_count=count, output=output, decoding=decoding)
    )
