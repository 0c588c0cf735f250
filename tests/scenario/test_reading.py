"""Scenarios as they are read from `.http` files."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.exchange.http_file import read
from spacebeam.scenario.reading import read_file, scenarios_of
from spacebeam.scenario.scenario import (
    Capture,
    Close,
    Expect,
    Expectation,
    ExpectNext,
    ExpectNone,
    ProblemKind,
    Repeat,
    SendText,
    SetTimeout,
    Wait,
)
from tests.support.samples import sample


def test_a_file_becomes_scenarios() -> None:
    file = scenarios_of(
        read(
            "@host = localhost\n### Subscribe\n# @tag smoke, slow\n# @timeout 2s\n"
            "WS ws://{{host}}/\nX-A: 1\nContent-Type: application/json\n"
            "Sec-WebSocket-Protocol: a, b\n\n"
            "# @repeat 3\nhello\n# @expect a\n# @expect json:id={{$seq}}\n=== wait-for-server\n"
            "# @expect next b\n# @expect-none error 250ms\n# @capture t = data.token\n===\n"
            "# @close 4000 so long\n### HTTP\nGET http://localhost/\n"
        ),
        Path("a/feed.http"),
    )
    assert file.problems == ()
    (scenario,) = file.scenarios
    assert (scenario.name, scenario.line) == ("Subscribe", 5)
    assert scenario.tags == {"smoke", "slow"}
    assert scenario.profile.request.headers == (("X-A", "1"),)
    assert scenario.profile.request.subprotocols == ("a", "b")
    assert [one.name for one in scenario.variables] == ["host"]
    assert scenario.steps == (
        SetTimeout(4, 2.0),
        Repeat(
            10,
            3,
            (
                SendText(11, "hello"),
                Expect(12, (Expectation(12, "a"), Expectation(13, "json:id={{$seq}}"))),
                Wait(14, 1),
                ExpectNext(15, "b"),
                ExpectNone(16, "error", 0.25),
                Capture(17, "t", "data.token"),
                Close(19, 4000, "so long"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("directive", "kind"),
    [
        ("@expct a", ProblemKind.UNKNOWN_DIRECTIVE),
        ("@expect", ProblemKind.WORDS),
        ("@expect json:a[", ProblemKind.FILTER),
        ("@expect is:blue", ProblemKind.FILTER),
        ("@expect latency>200ms", ProblemKind.FILTER),
        ("@expect-none a", ProblemKind.WORDS),
        ("@expect-close soon", ProblemKind.WORDS),
        ("@timeout -1", ProblemKind.WORDS),
        ("@timeout 2 weeks", ProblemKind.WORDS),
        ("@capture token", ProblemKind.WORDS),
        ("@capture token = a[", ProblemKind.PATH),
        ("@repeat many", ProblemKind.WORDS),
        ("@repeat 3", ProblemKind.NO_MESSAGE),
        ("@snapshot", ProblemKind.WORDS),
        ("@schema", ProblemKind.WORDS),
        ("@close now", ProblemKind.WORDS),
    ],
)
def test_what_cannot_be_run_is_a_problem(directive: str, kind: ProblemKind) -> None:
    file = scenarios_of(read(f"WS ws://localhost/\n\nhello\n# {directive}\n"), Path("a.http"))
    assert [(one.line, one.kind) for one in file.problems] == [(4, kind)]


def test_directives_of_other_programs_mean_nothing() -> None:
    text = "// @no-log\n# @keepStreaming\nWS ws://localhost/\n\nhello"
    assert scenarios_of(read(text), Path("a.http")).problems == ()


def test_a_file_without_a_scenario_is_a_problem() -> None:
    file = scenarios_of(read("GET http://localhost/"), Path("a.http"))
    assert [one.kind for one in file.problems] == [ProblemKind.NO_SCENARIO]


@pytest.mark.parametrize(
    "name", ["httpyac-by-hand.http", "jetbrains-by-hand.http", "kulala-by-hand.http"]
)
def test_files_of_other_programs_are_scenarios(name: str) -> None:
    file = read_file(sample("http-files", name))
    assert file.problems == ()
    assert file.scenarios
