"""Recorded answers beside new ones."""

from __future__ import annotations

import json

import pytest

from spacebeam.decode.decoder import Value
from spacebeam.decode.paths import PathStepsError, found, replaced, steps
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.scenario.replay.comparing import Change, PairVerdict, compared
from spacebeam.scenario.replay.script import RecordedMessage, turns
from spacebeam.scenario.replay.substitution import Substitution


def message(
    value: object, direction: Direction = Direction.RECEIVED, kind: Kind = Kind.TEXT
) -> RecordedMessage:
    payload = value if isinstance(value, bytes) else json.dumps(value).encode()
    return RecordedMessage(1, 0.0, direction, kind, payload)


def verdicts(before: list[object], after: list[object], *left_out: str) -> list[str]:
    pairs = compared([message(one) for one in before], [message(one) for one in after], left_out)
    return [pair.verdict.value for pair in pairs]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([{"id": 1}], [{"id": 1}], ["equal"]),
        ([{"a": 1, "b": 2}], [{"b": 2, "a": 1}], ["equal"]),
        ([{"id": 1}, {"x": 2}], [{"x": 2}, {"id": 1}], ["equal", "equal"]),
        ([{"id": 1}], [{"id": 2}], ["different"]),
        ([{"id": 1}], [], ["missing"]),
        ([], [{"id": 1}], ["more"]),
        ([{"id": 1}], [{"other": 1}], ["different"]),
        ([{"type": "a", "n": 1}], [{"type": "b", "n": 1}], ["missing", "more"]),
        ([{"n": 1}, {"n": 2}], [{"n": 2}, {"n": 3}], ["different", "equal"]),
        ([[1, 2]], [[1, 3]], ["different"]),
        (["a"], ["b"], ["different"]),
    ],
)
def test_answers_are_paired(before: list[object], after: list[object], expected: list[str]) -> None:
    assert verdicts(before, after) == expected


def test_paths_are_left_out() -> None:
    before: list[object] = [{"id": 1, "items": [{"time": 1, "n": 2}]}]
    after: list[object] = [{"id": 1, "items": [{"time": 9, "n": 2}]}]
    assert verdicts(before, after) == ["different"]
    assert verdicts(before, after, "items[*].time") == ["equal-but"]
    assert verdicts(before, after, "items[1].time") == ["different"]


def test_what_differs_is_told_by_its_path() -> None:
    (pair,) = compared(
        [message({"a": {"b": [1, 2], "gone": True}, "same": 1})],
        [message({"a": {"b": [1, 3, 4], "new": None}, "same": 1})],
    )
    assert pair.changes == (
        Change("a.b[1]", "2", "3"),
        Change("a.b[2]", None, "4"),
        Change("a.gone", "true", None),
        Change("a.new", None, "null"),
    )


def test_binary_messages_and_texts_are_compared_by_their_bytes() -> None:
    one = message(b"\x00\x01", kind=Kind.BINARY)
    assert compared([one], [one])[0].verdict is PairVerdict.EQUAL
    (pair,) = compared([one], [message(b"\x00\x02", kind=Kind.BINARY)])
    assert pair.changes == (Change("", "00 01", "00 02"),)


def test_a_conversation_has_turns() -> None:
    sent = Direction.SENT
    found_turns = turns([message("a"), message("b", sent), message("c"), message("d", sent)])
    assert [(one.sent is not None, len(one.answers)) for one in found_turns] == [
        (False, 1),
        (True, 1),
        (True, 0),
    ]
    assert turns([]) == []


def test_captured_values_take_the_place_of_the_recorded() -> None:
    substitution = Substitution(["token", "items[*].id"], {"version": "2", "none.there": "x"})
    before = message({"token": "old-token", "items": [{"id": 7}, {"id": 8}]})
    after = message({"token": "new-token", "items": [{"id": 70}, {"id": 80}]})
    substitution.learn(compared([before], [after]))
    sent = message({"auth": "Bearer old-token", "id": 8, "other": 9, "version": 1}, Direction.SENT)
    assert json.loads(substitution.applied(sent)) == {
        "auth": "Bearer new-token",
        "id": 80,
        "other": 9,
        "version": 2,
    }
    plain = RecordedMessage(1, 0.0, Direction.SENT, Kind.TEXT, b"LOGIN old-token 7")
    assert substitution.applied(plain) == "LOGIN new-token 7"
    binary = RecordedMessage(1, 0.0, Direction.SENT, Kind.BINARY, b"old-token")
    assert substitution.applied(binary) == b"old-token"


def test_a_message_without_new_values_is_sent_as_it_was() -> None:
    odd = RecordedMessage(1, 0.0, Direction.SENT, Kind.TEXT, b'{ "a" : 1.0 }')
    assert Substitution(["x"], {"b": "1"}).applied(odd) == '{ "a" : 1.0 }'


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a", ["a"]), ("a.b[0].c", ["a", "b", "0", "c"]), ("[*].x-y", ["*", "x-y"]), ("*", ["*"])],
)
def test_a_path_has_steps(path: str, expected: list[str]) -> None:
    assert steps(path) == expected


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a[x]", "a]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(PathStepsError):
        steps(path)


def test_values_are_found_and_replaced() -> None:
    value: Value = {"a": [{"b": 1}, {"b": 2}], "c": 3}
    assert found(value, "a[*].b") == [1, 2]
    assert found(value, "a[5].b") == found(value, "c.d") == []
    assert replaced(value, "a[1].b", None) == {"a": [{"b": 1}, {"b": None}], "c": 3}
    assert found(value, "a[1].b") == [2]
