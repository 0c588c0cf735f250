"""The verdict of a step as an event of its conversation's recording."""

from __future__ import annotations

from spacebeam.net.events import Expectation, ExpectationOutcome, ExpectingStep
from spacebeam.scenario.scenario import (
    Capture,
    CheckSchema,
    CheckSnapshot,
    Expect,
    ExpectClose,
    ExpectNext,
    ExpectNone,
    Step,
    Wait,
)
from spacebeam.scenario.verdict import Outcome, StepResult

_OUTCOMES: dict[Outcome, ExpectationOutcome] = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "error",
}
_MAX_SUBJECTS = 20
_MAX_SUBJECT = 500  # characters


def expectation_event(result: StepResult) -> Expectation | None:
    """Return the event; None for a step that expects nothing of the server."""
    expected = _expected(result.step)
    if expected is None:
        return None
    step, subjects, number = expected
    return Expectation(
        step,
        _OUTCOMES[result.outcome],
        round(result.seconds * 1000, 3),
        tuple(one[:_MAX_SUBJECT] for one in subjects[:_MAX_SUBJECTS]),
        number,
    )


def _expected(step: Step) -> tuple[ExpectingStep, tuple[str, ...], int] | None:
    match step:
        case Wait(count=count):
            return "wait", (), count
        case Expect(expectations=expectations):
            return "expect", tuple(one.filter for one in expectations), 0
        case ExpectNext(filter=filter):
            return "expect-next", (filter,), 0
        case ExpectNone(filter=filter):
            return "expect-none", (filter,), 0
        case ExpectClose(code=code):
            return "expect-close", (), code or 0
        case Capture(path=path):
            return "capture", (path,), 0
        case CheckSchema(path=path):
            return "schema", (path,), 0
        case CheckSnapshot(name=name):
            return "snapshot", (name,), 0
        case _:
            return None
