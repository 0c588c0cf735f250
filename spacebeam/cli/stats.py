"""`spacebeam stats`: count a recording's messages by method or path, with latencies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import click
from cloup import argument, option

from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_line, print_text
from spacebeam.cli.options.output import hide, json_lines, output_options
from spacebeam.cli.options.schemas import schema_options, schemas_of
from spacebeam.cli.plot import bars
from spacebeam.cli.query import FILTERS
from spacebeam.cli.reading import (
    MatchingEntries,
    matcher_of,
    open_recording,
    parse_filter,
    parse_filters,
)
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json
from spacebeam.cli.value_stats import VALUE_KEYS, print_values
from spacebeam.decode.preview import size
from spacebeam.decode.schemas import Schemas
from spacebeam.decode.visible import one_line
from spacebeam.recording.measured import Measured, measured_of
from spacebeam.recording.recording import Recording
from spacebeam.search.conversation_reader import ConversationReader
from spacebeam.search.decoding import connection_of
from spacebeam.search.json_path import PathError, compile_path
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.pair_paths import PairPaths, read_paths
from spacebeam.search.series.measured import check_path
from spacebeam.search.statistics import OVER_TIME_COLUMNS, Group, Statistics
from spacebeam.wording.pairs import short_latency_words

_EPILOG = f"""\
The latency of a request is the time until its first answer. Requests and answers are paired in the
protocols that have ids for it, such as JSON-RPC, GraphQL and Socket.IO (“spacebeam help decoders”
has all). Messages of other protocols are counted by their format, or paired by --pair: with
json:id=json:reply_to, a message whose “reply_to” is the “id” of another one answers it. Their names
are then the texts at “method”, “type”, “event”, “op”, “action”, “command”, “cmd” or “name”.

with --json, an object per line, the group with the most messages first; unknown values are null:
  name               the method, event or topic, or the value at the path
  count, size        number of messages without their answers, bytes of their payloads
  errors             messages that are errors, or were answered with one
  answered           number of questions that were answered
  median, p95, p99, slowest   latencies in seconds, to two digits

{VALUE_KEYS}

{FILTERS}

exit codes: 0 done, 1 there are no such messages, 2 bad usage, or an error in the filter, 4 the
file, or a part of it, could not be read, 5 standard output failed, 130 Ctrl+C

examples:
  spacebeam stats calls.beam
  spacebeam stats feed.beam --by json:type --filter is:received --plot
  spacebeam stats feed.beam --path json:price --path json:side --plot
  spacebeam stats feed.beam --path json:seq --filter json:channel=trades
  spacebeam stats feed.beam --path json:price --csv > prices.csv
  spacebeam stats calls.beam --path latency:getBook --path size --plot
  spacebeam stats devices.beam --pair json:id=json:reply_to
  spacebeam stats calls.beam --json | jq 'select(.p95 > 0.2)'"""
_plot = option(
    "--plot",
    "is_plotted",
    is_flag=True,
    help="Draw over time: the values at --path, or the messages of each group.",
)
_csv = option(
    "--csv", "as_csv", is_flag=True, help="Print a row for each message that has a value at --path."
)
_METHOD = "method"
_SERIES = "Write json: and a path, as json:price, or latency, latency:METHOD or size."
_PREFIX = "json:"
_PERCENTILES = {"median": 50.0, "p95": 95.0, "p99": 99.0, "slowest": 100.0}


def _path(_context: click.Context, _option: click.Parameter, written: str | None) -> str | None:
    """Return the path to group by; empty for the method, None if nothing is given."""
    if written is None or written == _METHOD:
        return None if written is None else ""
    return _checked(written, "Write method, or json: and a path, as json:type.")


def _paths(
    _context: click.Context, _option: click.Parameter, written: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the paths of values over time."""
    return tuple(_series(one) for one in written)


def _series(written: str) -> str:
    """Return the path of a series: of values in messages, or of something measured."""
    if written.startswith(_PREFIX):
        return _checked(written, _SERIES)
    name, _colon, method = written.partition(":")
    path = f"{name}:{method}"
    if measured_of(path) is None:
        raise click.BadParameter(_SERIES)
    try:
        check_path(path)
    except PathError as error:
        raise click.BadParameter(f"{error}.") from None
    return path


def _check(
    path: str | None,
    paths: tuple[str, ...],
    *,
    as_json: bool,
    as_csv: bool,
    is_plotted: bool,
    **_others: Any,
) -> None:
    """Raise UsageError for options that exclude each other."""
    if paths and path is not None:
        raise click.UsageError("Use either --by or --path.")
    if as_csv and not paths:
        raise click.UsageError("--csv is for --path.")
    if as_json + as_csv + is_plotted > 1:
        raise click.UsageError("Use one of --plot, --json and --csv.")


def _checked(written: str, advice: str) -> str:
    if not written.startswith(_PREFIX) or written == _PREFIX:
        raise click.BadParameter(advice)
    path = written.removeprefix(_PREFIX)
    try:
        compile_path(path)
    except PathError as error:
        raise click.BadParameter(f"{error}.") from None
    return path


def _pair(
    _context: click.Context, _option: click.Parameter, written: str | None
) -> PairPaths | None:
    try:
        return None if written is None else read_paths(written)
    except PathError as error:
        raise click.BadParameter(f"{error}.") from None


@command("stats", epilog=_EPILOG)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The recording.")
@option(
    "--by",
    "path",
    metavar="method|json:PATH",
    callback=_path,
    help="Group the messages by method, event or topic, or by a value in them. [default: method]",
)
@option(
    "--path",
    "paths",
    metavar="json:PATH|latency[:METHOD]|size",
    multiple=True,
    callback=_paths,
    help="In place of groups, show the values at this path (numbers, states, and the gaps of a "
    "sequence number), the latency of answers, or the size of messages. Repeatable.",
)
@option(
    "--pair",
    "pair_paths",
    metavar="json:PATH=json:PATH",
    callback=_pair,
    help="Pair a message with the one whose value at the second path is this one's at the first.",
)
@option("--filter", metavar="FILTER", default="", help="Only messages that match this filter.")
@schema_options
@output_options(_plot, json_lines, _csv, hide)
def command_line(
    file: str,
    path: str | None,
    paths: tuple[str, ...],
    filter: str,
    hidden: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> Status:
    """Count a recording's messages in groups, with their sizes and latencies; or show values."""
    _check(path, paths, as_json=as_json, **given)
    schemas = schemas_of(given)
    wanted, left_out = parse_filter(filter), parse_filters(hidden)
    if wanted is None or left_out is None:
        return Status.USAGE
    recording = open_recording(file)
    if recording is None:
        return Status.UNREADABLE
    with closing(recording):
        matcher = matcher_of(recording, wanted, left_out, schemas)
        entries = MatchingEntries(recording, matcher, "Counting")
        if paths:
            status = print_values(
                entries,
                paths,
                connection_of(recording, schemas=schemas),
                _pairs(recording, paths, schemas, given["pair_paths"]),
                as_json=as_json,
                as_csv=given["as_csv"],
                is_plotted=given["is_plotted"],
            )
            entries.report_unread()
            return Status.UNREADABLE if entries.unread or entries.unsearched else status
        span = (recording.began, recording.ended) if given["is_plotted"] else None
        statistics = Statistics(path or "", span)
        reader = ConversationReader(recording, schemas, given["pair_paths"])
        for block, places in entries.read(every_block=True):  # a question may not match
            wanted_places = places if isinstance(places, range) else frozenset(places)
            for read in reader.read(block, 0, len(block)):
                if read.place in wanted_places:
                    statistics.count(block.first + read.place, read.time, read.reading, read.size)
        entries.report_unread()
    groups = statistics.groups
    if as_json:
        lines = (json.dumps(_object(one)).replace("\x7f", "\\u007f") for one in groups)
        print_text(colored_json("".join(f"{line}\n" for line in lines)))
    elif groups:
        _print_table(groups, reader.unanswered, is_plotted=given["is_plotted"])
    if entries.unread or entries.unsearched:
        return Status.UNREADABLE
    return Status.DONE if groups else Status.NO_MATCH


def _pairs(
    recording: Recording,
    paths: tuple[str, ...],
    schemas: Schemas | None,
    pair_paths: PairPaths | None,
) -> PairIndex | None:
    """Return the index of questions and answers, if a series is of their latency."""
    if not any(measured_of(one) is Measured.LATENCY for one in paths):
        return None
    pairs = PairIndex(recording, schemas, pair_paths)
    pairs.advance()
    return pairs


def _object(group: Group) -> dict[str, Any]:
    latencies = group.latencies
    return {
        "name": group.name,
        "count": group.count,
        "size": group.size,
        "errors": group.errors,
        "answered": latencies.count,
        **dict(zip(_PERCENTILES, latencies.percentiles(*_PERCENTILES.values()), strict=True)),
    }


def _print_table(groups: list[Group], unanswered: int, *, is_plotted: bool) -> None:
    rows = [tuple(_HEADER), *map(_row, groups)]
    if is_plotted:
        drawn = [_OVER_TIME.ljust(OVER_TIME_COLUMNS), *(bars(one.over_time) for one in groups)]
        rows = [(*row[:-1], bar, row[-1]) for row, bar in zip(rows, drawn, strict=True)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print_line("\n".join("  ".join(_aligned(row, widths)).rstrip() for row in rows))
    if unanswered:
        questions = "1 question" if unanswered == 1 else f"{unanswered:,} questions"
        print_line(f"\n{questions} without an answer")


_OVER_TIME = "Messages over time"
_HEADER = ("Count", "Size", "Errors", "Median", "95 %", "99 %", "Slowest", "Name")


def _row(group: Group) -> tuple[str, ...]:
    return (
        f"{group.count:,}",
        size(group.size),
        f"{group.errors:,}" if group.errors else "",
        *map(_seconds, group.latencies.percentiles(*_PERCENTILES.values())),
        one_line(group.name),
    )


def _aligned(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    """Yield the cells of a row; numbers at the right, the name as it is."""
    for cell, width in zip(row[:-1], widths, strict=False):
        yield cell.rjust(width)
    yield row[-1]


def _seconds(latency: float | None) -> str:
    return "" if latency is None else short_latency_words(latency)
