"""The account of a run for a person: a line for each scenario, and what is wrong below it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from spacebeam.cli.messages import print_text
from spacebeam.cli.terminal import is_styled
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import one_line
from spacebeam.protocol.batch import Direction
from spacebeam.scenario.verdict import Fault, Miss, Outcome, ScenarioResult
from spacebeam.search.decoding import context_of
from spacebeam.wording.scenarios import (
    fault_words,
    message_number_words,
    miss_words,
    misses_words,
    seconds_words,
    step_words,
)

_MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.ERROR: ("!", "red"),
    Outcome.SKIPPED: ("-", "yellow"),
}
_MAX_LINE = 200  # characters of a message


class Account:
    """Prints each scenario when it has ended, and a summary."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._file: Path | None = None
        self._counts: Counter[Outcome] = Counter()

    def add(self, result: ScenarioResult) -> None:
        """Print a scenario, below its file's name where that changes."""
        self._counts[result.outcome] += 1
        lines = []
        if result.file != self._file:
            self._file = result.file
            lines.append(_style(one_line(str(result.file)), bold=True))
        mark, color = _MARKS[result.outcome]
        took = "" if result.outcome is Outcome.SKIPPED else f"  {rounded(result.seconds)}"
        again = f", attempt {result.attempts}" if result.attempts > 1 else ""
        name = one_line(result.scenario.name)
        lines.append(f"  {_style(mark, fg=color)} {name}{_style(took + again, dim=True)}")
        lines += [f"      {line}" for line in trouble(result)]
        if result.recording is not None and result.fault is not None:
            lines.append(f"      Recorded in {one_line(str(result.recording))}.")
        print_text("".join(f"{line}\n" for line in lines))

    def end(self) -> None:
        """Print the summary."""
        count = self._counts
        total = count.total()
        parts = [f"{count[Outcome.PASSED]} passed"]
        for outcome, words in (
            (Outcome.FAILED, "failed"),
            (Outcome.ERROR, "could not be tried"),
            (Outcome.SKIPPED, "skipped"),
        ):
            if count[outcome]:
                parts.append(f"{count[outcome]} {words}")
        noun = "scenario" if total == 1 else "scenarios"
        took = rounded(time.monotonic() - self._begin)
        print_text(f"\n{total} {noun}: {', '.join(parts)}, in {took}.\n")


def rounded(seconds: float) -> str:
    """Return a duration for people, such as “12 ms”."""
    return seconds_words(round(seconds, 3 if seconds < 1 else 1))


def trouble(result: ScenarioResult) -> Iterator[str]:
    """Yield the lines that say what did not pass, and why, safe to show."""
    fault = result.fault
    if fault is None:
        return
    if result.steps and result.steps[-1].fault is fault:
        step = result.steps[-1]
        turn = f", turn {step.turn:,}" if step.turn > 1 else ""
        yield _cut(f"line {step.step.line}{turn}: {step_words(step.step)}")
    else:
        yield f"line {result.scenario.line}: connect"
    yield one_line(fault_words(fault))
    yield from _instead(fault)
    for line in fault.difference:
        color = {"+": "green", "-": "red"}.get(line[:1])
        yield "  " + _style(_cut(line), fg=color)


def _instead(fault: Fault) -> Iterator[str]:
    if not fault.misses:
        return
    yield misses_words(fault)
    for miss in fault.misses:
        yield f"  {message_number_words(miss)}: {_cut(payload_words(miss))}"
        for failed in miss.failed:
            yield f"    {_style(_cut(miss_words(failed)), fg='yellow')}"


def payload_words(miss: Miss) -> str:
    """Return a message on one line, safe to show."""
    return REGISTRY.summary(miss.payload, context_of(miss.kind, Direction.RECEIVED))


def _cut(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _MAX_LINE else f"{text[: _MAX_LINE - 1]}…"


def _style(text: str, **style: object) -> str:
    return click.style(text, **style) if is_styled() else text  # type: ignore[arg-type]
