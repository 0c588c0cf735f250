"""`spacebeam diff`: compare two entries of a recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import click
from cloup import argument, constraint, option, option_group
from cloup.constraints import mutually_exclusive

from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_error, print_note, print_text
from spacebeam.cli.options import values
from spacebeam.cli.options.output import DECODERS, decoder_name, json_object, output_options
from spacebeam.cli.options.schemas import schema_options, schemas_of
from spacebeam.cli.reading import open_recording
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, is_styled, is_terminal
from spacebeam.compare.comparison import MAX_SIZE, Comparison, TooLongError, side_of
from spacebeam.compare.difference import Difference, Differences, Mark, Nothing, Rules
from spacebeam.compare.lines import LineDifferences
from spacebeam.compare.partner import Partner, PartnerSearch
from spacebeam.decode.extended_json import is_within_depth
from spacebeam.decode.schemas import Schemas
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.wording.differences import (
    differences_words,
    lines_words,
    no_partner_words,
    too_long_words,
)
from spacebeam.wording.recordings import recording_error_words

_EPILOG = """\
Without M, entry N is compared with the previous entry of its kind: of the same direction and type,
and if there is one, about the same, as the order with the same id. Entries count from 1.

The elements of a list are matched by a key, as id or name, where all have one; then their order
does not count. Other lists are compared by their order. Texts, and binary messages of unknown
formats, are compared as text.

differences:
  ~ order.price  12.5 → 13    the value at this path is another
  + order.fee  0.1            the value was added
  - orders[id=7].note  "x"    the value was removed

with --json, one object on one line:
  before, after  numbers of the entries
  format         name of the format of the later entry
  same           true, if nothing differs but for what is left out
  changes        the differences, null if the entries are compared as text: kind (added, removed,
                 changed), path (JMESPath, as in the filter json:), place (the path with the keys
                 of elements), before and after; before is missing if the value was added,
                 after if it was removed; of values of more than 256 levels only the beginning,
                 as text
  lines          the lines that differ and those around, null unless compared as text: mark
                 (" ", "-", "+", "…" where lines are left out), text
  left_out       number of values that differ at paths of --ignore
  complete       false, if there are more differences than are told: 10,000, or 5,000 lines

exit codes, as diff's: 0 the entries are the same, 1 they differ, 2 bad usage, or there is no such
entry, 4 the file, or an entry, could not be read, 5 standard output failed

examples:
  spacebeam diff orders.beam 12 15
  spacebeam diff orders.beam 15 --ignore time --ignore 'items[*].seq'
  spacebeam diff orders.beam 15 --json | jq '.changes[].path'"""
_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "-", Mark.CHANGED: "~"}
_COLORS = {"+": "green", "-": "red", "~": "yellow"}


@command("diff", epilog=_EPILOG)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The recording.")
@argument("number", metavar="N", type=click.IntRange(min=1), help="Number of an entry.")
@argument(
    "other",
    metavar="[M]",
    type=click.IntRange(min=1),
    required=False,
    help="Number of a later one; else the previous entry of N's kind is compared with N.",
)
@constraint(mutually_exclusive, ["other", "is_echo"])
@option_group(
    "Comparing",
    option("--echo", "is_echo", is_flag=True, help="Compare a sent entry with its echo."),
    option("--text", "as_text", is_flag=True, help="Compare as text, by lines."),
    option(
        "--ignore",
        metavar="PATH",
        type=values.value_path,
        multiple=True,
        help="Leave out this path, as time or items[*].seq. Repeatable.",
    ),
    option(
        "--key",
        "keys",
        metavar="NAME",
        multiple=True,
        help="Match the elements of lists by this member. Repeatable. [default: id, key, name and "
        "others, where all elements have one]",
    ),
    option(
        "--decode",
        "decoder",
        metavar="FORMAT",
        type=click.Choice(list(DECODERS), case_sensitive=False),
        callback=decoder_name,
        help="The format of the messages, as messagepack. [default: the surest one]",
    ),
)
@schema_options
@output_options(json_object)
def command_line(
    file: str, number: int, other: int | None, is_echo: bool, decoder: str | None, **given: Any
) -> Status:
    """Show what differs between two entries, or between one and the previous of its kind."""
    schemas = schemas_of(given)
    recording = open_recording(file)
    if recording is None:
        return Status.UNREADABLE
    with closing(recording):
        if other is None:
            partner = Partner.ECHO if is_echo else Partner.PREVIOUS
            pair = _with_partner(recording, number - 1, partner, schemas)
        else:
            pair = number - 1, other - 1
        if pair is None:
            return Status.USAGE
        entries = []
        for one in pair:
            entry = _entry(recording, one)
            if isinstance(entry, Status):
                return entry
            entries.append(entry)
        try:
            sides = [side_of(recording, one, schemas, decoder or "") for one in entries]
        except TooLongError as error:
            print_error(f"{too_long_words(error.args[0])}.")
            return Status.UNREADABLE
    return _compare(Comparison(sides[0], sides[1]), **given)


def _with_partner(
    recording: Recording, number: int, partner: Partner, schemas: Schemas | None
) -> tuple[int, int] | None:
    """Return an entry and its partner, the earlier one first; print an error if there is none."""
    if isinstance(_entry(recording, number), Status):
        return None
    search = PartnerSearch(recording, number, partner, schemas)
    for one in search.entries():
        search.read(one)
    if search.found < 0:
        print_error(f"{no_partner_words(partner, len(recording))}.")
        return None
    return min(number, search.found), max(number, search.found)


def _entry(recording: Recording, number: int) -> Entry | Status:
    """Return an entry, or print an error and return the exit code."""
    try:
        return recording.entry(number, MAX_SIZE)
    except IndexError:
        first, last = recording.first_number + 1, len(recording)
        print_error(f"There is no entry {number + 1:,}; there are {first:,} to {last:,}.")
        return Status.USAGE
    except RecordingError as error:
        print_error(recording_error_words(error))
        return Status.UNREADABLE


def _compare(
    comparison: Comparison,
    as_text: bool,
    as_json: bool,
    ignore: tuple[str, ...],
    keys: tuple[str, ...],
    **_given: Any,
) -> Status:
    if as_text or not comparison.has_values:
        lines = comparison.line_differences(ignore)
        if as_json:
            _print_json(comparison, None, lines)
        else:
            _print_head(comparison, lines_words(lines))
            _print(f"{one.mark} {one.text}".rstrip(" ") for one in lines.lines)
        return Status.DIFFERENT if lines.lines else Status.DONE
    found = comparison.differences(Rules(ignore, keys))
    if as_json:
        _print_json(comparison, found, None)
    else:
        _print_head(comparison, differences_words(found, comparison))
        _print(_words(one) for one in found.changes())
    return Status.DIFFERENT if found.count else Status.DONE


def _print_head(comparison: Comparison, words: str) -> None:
    numbers = f"#{comparison.before.entry.number + 1:,} → #{comparison.after.entry.number + 1:,}"
    print_note(f"{numbers}, {comparison.after.decoder}: {words}")


def _words(found: Difference) -> str:
    texts = " → ".join(filter(None, (found.before_text, found.after_text)))
    place = found.place
    return f"{_SIGNS[found.mark]} {f'{place}  ' if place else ''}{texts}"


def _print(lines: Iterator[str]) -> None:
    is_colored = is_styled()
    for line in lines:
        color = _COLORS.get(line[:1]) if is_colored else None
        print_text((line if color is None else click.style(line, fg=color)) + "\n")


def _print_json(
    comparison: Comparison, found: Differences | None, lines: LineDifferences | None
) -> None:
    is_complete = (found is None or found.is_complete) and (lines is None or lines.is_complete)
    told = {
        "before": comparison.before.entry.number + 1,
        "after": comparison.after.entry.number + 1,
        "format": comparison.after.decoder,
        "same": not (found.count if found is not None else lines is not None and lines.lines),
        "changes": None if found is None else [_object(one) for one in found.changes()],
        "lines": None
        if lines is None
        else [{"mark": one.mark.value, "text": one.text} for one in lines.lines],
        "left_out": 0 if found is None else found.left_out,
        "complete": is_complete,
    }
    text = json.dumps(told, ensure_ascii=not is_terminal(), default=str)
    text = text.replace("\x7f", "\\u007f")
    print_text(colored_json(f"{text}\n"))


def _object(found: Difference) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": found.mark.value, "path": found.path, "place": found.place}
    for name, value, text in (
        ("before", found.before, found.before_text),
        ("after", found.after, found.after_text),
    ):
        if not isinstance(value, Nothing):
            told[name] = value if is_within_depth(value) else text
    return told
