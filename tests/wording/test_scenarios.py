"""Every fault and problem of a scenario has words."""

from __future__ import annotations

from spacebeam.scenario.scenario import ProblemKind
from spacebeam.scenario.verdict import FaultKind
from spacebeam.wording.durations import seconds_words
from spacebeam.wording.scenarios import fault_kinds, problem_kinds


def test_all_kinds_have_words() -> None:
    assert set(fault_kinds()) == set(FaultKind)
    assert set(problem_kinds()) == set(ProblemKind)


def test_durations_are_short() -> None:
    assert [seconds_words(one) for one in (0.25, 1, 2.5, 0)] == ["250 ms", "1 s", "2.5 s", "0 ms"]
