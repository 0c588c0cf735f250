"""Fuzzing of scenarios and of variables: read and resolved with bounded work, never raising."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

from fuzz.target import Target
from spacebeam.decode.decoder import Value
from spacebeam.decode.paths import PathStepsError, found, replaced, steps
from spacebeam.exchange.http_file import read
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.variables import Resolver, TooLongError, places
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.scenario.reading import scenarios_of
from spacebeam.scenario.replay.comparing import compared
from spacebeam.scenario.replay.script import RecordedMessage
from spacebeam.wording.scenarios import problem_words, step_words


def check_scenario(data: bytes) -> None:
    """Read a file of scenarios; whatever is odd is a problem with words."""
    file = scenarios_of(read(data.decode(errors="replace")), Path("fuzz.http"))
    for problem in file.problems:
        assert problem_words(problem)
    for scenario in file.scenarios:
        for step in scenario.steps:
            assert step_words(step)


def check_variables(data: bytes) -> None:
    """Resolve a text whose variables are made of its own parts."""
    text = data.decode(errors="replace")
    parts = text.split("|")
    variables = {f"v{place}": Variable(f"v{place}", part) for place, part in enumerate(parts)}
    resolver = Resolver(variables, MadeValues({}, lambda: 0.0, random.Random(1)))
    for place in places(text):
        assert text[place.start : place.start + 2] == "{{"
    with suppress(TooLongError):
        resolver.message(text)


def check_answers(data: bytes) -> None:
    """Compare the halves of a text as two answers, and follow a path in them."""
    head, _, rest = data.partition(b"\n")
    before, _, after = rest.partition(b"\n")
    path = head.decode(errors="replace")
    try:
        steps(path)
    except PathStepsError:
        path = "*"
    messages = [
        RecordedMessage(1, 0.0, Direction.RECEIVED, Kind.TEXT, one) for one in (before, after)
    ]
    pairs = compared(messages[:1], messages[1:], [path])
    assert 1 <= len(pairs) <= 2
    value: Value = {"a": [{"b": path}]}
    assert len(found(replaced(value, path, 0), path)) == len(found(value, path))


SCENARIOS = {
    "scenario": Target(
        check_scenario,
        (
            b"### a\n# @tag x\nWS ws://h/\nA: b\n\n{}\n=== wait-for-server\n# @expect next a\n",
            b"@a = b\nws://h\n\n# @repeat 3\nx\n# @expect a\n# @expect b\n# @capture t = a.b\n",
            b"ws://h\n\n< ./f\n===\n<@ g\n# @expect-none a 2s\n# @close 1 x\n",
        ),
    ),
    "variables": Target(
        check_variables,
        (b"{{v1}}{{v1}}|{{v2}}|\\{{a}}", b'{"a": "{{v1}}"}|"|{{$randomInt 1 2}}{{$uuid}}'),
    ),
    "answers": Target(
        check_answers,
        (b'a.b[0]\n{"a": {"b": [1]}}\n{"a": {"b": [2]}}', b"*\nx\n[1, [2]]", b"a\n{}\n1e999"),
    ),
}
