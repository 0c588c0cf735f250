"""A handshake's report as the terminal prints it: tables, what was said, and a waterfall.

Everything in it may come from the peer; nothing of that is obeyed by the terminal.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from spacebeam.cli.columns import broken
from spacebeam.decode.visible import lines, one_line
from spacebeam.net.close_reason import CloseReason, Failure
from spacebeam.net.report import HandshakeReport, ReportSection
from spacebeam.net.stages import WaterfallSpan

_SHOWN_TEXT = 2000  # characters of a body, or of an answer's headers
_INDENT = "  "
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_PLAIN_WIDTH = 80  # columns, where there is no terminal
_UNBROKEN = 1_000_000  # columns; for files and pipes, where a fact stays on its line


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed on."""

    width: int = _PLAIN_WIDTH  # columns that bars are drawn in
    text_width: int = _UNBROKEN  # columns after which text is broken
    has_style: bool = False
    has_blocks: bool = True  # whether it can show bars made of block characters


def standard_output() -> Paper:
    """Standard output as it is; COLUMNS goes before the terminal's own width."""
    out = sys.stdout
    is_terminal = out is not None and out.isatty()
    width = max(20, shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns)
    is_told = os.environ.get("COLUMNS", "").isdigit()
    return Paper(
        width,
        width if is_terminal or is_told else _UNBROKEN,
        has_style=is_terminal
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb",
        has_blocks=out is not None and (out.encoding or "").lower().startswith("utf"),
    )


def printed(
    report: HandshakeReport,
    paper: Paper,
    failure: Failure | None = None,
    closing: CloseReason | None = None,
) -> str:
    """The whole report; with the failure, if there was one, at its end."""
    parts = [_section(section, paper) for section in report.sections()]
    if report.spans:
        parts.append(_stages(report, paper))
    if closing is not None:
        parts.append(_section(ReportSection("Closing", (("Ended", closing.explanation),)), paper))
    if failure is not None:
        facts = (("What", failure.explanation), ("Advice", failure.advice))
        parts.append(_section(ReportSection("Failure", facts), paper))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _section(section: ReportSection, paper: Paper) -> list[str]:
    facts = [(name, one_line(value)) for name, value in section.facts if value]
    column = max((len(name) for name, _value in facts), default=0)
    body = [line for name, value in facts for line in _fact(name.ljust(column), value, paper)]
    text = section.text[:_SHOWN_TEXT]
    if text:
        body += [line for one in lines(text).split("\n") for line in _said(one, paper)]
    if len(section.text) > len(text):
        body.append(f"{_INDENT}… ({len(section.text) - len(text):,} characters more in --json)")
    return [_title(section.title, paper), *body]


def _title(title: str, paper: Paper) -> str:
    return f"\x1b[1m{title}\x1b[0m" if paper.has_style else title


def _fact(name: str, value: str, paper: Paper) -> Iterator[str]:
    head = f"{_INDENT}{name}{_INDENT}"
    room = paper.text_width - len(head)
    for piece in broken(value, room, room):
        yield (head + piece).rstrip()
        head = " " * len(head)


def _said(line: str, paper: Paper) -> Iterator[str]:
    room = paper.text_width - len(_INDENT)
    head = _INDENT
    for piece in broken(line.expandtabs(4), room, room - len(_INDENT)):
        yield (head + piece).rstrip()
        head = _INDENT * 2


def _stages(report: HandshakeReport, paper: Paper) -> list[str]:
    """The stages from top to bottom, time from left to right."""
    bars = report.waterfall()
    names = [report.label(bar.span) for bar in bars]
    times = [f"{bar.span.took:.1f} ms" for bar in bars]
    total = f"{report.total:.1f} ms"
    name_column = max(len(name) for name in (*names, "Total"))
    time_column = max(len(time) for time in (*times, total))
    # The mark of what did not end stands behind the time.
    room = max(1, paper.width - name_column - time_column - 4 * len(_INDENT))

    def row(name: str, drawn: str, time: str, mark: str = "") -> str:
        columns = (name.ljust(name_column), drawn.ljust(room), time.rjust(time_column))
        return f"{_INDENT}{_INDENT.join(columns)} {mark}".rstrip()

    told = [_title("Stages", paper)]
    has_several = len({bar.span.connection for bar in bars}) > 1
    shown = None
    for bar, name, time in zip(bars, names, times, strict=True):
        if has_several and bar.span.connection != shown:
            shown = bar.span.connection
            told += _said(one_line(f"{shown + 1}. {report.connection_url(shown)}"), paper)
        mark = "" if bar.span.is_over else "✗" if paper.has_blocks else "x"
        told.append(row(name, _drawn(bar, room, paper), time, mark))
    told.append(row("Total", "", total))
    return told


def _drawn(bar: WaterfallSpan, room: int, paper: Paper) -> str:
    """A bar to scale in `room` columns; the shortest one can be seen too."""
    start = min(room - 1, int(bar.offset * room))
    eighths = max(1, min(room * 8, round((bar.offset + bar.length) * room * 8)) - start * 8)
    whole, part = divmod(eighths, 8)
    if not paper.has_blocks:
        return " " * start + "#" * max(1, round(eighths / 8))
    return " " * start + "█" * whole + _EIGHTHS[part].strip()
