"""Scenarios against a real server: what passes, and what is told about what does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spacebeam.exchange.http_file import read
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile, ProtocolSettings, SpokenProtocol
from spacebeam.scenario.reading import scenarios_of
from spacebeam.scenario.runner import RunSettings, ScenarioRunner, run_with_retries
from spacebeam.scenario.verdict import Fault, FaultKind, Outcome, ScenarioResult
from tests.scenario.feed import feed
from tests.support.loop import run
from tests.support.node_peer import socketio_server


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


def ran(host: str, body: str, folder: Path = Path(), *, approve: bool = False) -> ScenarioResult:
    """Run one scenario of this body, which is written below the request line."""
    file = scenarios_of(read(f"WEBSOCKET ws://{{{{host}}}}/feed\n\n{body}"), folder / "test.http")
    assert file.problems == ()
    settings = RunSettings({"host": Variable("host", host)}, timeout=5, approve=approve)
    return run(ScenarioRunner(file.scenarios[0], file.path, settings).run())


def fault(result: ScenarioResult) -> Fault:
    assert result.fault is not None
    return result.fault


@pytest.mark.parametrize(
    "body",
    [
        "# @expect json:type=welcome",
        "# @expect next json:type=welcome json:path=/feed",
        '# @expect json:type=welcome\n{"op": "sub", "id": 7, "ticks": 3}\n'
        "# @expect json:id=7 json:type=subscribed",
        # In any order, each by a message of its own.
        '{"op": "sub", "id": 7, "ticks": 2}\n'
        "# @expect json:type=subscribed\n# @expect json:type=tick\n# @expect json:type=tick",
        'hello\n=== wait-for-server\n=== wait-for-server\nbye\n# @expect next "bye"',
        '{"op": "bytes"}\n# @expect is:binary size=3',
        '{"op": "ping"}\n# @expect is:ping beat',
        '{"op": "close", "code": 4001}\n# @expect-close 4001',
        '{"op": "close", "code": 4001}\n# @expect-close',
        "# @expect json:type=welcome\n# @expect-none json:type=error 50ms",
        "# @delay 1ms\n# @timeout 3s\n# @close 1000 bye",
        '# @expect json:type=welcome\n# @repeat 20\n{"op": "sub", "id": {{$seq}}}\n'
        "# @expect next json:type=subscribed\n===\nlast\n# @expect next last",
    ],
)
def test_a_scenario_passes(host: str, body: str) -> None:
    result = ran(host, body)
    assert (result.outcome, result.fault) == (Outcome.PASSED, None)
    assert all(one.outcome is Outcome.PASSED for one in result.steps)


def test_a_captured_value_is_sent_again_and_expected(host: str) -> None:
    result = ran(
        host,
        '{"op": "sub", "id": 7}\n# @expect json:type=subscribed\n# @capture token = token\n'
        '# @capture number = id\n===\n{"op": "who", "id": {{number}}, "token": "{{token}}"}\n'
        "# @expect json:token={{token}} json:id={{number}}",
    )
    assert result.outcome is Outcome.PASSED
    assert result.exchanges == 2


def test_files_are_sent(host: str, tmp_path: Path) -> None:
    (tmp_path / "bytes.bin").write_bytes(b"12345")
    (tmp_path / "text.txt").write_text("say {{host}}")
    result = ran(
        host,
        f'< ./bytes.bin\n# @expect json:size=5\n===\n<@ text.txt\n# @expect "say {host}"',
        tmp_path,
    )
    assert result.outcome is Outcome.PASSED


def test_the_nearest_misses_are_told_with_what_they_fail(host: str) -> None:
    result = ran(
        host,
        '# @timeout 2s\n{"op": "sub", "id": 6, "ticks": 1}\n'
        "# @expect json:type=subscribed json:id=7",
    )
    found = fault(result)
    assert (result.outcome, found.kind) == (Outcome.FAILED, FaultKind.NO_MATCH)
    assert found.names == ("json:type=subscribed json:id=7",)
    assert found.passed_over == 3
    near = found.misses[0]
    assert (near.number, [(one.term, one.found) for one in near.failed]) == (
        3,
        [("json:id=7", "6")],
    )
    assert [one.step.line for one in result.steps][-1] == 5


def test_what_is_still_missing_of_several_is_told(host: str) -> None:
    found = fault(
        ran(host, "# @timeout 100ms\n# @expect json:type=welcome\n# @expect json:type=no")
    )
    assert (found.kind, found.names) == (FaultKind.NOTHING_CAME, ("json:type=no",))


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        ("hello\n# @expect next hello", FaultKind.NO_MATCH, Outcome.FAILED),
        ("# @expect-none json:type=welcome 5s", FaultKind.UNEXPECTED, Outcome.FAILED),
        (
            '{"op": "close", "code": 1008, "reason": "no"}\n# @expect json:id=1',
            FaultKind.CLOSED,
            Outcome.FAILED,
        ),
        (
            '{"op": "close", "code": 1001}\n# @expect-close 1000',
            FaultKind.OTHER_CODE,
            Outcome.FAILED,
        ),
        ("# @timeout 50ms\n# @expect-close", FaultKind.STILL_OPEN, Outcome.FAILED),
        (
            '{"op": "close", "code": 1000}\n# @expect-close\n===\nx',
            FaultKind.NOT_SENT,
            Outcome.FAILED,
        ),
        ("# @capture a = b", FaultKind.NO_MESSAGE, Outcome.FAILED),
        ("# @expect welcome\n# @capture a = none.here", FaultKind.NO_VALUE, Outcome.FAILED),
        ("< ./nowhere", FaultKind.FILE, Outcome.ERROR),
        ("# @expect {{a}}", FaultKind.VARIABLES, Outcome.ERROR),
        (
            "# @timeout 50ms\n=== wait-for-server\n=== wait-for-server",
            FaultKind.NOTHING_CAME,
            Outcome.FAILED,
        ),
    ],
)
def test_what_does_not_pass_is_told(
    host: str, body: str, kind: FaultKind, outcome: Outcome, tmp_path: Path
) -> None:
    result = ran(host, body, tmp_path)
    assert (fault(result).kind, result.outcome) == (kind, outcome)
    assert result.steps[-1].fault == result.fault


def test_after_a_step_that_fails_no_other_is_done(host: str) -> None:
    result = ran(host, "# @timeout 50ms\n# @expect nothing\n===\nhello\n# @expect hello")
    assert len(result.steps) == 2
    assert result.exchanges == 0


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("WEBSOCKET ws://127.0.0.1:1/", FaultKind.NOT_CONNECTED),
        ("WEBSOCKET ws://{{nobody}}/", FaultKind.VARIABLES),
        ("WEBSOCKET ws://a b/", FaultKind.ADDRESS),
    ],
)
def test_what_cannot_be_tried_is_an_error(line: str, kind: FaultKind) -> None:
    file = scenarios_of(read(f"{line}\n\nhello"), Path("test.http"))
    result = run(ScenarioRunner(file.scenarios[0], file.path, RunSettings()).run())
    assert (result.outcome, fault(result).kind) == (Outcome.ERROR, kind)


def test_a_disabled_scenario_is_skipped() -> None:
    file = scenarios_of(read("# @disabled\nWS ws://127.0.0.1:1/"), Path("test.http"))
    result = run(ScenarioRunner(file.scenarios[0], file.path, RunSettings()).run())
    assert result.outcome is Outcome.SKIPPED


def test_a_scenario_that_fails_is_tried_again() -> None:
    file = scenarios_of(read("WS ws://127.0.0.1:1/"), Path("test.http"))
    result = run(run_with_retries(file.scenarios[0], file.path, RunSettings(), retries=2))
    assert (result.attempts, result.outcome) == (3, Outcome.ERROR)


def test_a_snapshot_is_approved_and_then_compared(host: str, tmp_path: Path) -> None:
    body = (
        '{"op": "sub", "id": %d}\n# @expect json:type=subscribed\n# @snapshot ../sub without token'
    )
    assert fault(ran(host, body % 1, tmp_path)).kind is FaultKind.NOT_APPROVED
    assert ran(host, body % 1, tmp_path, approve=True).outcome is Outcome.PASSED
    assert [one.name for one in tmp_path.rglob("*.txt")] == ["sub.txt"]
    assert ran(host, body % 1, tmp_path).outcome is Outcome.PASSED
    found = fault(ran(host, body % 2, tmp_path))
    assert found.kind is FaultKind.DIFFERS
    assert '-  "id": 1,' in found.difference
    assert '+  "id": 2,' in found.difference
    assert '   "token": "(left out)",' in found.difference


def test_a_message_is_checked_against_a_schema(host: str, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('{"type": "object", "required": ["type"]}')
    (tmp_path / "other.json").write_text('{"properties": {"type": {"const": "bye"}}}')
    (tmp_path / "broken.json").write_text('{"type": "thing"}')
    body = "# @expect json:type=welcome\n# @schema %s.json"
    assert ran(host, body % "good", tmp_path).outcome is Outcome.PASSED
    found = fault(ran(host, body % "other", tmp_path))
    assert found.kind is FaultKind.AGAINST_SCHEMA
    assert found.difference == ("$.type: 'bye' was expected",)
    assert fault(ran(host, body % "broken", tmp_path)).kind is FaultKind.SCHEMA
    assert fault(ran(host, body % "none", tmp_path)).kind is FaultKind.FILE


@pytest.mark.parametrize("timeout", ["5s", "0s"])
def test_what_came_is_looked_at_to_its_end_in_turns_even_after_the_deadline(
    host: str, monkeypatch: pytest.MonkeyPatch, timeout: str
) -> None:
    monkeypatch.setattr("spacebeam.scenario.steps._LOOK_S", 0.0)  # a turn for each message
    result = ran(
        host,
        '{"op": "sub", "id": 7, "ticks": 300}\n# @delay 1s\n'
        f"# @timeout {timeout}\n# @expect json:type=subscribed\n",
    )
    assert result.outcome is Outcome.PASSED


def test_a_protocol_is_open_before_the_first_step() -> None:
    with socketio_server() as port:
        body = f'WEBSOCKET ws://127.0.0.1:{port}/admin\n\n42/admin,["chat","hi"]\n# @expect chat'
        file = scenarios_of(read(body), Path("test.http"))
        profile = Profile(protocol=ProtocolSettings(SpokenProtocol.SOCKET_IO))
        runner = ScenarioRunner(
            file.scenarios[0], file.path, RunSettings({}, timeout=5, profile=profile)
        )
        assert run(runner.run()).outcome is Outcome.PASSED
