"""Prints the entries that match a filter, for `spacebeam list` and `spacebeam search`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.message_form import DecodingOptions, MessageForm
from spacebeam.cli.messages import print_line, print_text
from spacebeam.cli.printing import (
    RenderBlock,
    escaped_block,
    json_block,
    print_blocks,
    raw_block,
)
from spacebeam.cli.reading import (
    MatchingEntries,
    matcher_of,
    open_recording,
    parse_filter,
    parse_filters,
)
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import is_terminal
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of

JSON_KEYS = """\
with --json, a JSON object per line:
  number     counts from 1 in the recording
  starred    true, if the entry has a star
  note       the entry's note, if it has one
  time       Unix time in seconds
  direction  sent, received, none
  kind       text, binary, close, ping, pong, event
  text       of texts
  base64     of binary messages, pings and pongs; also of texts and closes that are not UTF-8
  code       of closes, 1005 for none; with their reason
  event      of events: an object with their type
If N messages are too long or nested too deeply to be searched, the last line is
{"unsearched": N}."""
ESCAPES = """\
escapes, which “printf %b” of bash reads:
  \\\\          a backslash
  \\n \\r \\t    line feed, carriage return, tab
  \\xHH        another control character, or a byte that is not UTF-8
  \\uHHHH \\UHHHHHHHH  invisible characters: direction marks, zero width, separators"""
FILTERS = """\
filters:
  word "two words"   in the payload                    is:received is:text is:ping is:starred
  /regex/ /regex/i   matches the payload               size>10k   after:12:30:05   before:…
  json:price json:items[0].id=7 json:price>=7.5        -word      not; all must match
  json:name~ann      the value contains this           case:yes   case matters in words and after ~
  is:unanswered      a question without an answer      pair:getBook   of this method
  is:invalid         violates --json-schema            gap:json:seq   after a missing number
  decode:protobuf    read values in this format
  latency>200ms      a late answer                     pair:#17       of the question in entry 17
A time without a date is meant of every day: after:23:59 before:00:01 finds the two minutes around
each midnight. With a date, as in after:2026-11-25T12:30:05, it is one moment."""
EXIT_CODES = """\
exit codes, as grep's: 0 entries match, or there is no filter; 1 no entry matches; 2 bad usage,
or an error in the filter; 4 the file, or a part of it, could not be read or searched; 5 standard
output failed; 130 Ctrl+C"""


@dataclass(frozen=True, slots=True)
class QueryOutput:
    """How entries are printed."""

    as_json: bool = False
    is_raw: bool = False  # the messages alone, as they are
    form: BinaryForm | None = None  # of binary messages; None: hexadecimal


@dataclass(frozen=True, slots=True)
class Query:
    """The recording, the entries to print, and the output format."""

    path: str
    filter: str = ""
    start: int = 0  # number of the first entry, from 0
    last: int | None = None  # maximum number of entries; the last matching ones are printed
    hidden: tuple[str, ...] = ()  # filters of entries that are left out
    only_count: bool = False  # print only the number of matching entries
    output: QueryOutput = QueryOutput()
    decoding: Callable[[Recording], DecodingOptions] = lambda _recording: DecodingOptions()


def run_query(query: Query) -> Status:
    """Print the matching entries; return the exit code."""
    wanted, hidden = parse_filter(query.filter), parse_filters(query.hidden)
    if wanted is None or hidden is None:
        return Status.USAGE
    recording = open_recording(query.path)
    if recording is None:
        return Status.UNREADABLE
    with closing(recording):
        decoding = query.decoding(recording)
        matcher = matcher_of(recording, wanted, hidden, decoding.schemas)
        entries = MatchingEntries(recording, matcher)
        status = _print(query, entries, decoding)
        entries.report_unread()
    if status is not Status.DONE:
        return status
    if entries.unread or entries.unsearched:
        return Status.UNREADABLE
    return Status.NO_MATCH if matcher is not None and entries.count == 0 else Status.DONE


def _print(query: Query, entries: MatchingEntries, decoding: DecodingOptions) -> Status:
    if query.only_count:
        print_line(str(entries.count_all()))
        return Status.DONE
    start = query.start if query.last is None else entries.start_of_last(query.last)
    status = print_blocks(entries.read(start), _render(query.output, entries.recording, decoding))
    if query.output.as_json and entries.unsearched and status is Status.DONE:
        print_text(f'{{"unsearched": {entries.unsearched}}}\n')
    return status


def _render(output: QueryOutput, recording: Recording, decoding: DecodingOptions) -> RenderBlock:
    if output.as_json:
        return json_block(recording.marks)
    form = MessageForm.of_options(output.form, decoding, is_terminal=is_terminal())
    form.connection = connection_of(recording, schemas=decoding.schemas)
    if output.is_raw or output.form is BinaryForm.RAW:
        return raw_block(form)
    return escaped_block(form)
