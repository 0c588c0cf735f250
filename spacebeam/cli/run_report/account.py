"""The account of a run for a person: a line for each scenario, and what is wrong below it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from spacebeam.cli.messages import print_text
from spacebeam.cli.terminal import is_styled
from spacebeam.decode.visible import one_line
from spacebeam.scenario.verdict import Outcome, ScenarioResult
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.fault_account import fault_account

_MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.ERROR: ("!", "red"),
    Outcome.SKIPPED: ("-", "yellow"),
}


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
        took = "" if result.outcome is Outcome.SKIPPED else f"  {rounded_words(result.seconds)}"
        again = f", attempt {result.attempts}" if result.attempts > 1 else ""
        name = one_line(result.scenario.name)
        lines.append(f"  {_style(mark, fg=color)} {name}{_style(took + again, dim=True)}")
        lines += [f"      {_colored(line)}" for line in trouble(result)]
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
        took = rounded_words(time.monotonic() - self._begin)
        print_text(f"\n{total} {noun}: {', '.join(parts)}, in {took}.\n")


def trouble(result: ScenarioResult) -> Iterator[str]:
    """Yield the lines that say what did not pass, and why, safe to show."""
    fault = result.fault
    if fault is None:
        return
    if result.steps and result.steps[-1].fault is fault:
        step = result.steps[-1]
        turn = f", turn {step.turn:,}" if step.turn > 1 else ""
        yield from fault_account(fault, step.step, f"line {step.step.line}{turn}: ")
    else:
        yield f"line {result.scenario.line}: connect"
        yield from fault_account(fault)


def _colored(line: str) -> str:
    color = {"+": "green", "-": "red"}.get(line.lstrip()[:1])
    return _style(line, fg=color) if color else line


def _style(text: str, **style: object) -> str:
    return click.style(text, **style) if is_styled() else text  # type: ignore[arg-type]
