"""The account of a run as JSON Lines; the shape is in the help of `spacebeam run`."""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from typing import Any

from spacebeam.cli.messages import print_text
from spacebeam.cli.terminal import colored_json
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.verdict import Fault, Miss, Outcome, ScenarioResult, StepResult
from spacebeam.wording.scenarios import fault_words, step_words


class JsonReport:
    """Prints an object for each scenario when it has ended, and a summary."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._counts: Counter[Outcome] = Counter()

    def add(self, result: ScenarioResult) -> None:
        """Print a scenario's object."""
        self._counts[result.outcome] += 1
        _print(result_json(result))

    def end(self) -> None:
        """Print the summary."""
        count = self._counts
        summary = {
            "scenarios": count.total(),
            "passed": count[Outcome.PASSED],
            "failed": count[Outcome.FAILED],
            "errors": count[Outcome.ERROR],
            "skipped": count[Outcome.SKIPPED],
            "seconds": round(time.monotonic() - self._begin, 6),
        }
        _print({"summary": summary})


def result_json(result: ScenarioResult) -> dict[str, Any]:
    """Return a scenario's object."""
    return {
        "file": str(result.file),
        "name": result.scenario.name,
        "line": result.scenario.line,
        "outcome": result.outcome.value,
        "seconds": round(result.seconds, 6),
        "attempts": result.attempts,
        "sent": result.exchanges,
        "steps": [_step(one) for one in result.steps],
        "fault": None if result.fault is None else _fault(result.fault),
        "recording": None if result.recording is None else str(result.recording),
    }


def _step(result: StepResult) -> dict[str, Any]:
    return {
        "line": result.step.line,
        "step": step_words(result.step),
        "turn": result.turn,
        "outcome": result.outcome.value,
        "seconds": round(result.seconds, 6),
        "received": list(result.received),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "kind": fault.kind.value,
        "message": fault_words(fault),
        "expected": list(fault.names),
        "received": [_miss(one) for one in fault.misses],
        "passed_over": fault.passed_over,
        "difference": list(fault.difference),
    }


def _miss(miss: Miss) -> dict[str, Any]:
    is_text = miss.kind is Kind.TEXT
    payload = (
        {"text": miss.payload.decode(errors="replace")}
        if is_text
        else {"base64": base64.b64encode(miss.payload).decode()}
    )
    return {
        "number": miss.number,
        "time": miss.time,
        "kind": miss.kind.name.lower(),
        "size": miss.size,
        **payload,
        "fails": [{"term": one.term, "found": one.found} for one in miss.failed],
    }


def _print(value: dict[str, Any]) -> None:
    # DEL is the one control character that JSON does not escape.
    line = json.dumps(value).replace("\x7f", "\\u007f")
    print_text(colored_json(f"{line}\n"))
