"""Prints a handshake's report: facts, requests and responses, and a waterfall of the stages.

Any text may come from the peer, so control characters are made visible. A pipe gets a fact per
line, a terminal tables by rich.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from spacebeam.cli.messages import print_note, print_text
from spacebeam.cli.terminal import draw, is_drawn
from spacebeam.decode.visible import lines, one_line
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.net.stages import WaterfallSpan
from spacebeam.wording.body_text import body_text
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, advice, explanation
from spacebeam.wording.report import ReportSection, report_sections, span_label

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_MAX_SHOWN_BODY = 1000  # characters of a refusal's body
_MAX_SHOWN_TEXT = 2000  # characters of a body or of a response's headers
_INDENT = "  "
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_DEFAULT_COLUMNS = 80  # width of the waterfall without a terminal and without COLUMNS
_BARS = "[▏▎▍▌▋▊▉█#]+"


def print_report(
    report: HandshakeReport, failure: Failure | None = None, closing: CloseReason | None = None
) -> None:
    """Print the report on standard output; a failure comes last."""
    sections = [*report_sections(report), *_outcome(failure, closing)]
    width = max(20, shutil.get_terminal_size((_DEFAULT_COLUMNS, 24)).columns)
    out = sys.stdout
    has_blocks = out is not None and (out.encoding or "").lower().startswith("utf")
    stages = stage_lines(report, width, has_blocks=has_blocks)
    if is_drawn():
        draw(*_drawn_report(sections, stages))
    else:
        print_text(plain_report(sections, stages))


def show_answer(error: HandshakeError | None) -> None:
    """Print the beginning of the response body if the server refused the handshake."""
    exchanges = error.report.exchanges if error is not None else ()
    body = body_text(exchanges[-1]).strip() if exchanges else ""
    if body:
        cut = "…" if len(body) > _MAX_SHOWN_BODY else ""
        print_note(f"The server's answer:\n{body[:_MAX_SHOWN_BODY]}{cut}")


def _outcome(failure: Failure | None, closing: CloseReason | None) -> list[ReportSection]:
    sections = []
    if closing is not None:
        sections.append(ReportSection("Closing", (("Ended", close_words(closing)),)))
    if failure is not None:
        facts = (("What", explanation(failure)), ("Advice", advice(failure, Face.TERMINAL)))
        sections.append(ReportSection("Failure", facts))
    return sections


def plain_report(sections: Iterable[ReportSection], stages: list[str]) -> str:
    """Return the report as plain text, a fact per line."""
    parts = []
    for title, facts, text_lines in _ordered(sections, stages):
        column = max((len(name) for name, _value in facts), default=0)
        printed = [
            f"{_INDENT}{name.ljust(column)}{_INDENT}{value}".rstrip() for name, value in facts
        ]
        parts.append("\n".join([title, *printed, *text_lines]))
    return "\n\n".join(parts) + "\n"


def _drawn_report(sections: Iterable[ReportSection], stages: list[str]) -> Iterable[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    separator = ""
    for title, facts, text_lines in _ordered(sections, stages):
        yield Text(f"{separator}{title}", style="bold")
        separator = "\n"
        if facts:
            yield Padding(facts_table(facts), (0, 0, 0, len(_INDENT)))
        if text_lines:
            text = Text("\n".join(text_lines), overflow="fold")
            if title == "Stages":
                text.highlight_regex(_BARS, "cyan")
            yield text


def facts_table(facts: Iterable[tuple[str, str]]) -> Table:
    """Return names and values, safe to show, as a table for a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, len(_INDENT), 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(Text(name, style="cyan"), Text(value))
    return table


def _ordered(
    sections: Iterable[ReportSection], stages: list[str]
) -> Iterable[tuple[str, list[tuple[str, str]], list[str]]]:
    """Yield each section's title, facts and text lines, safe to show; the outcome comes last."""
    has_stages = bool(stages)
    for section in sections:
        if has_stages and section.title in ("Closing", "Failure"):
            yield "Stages", [], stages
            has_stages = False
        facts = [(name, one_line(value)) for name, value in section.facts if value]
        yield section.title, facts, _text_lines(section.text)
    if has_stages:
        yield "Stages", [], stages


def _text_lines(text: str) -> list[str]:
    if not text:
        return []
    text_lines = lines(text[:_MAX_SHOWN_TEXT]).split("\n")
    printed = [f"{_INDENT}{line.expandtabs(4)}".rstrip() for line in text_lines]
    if len(text) > _MAX_SHOWN_TEXT:
        printed.append(f"{_INDENT}… ({len(text) - _MAX_SHOWN_TEXT:,} characters more in --json)")
    return printed


def stage_lines(report: HandshakeReport, width: int, *, has_blocks: bool = True) -> list[str]:
    """Return the stages from top to bottom, time from left to right, in `width` columns."""
    if not report.spans:
        return []
    bars = report.waterfall()
    names = [span_label(report, bar.span) for bar in bars]
    times = [f"{bar.span.took:.1f} ms" for bar in bars]
    total = f"{report.total:.1f} ms"
    name_column = max(len(name) for name in (*names, "Total"))
    time_column = max(len(time) for time in (*times, total))
    # The mark of a stage that did not end follows the time.
    room = max(1, width - name_column - time_column - 4 * len(_INDENT))

    def row(name: str, drawn: str, time: str, mark: str = "") -> str:
        columns = (name.ljust(name_column), drawn.ljust(room), time.rjust(time_column))
        return f"{_INDENT}{_INDENT.join(columns)} {mark}".rstrip()

    printed: list[str] = []
    has_several = len({bar.span.connection for bar in bars}) > 1
    shown = None
    for bar, name, time in zip(bars, names, times, strict=True):
        if has_several and bar.span.connection != shown:
            shown = bar.span.connection
            printed.append(f"{_INDENT}{shown + 1}. {one_line(report.connection_url(shown))}")
        mark = "" if bar.span.is_over else "✗" if has_blocks else "x"
        printed.append(row(name, _bar(bar, room, has_blocks=has_blocks), time, mark))
    printed.append(row("Total", "", total))
    return printed


def _bar(bar: WaterfallSpan, room: int, *, has_blocks: bool) -> str:
    """Return a bar to scale in `room` columns; the shortest bar is still visible."""
    start = min(room - 1, int(bar.offset * room))
    eighths = max(1, min(room * 8, round((bar.offset + bar.length) * room * 8)) - start * 8)
    whole, part = divmod(eighths, 8)
    if not has_blocks:
        return " " * start + "#" * max(1, round(eighths / 8))
    return " " * start + "█" * whole + _EIGHTHS[part].strip()
