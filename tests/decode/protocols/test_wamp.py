"""WAMP 2 in JSON, MessagePack and CBOR: calls, progress, events, errors of both sides."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import Recent
from spacebeam.decode.protocols.wamp import Wamp
from spacebeam.decode.registry import REGISTRY
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle
from tests.decode.transcripts import Line

TRANSCRIPTS = ("wamp-json", "wamp-msgpack", "wamp-cbor", "wamp-refused")


def _read(line: Line) -> Value:
    """Return the value of the format that the subprotocol says."""
    name = line.context.subprotocol.removeprefix("wamp.2.")
    format_name = {"json": "JSON", "msgpack": "MessagePack", "cbor": "CBOR"}[name]
    decoder, decoded = REGISTRY.decoded(line.payload, line.context)
    assert decoder.name == format_name
    return decoded.value


def _check_values(value: Value, expected: dict[str, Any]) -> None:
    """Compare fields; an argument that was left out is expected as an empty one."""
    assert isinstance(value, dict)
    plain: dict[str, Value] = {"args": [], "kwargs": {}, **value}
    details = value.get("details")
    for name, one in expected.items():
        found = plain.get(name, details.get(name) if isinstance(details, dict) else None)
        if isinstance(one, dict) and isinstance(found, dict):
            assert {key: found[key] for key in one} == one
        else:
            assert found == _plain(one)


def _plain(expected: Any) -> Any:
    if isinstance(expected, dict):
        if "bytes_base64" in expected:
            return base64.b64decode(expected["bytes_base64"])
        return {name: _plain(one) for name, one in expected.items()}
    return [_plain(one) for one in expected] if isinstance(expected, list) else expected


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_expected_message(name: str) -> None:
    found = heard(name, Wamp(), read=_read)
    for expected in expectations(name):
        one = at(found, expected)
        assert one.message.type == expected["type"]
        assert one.message.id == str(expected.get("id", ""))
        if "name" in expected:
            assert one.message.name == expected["name"]
        # The transcript says nothing of what a refusal answers: it is the greeting.
        refused = 2 if expected["type"] == "ABORT" else None
        assert one.pairs_with == expected.get("pairs_with", refused)
        assert one.message.is_error == (expected["type"] in ("ERROR", "ABORT"))
        _check_values(one.message.value, expected["values"])
    assert len({one.line for one in found}) == len(found)


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str) -> None:
    opens_in_the_middle(name, Wamp(), _read)


def test_events_and_invocations_have_the_name_of_their_number() -> None:
    names = {one.line: one.message.name for one in heard("wamp-json", Wamp(), read=_read)}
    assert names[46] == names[47] == "com.example.topic"  # by number, and by its details
    assert [names[line] for line in (21, 25)] == ["com.example.add", "com.example.prog"]


def test_a_result_with_progress_is_not_the_last() -> None:
    found = {one.line: one for one in heard("wamp-json", Wamp(), read=_read)}
    results = [found[line] for line in (27, 29, 31)]
    assert [one.message.is_last for one in results] == [False, False, True]
    assert [one.pairs_with for one in results] == [24, 24, 24]
    assert [found[line].pairs_with for line in (26, 28, 30)] == [25, 25, 25]


def test_only_a_publication_to_be_acknowledged_expects_an_answer() -> None:
    found = {one.line: one for one in heard("wamp-json", Wamp(), read=_read)}
    assert (found[45].pairs_with, found[52].pairs_with) == (44, 49)
    assert found[48].message.asks == ""


def _say(*fields: Value) -> tuple[Message, ...]:
    return Wamp().messages(list(fields), Context(memory={}))


def test_memory_is_bounded() -> None:
    context = Context()
    for number in range(3000):
        Wamp().messages([32, number, {}, f"topic.{number}"], context)
        Wamp().messages([33, number, number], context)
    memory = context.memory[Wamp.name]
    assert isinstance(memory, Recent)
    assert len(memory) <= 1032
    assert Wamp().messages([36, 2999, 1, {}], context)[0].name == "topic.2999"
    assert Wamp().messages([36, 1, 1, {}], context)[0].name == ""


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (1,),
        (7, "a", {}),
        (True, "a", {}),
        (1.0, "a", {}),
        (1, "a", []),
        (1, 5, {}),
        (36, 1, 2),
        (36, 1, 2, {}, [], {}, 1),
        (36, 1, "a", {}),
        (48, True, {}, "a"),
        (48, 1, {}, None),
        ([], 1),
    ],
)
def test_what_has_other_fields_is_no_message(fields: tuple[Value, ...]) -> None:
    assert _say(*fields) == ()
    assert Wamp().confidence(list(fields), Context(subprotocol="wamp.2.json")) == 0


def test_without_the_subprotocol_only_the_handshake_is_proof() -> None:
    assert Wamp().confidence([1, "realm1", {"roles": {}}], Context()) == 0.9
    assert Wamp().confidence([2, 5, {"roles": {}}], Context()) == 0.9
    assert Wamp().confidence([1, "realm1", {}], Context()) == 0
    assert Wamp().confidence([36, 1, 2, {}, [1]], Context()) == 0
    assert Wamp().confidence([36, 1, 2, {}, [1]], Context(subprotocol="wamp.2.cbor")) == 0.95
    error = _say(8, [], 1, {}, "a")
    assert error == ()
    assert _say(8, 999, 1, {}, "a")[0].answers == ""
