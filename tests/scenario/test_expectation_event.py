"""The verdicts of steps are events without sentences; steps that expect nothing have none."""

from __future__ import annotations

import pytest

from spacebeam.net.events import MAX_EVENT_PAYLOAD, Expectation, to_payload
from spacebeam.scenario.expectation_event import expectation_event
from spacebeam.scenario.scenario import (
    Capture,
    CheckSchema,
    CheckSnapshot,
    Delay,
    Expect,
    ExpectClose,
    ExpectNext,
    ExpectNone,
    SendText,
    Step,
    Wait,
)
from spacebeam.scenario.scenario import Expectation as ExpectedFilter
from spacebeam.scenario.verdict import Outcome, StepResult


def _event(step: Step, outcome: Outcome = Outcome.PASSED) -> Expectation | None:
    return expectation_event(StepResult(step, outcome, 0.0125))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Wait(1, 3), Expectation("wait", "passed", 12.5, number=3)),
        (
            Expect(1, (ExpectedFilter(1, "a"), ExpectedFilter(2, "{{b}}"))),
            Expectation("expect", "passed", 12.5, ("a", "{{b}}")),
        ),
        (ExpectNext(1, "a"), Expectation("expect-next", "passed", 12.5, ("a",))),
        (ExpectNone(1, "a", 2), Expectation("expect-none", "passed", 12.5, ("a",))),
        (ExpectClose(1, 1001), Expectation("expect-close", "passed", 12.5, number=1001)),
        (ExpectClose(1), Expectation("expect-close", "passed", 12.5)),
        (Capture(1, "id", "data.id"), Expectation("capture", "passed", 12.5, ("data.id",))),
        (CheckSchema(1, "a.json"), Expectation("schema", "passed", 12.5, ("a.json",))),
        (CheckSnapshot(1, "You"), Expectation("snapshot", "passed", 12.5, ("You",))),
        (SendText(1, "hello"), None),
        (Delay(1, 2), None),
    ],
)
def test_each_step_that_expects_something_has_an_event(
    step: Step, expected: Expectation | None
) -> None:
    assert _event(step) == expected


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ERROR])
def test_what_does_not_pass_has_one_too(outcome: Outcome) -> None:
    found = _event(ExpectNext(1, "a"), outcome)
    assert found is not None
    assert found.outcome == outcome.value


def test_a_long_filter_is_cut_so_that_the_event_can_be_read() -> None:
    step = Expect(1, tuple(ExpectedFilter(line, "é" * 100_000) for line in range(100)))
    found = _event(step)
    assert found is not None
    assert len(to_payload(found)) <= MAX_EVENT_PAYLOAD
