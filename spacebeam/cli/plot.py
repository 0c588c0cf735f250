"""Draws series with characters: numbers in Braille dots, states as bands, breaks as marks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence

from spacebeam.decode.visible import one_line
from spacebeam.search.series.columns import Column, columns
from spacebeam.search.series.sequence import Break
from spacebeam.search.series.series import OTHERS, Series
from spacebeam.wording.series import measured_words

_ROWS = 8  # of a chart of numbers
_MAX_BANDS = 8
_MAX_LABEL = 20  # columns
_MAX_BREAK_WORDS = len("out of order")
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # of a cell, by column and row
_MARKS = ((Break.GAP, "×"), (Break.DUPLICATE, "="), (Break.ORDER, "↕"))
_BARS = " ▁▂▃▄▅▆▇█"
_PLAIN = str.maketrans(
    {
        **{chr(_BRAILLE + dots): "*" for dots in range(1, 256)},
        **dict(zip(_BARS, " ..::||##", strict=True)),
        chr(_BRAILLE): " ",
        "┤": "|",
        "│": "|",
        "└": "+",
        "─": "-",
        "×": "x",
        "↕": "%",
        "…": "...",
    }
)


def plot(series: Series, width: int) -> list[str]:
    """Return the lines of a chart that is `width` columns wide, with its times below."""
    began, ended = series.buckets.began, series.buckets.ended
    has_breaks = series.is_sequence and any(series.break_counts.values())
    label = max(map(len, _scale(series))) if series.is_numeric else _MAX_LABEL
    label = max(label, _MAX_BREAK_WORDS) if has_breaks else label
    room = max(width - label - 2, 10)
    if series.is_numeric:
        lines = _numbers(series, label, columns(series.buckets, began, ended, 2 * room))
    else:
        lines = _bands(series, label, columns(series.buckets, began, ended, room))
    if has_breaks:
        lines += _breaks(label, columns(series.buckets, began, ended, room))
    return [fitting(one.rstrip()) for one in (*lines, *_axis(label, room, began, ended))]


def bars(amounts: Sequence[float]) -> str:
    """Return a bar for each amount, a column wide and a row high."""
    most = max(amounts, default=0.0)
    steps = len(_BARS) - 1
    found = (max(round(one / most * steps), 1) if one > 0 else 0 for one in amounts)
    return fitting("".join(_BARS[at] for at in found)) if most > 0 else " " * len(amounts)


def fitting(text: str) -> str:
    """Return a drawing in ASCII if standard output's encoding lacks its characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(_PLAIN)
    return text


def number_words(number: float) -> str:
    """Return a number with six digits at most."""
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:,.6g}"


def _scale(series: Series) -> tuple[str, str]:
    assert series.least is not None
    assert series.most is not None
    found = series.most, series.least
    most, least = (measured_words(series.path, one) or number_words(one) for one in found)
    return most, least


def _numbers(series: Series, label: int, dots: Sequence[Column]) -> list[str]:
    assert series.least is not None
    assert series.most is not None
    least, span = series.least, series.most - series.least
    height = 4 * _ROWS
    cells = [[0] * ((len(dots) + 1) // 2) for _ in range(_ROWS)]
    before: int | None = None
    for x, column in enumerate(dots):
        if column.last is None:
            before = None
            continue
        low, high, last = (
            round((one - least) / span * (height - 1)) if span else height // 2
            for one in (column.low, column.high, column.last)
        )
        if before is not None:  # the line goes on
            low, high = min(low, before), max(high, before)
        before = last
        for y in range(low, high + 1):
            row, dot = divmod(height - 1 - y, 4)
            cells[row][x // 2] |= _DOTS[x % 2][dot]
    names = [""] * _ROWS
    names[0], names[-1] = _scale(series)
    return [
        f"{name.rjust(label)} {'┤' if name else '│'}{''.join(chr(_BRAILLE + one) for one in row)}"
        for name, row in zip(names, cells, strict=True)
    ]


def _bands(series: Series, label: int, found: Sequence[Column]) -> list[str]:
    counts = series.state_counts
    names = sorted(series.state_names, key=lambda name: -counts.get(name, 0))
    shown = names if len(names) <= _MAX_BANDS else names[: _MAX_BANDS - 1]
    bits = [1 << series.state_names.index(name) for name in shown]
    if len(shown) < len(names):
        shown = [*shown, OTHERS]
        bits.append(sum(1 << at for at in range(len(series.state_names))) - sum(bits))
    return [
        f"{_cut(name, label).rjust(label)} │"
        + "".join("█" if one.states & bit else " " for one in found)
        for name, bit in zip(shown, bits, strict=True)
    ]


def _cut(name: str, most: int) -> str:
    name = one_line(name) or '""'
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _breaks(label: int, found: Sequence[Column]) -> Iterator[str]:
    for kind, mark in _MARKS:
        if any(one.breaks & kind for one in found):
            marks = "".join(mark if one.breaks & kind else " " for one in found)
            yield f"{break_words(kind, 2).rjust(label)} │{marks}"


def break_words(kind: Break, count: int) -> str:
    """Return the name of a kind of break, in the plural unless there is one."""
    if kind is Break.ORDER:
        return "out of order"
    name = "gap" if kind is Break.GAP else "duplicate"
    return name if count == 1 else f"{name}s"


def _axis(label: int, room: int, began: float, ended: float) -> Iterator[str]:
    first, last = _clock(began), _clock(ended)
    yield f"{' ' * label} └{'─' * room}"
    yield f"{' ' * label}  {first}{last.rjust(max(room - len(first), len(last) + 1))}"


def _clock(when: float) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when))
    except (ValueError, OverflowError, OSError):  # a damaged file may have any
        return str(when)
