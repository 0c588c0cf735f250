"""Values over time, for `spacebeam stats --path`: what they are, their chart, and as CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from shutil import get_terminal_size
from typing import Any

from spacebeam.cli.messages import print_line, print_text
from spacebeam.cli.plot import break_words, fitting, number_words, plot
from spacebeam.cli.reading import MatchingEntries
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, is_terminal
from spacebeam.decode.decoder import Context
from spacebeam.decode.visible import one_line
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.series.reader import SeriesReader
from spacebeam.search.series.sequence import Break, FoundBreak
from spacebeam.search.series.series import Series
from spacebeam.search.series.table import Part, table
from spacebeam.wording.series import measured_words, newest_words

VALUE_KEYS = """\
with --path and --json, an object per line for each path; unknown values are null:
  path, count        the path (latency:, latency:METHOD and size: of what is measured), the number
                     of its values
  newest, time       the newest value as a text, and its Unix time in seconds
  least, most, mean  of the numbers; of latencies in seconds, of sizes in bytes
  states             an object: the number of each other value
  gaps, missing, duplicates, out_of_order
                     of a sequence number; null if it is none
  breaks             the first 1,000 of them: number (of the entry), time, kind, expected, found"""
_WIDTH = 80  # columns, where the terminal does not say
_MAX_WIDTH = 200
_SHOWN_STATES = 5
_SHOWN_BREAKS = 5


def print_values(
    entries: MatchingEntries,
    paths: Sequence[str],
    connection: Context,
    pairs: PairIndex | None,
    *,
    as_json: bool,
    as_csv: bool,
    is_plotted: bool,
) -> Status:
    """Print the values at paths; return the exit code. Latencies are those of `pairs`."""
    reader = SeriesReader(entries.recording, paths, connection, pairs=pairs)
    parts = (_part(entries, *one) for one in entries.read())
    if as_csv:
        count = 0
        for text in table(reader, parts):
            count += text.count("\n")
            print_text(text)
        return Status.DONE if count > 1 else Status.NO_MATCH
    for part in parts:
        reader.read(*part)
    if as_json:
        lines = (json.dumps(_object(one)).replace("\x7f", "\\u007f") for one in reader.series)
        print_text(colored_json("".join(f"{line}\n" for line in lines)))
    else:
        print_line("\n\n".join(_described(one, is_plotted) for one in reader.series))
    return Status.DONE if any(one.count for one in reader.series) else Status.NO_MATCH


def _part(entries: MatchingEntries, block: Any, places: Sequence[int]) -> Part:
    if entries.matcher is None:
        return block, 0, len(block), None
    mask = bytearray(len(block))
    for place in places:
        mask[place] = 1
    return block, 0, len(block), mask


def _object(series: Series) -> dict[str, Any]:
    newest, counts = series.newest, series.break_counts
    is_sequence = series.is_sequence
    return {
        "path": series.path,
        "count": series.count,
        "newest": newest and newest.text,
        "time": newest and newest.time,
        "least": series.least,
        "most": series.most,
        "mean": series.sum / series.numbers if series.numbers else None,
        "states": series.state_counts,
        "gaps": counts[Break.GAP] if is_sequence else None,
        "missing": series.missing if is_sequence else None,
        "duplicates": counts[Break.DUPLICATE] if is_sequence else None,
        "out_of_order": counts[Break.ORDER] if is_sequence else None,
        "breaks": list(map(_break_object, series.breaks)) if is_sequence else [],
    }


def _break_object(one: FoundBreak) -> dict[str, Any]:
    return {
        "number": one.entry + 1,
        "time": one.time,
        "kind": _KINDS[one.kind],
        "expected": one.expected,
        "found": one.found,
    }


_KINDS = {Break.GAP: "gap", Break.DUPLICATE: "duplicate", Break.ORDER: "out-of-order"}


def _described(series: Series, is_plotted: bool) -> str:
    """Return the lines about a series: its values, its breaks, and its chart."""
    path = one_line(series.path)
    lines = [f"json:{path}" if series.measured is None else path.removesuffix(":")]
    if series.newest is None:
        return f"{lines[0]}\n  no values"
    newest = newest_words(series.path, series.newest.value, series.newest.text)
    values = "1 value" if series.count == 1 else f"{series.count:,} values"
    lines.append(f"  {values}, the newest {one_line(newest)}")
    if series.least is not None and series.most is not None:
        found = series.least, series.most, series.sum / max(series.numbers, 1)
        least, most, mean = (measured_words(series.path, one) or number_words(one) for one in found)
        lines.append(f"  {least} to {most}, mean {mean}")
    if series.state_counts:
        lines.append(f"  {_states(series)}")
    if series.is_sequence:
        lines += _break_lines(series)
    if is_plotted:
        width = get_terminal_size((_WIDTH, 0)).columns if is_terminal() else _WIDTH
        lines += ["", *plot(series, min(width, _MAX_WIDTH))]
    return "\n".join(lines)


def _states(series: Series) -> str:
    counts = sorted(series.state_counts.items(), key=lambda one: -one[1])
    words = [f"{one_line(name)} {count:,}" for name, count in counts[:_SHOWN_STATES]]
    if more := len(counts) - _SHOWN_STATES:
        words += [f"{more} more"] if more > 0 else []
    return ", ".join(words)


def _break_lines(series: Series) -> list[str]:
    counts = series.break_counts
    if not any(counts.values()):
        return ["  a sequence without gaps"]
    found = ", ".join(
        f"{count:,} {break_words(kind, count)}" for kind, count in counts.items() if count
    )
    missing = f" ({series.missing:,} missing)" if series.missing else ""
    lines = [f"  a sequence: {found}{missing}"]
    for one in series.breaks[:_SHOWN_BREAKS]:
        lines.append(f"    entry {one.entry + 1:,}: {one.found} after {one.expected - 1}")
    if (more := sum(counts.values()) - _SHOWN_BREAKS) > 0:
        lines.append(
            fitting(f"    … and {more:,} more: gap:json:{one_line(series.path)} finds them")
        )
    return lines
