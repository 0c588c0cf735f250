"""JSON-RPC 2.0, as rpc-websockets speaks it, and what is not JSON-RPC."""

from __future__ import annotations

from typing import Any

import pytest

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.json_rpc import JsonRpc
from spacebeam.decode.protocols.keys import MAX_MESSAGES
from tests.decode.protocols.heard import Heard, expectations, heard, opens_in_the_middle

NAME = "jsonrpc"


def _check(one: Heard, expected: dict[str, Any]) -> None:
    message = one.message
    assert message.type == expected["type"]
    assert message.value == expected.get("values")
    assert message.id == _written(expected)
    assert one.pairs_with == expected.get("pairs_with")
    assert message.is_error == (expected["type"] in ("error response", "invalid"))
    if "name" in expected:
        assert message.name == expected["name"]


def _written(expected: dict[str, Any]) -> str:
    if "id" not in expected:
        return str(expected["values"]["id"]) if expected["type"] == "invalid" else ""
    identifier = expected["id"]
    if identifier is None:
        return "null"
    return f'"{identifier}"' if isinstance(identifier, str) else str(identifier)


def test_every_expected_message_of_the_transcript() -> None:
    found = heard(NAME, JsonRpc())
    for expected in expectations(NAME):
        members = expected.get("members", [expected])
        # What has no version is no message; one of a wrong version is an invalid one.
        said = [one for one in members if one["type"] != "invalid" or "jsonrpc" in one["values"]]
        ones = [one for one in found if one.line == expected["line"]]
        if expected["type"] == "invalid (empty batch)":
            assert ones == []
            continue
        assert len(ones) == len(said)
        for one, member in zip(ones, said, strict=True):
            _check(one, member)


def test_answers_out_of_order_find_their_requests() -> None:
    found = {one.line: one for one in heard(NAME, JsonRpc()) if one.message.answers}
    assert [found[line].pairs_with for line in (23, 24, 25)] == [22, 21, 20]
    assert found[25].name == "slow"
    assert found[52].pairs_with == 42  # 9007199254740991
    assert found[50].pairs_with == 45  # refused, as it was of version 1.0


def test_it_can_be_opened_in_the_middle() -> None:
    opens_in_the_middle(NAME, JsonRpc())


def _ids(*values: Value) -> list[str]:
    return [
        JsonRpc().messages({"jsonrpc": "2.0", "method": "m", "id": value}, Context())[0].asks
        for value in values
    ]


def test_ids_of_each_kind_are_told_apart() -> None:
    assert len(set(_ids(1, "1", 1.5, "null"))) == 4
    assert _ids(1.0) == _ids(1)
    assert _ids(None, True, [1], {}) == ["", "", "", ""]
    assert len(_ids("x" * 1_000_000)[0]) < 100
    assert _ids("x" * 1_000_000) != _ids("y" * 1_000_000)
    assert len(_ids(10**100_000)[0]) < 100


@pytest.mark.parametrize(
    "value",
    [
        {"id": 1, "method": "m", "params": []},
        {"id": 1, "result": 2},
        {"jsonrpc": "1.0", "method": "m", "id": 1},
        {"jsonrpc": "2.0"},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "2.0", "id": 1, "result": 1, "error": {}},
        {"jsonrpc": "2.0", "method": 1, "id": 1},
        {"jsonrpc": ["2.0"], "method": "m"},
        [],
        [[{"jsonrpc": "2.0", "method": "m"}]],
        "2.0",
        None,
    ],
)
def test_what_is_not_json_rpc_is_no_proof_of_it(value: Value) -> None:
    assert JsonRpc().confidence(value, Context()) == 0
    assert {message.type for message in JsonRpc().messages(value, Context())} <= {"invalid"}


def test_a_batch_has_a_bounded_number_of_messages() -> None:
    batch: list[Value] = [{"jsonrpc": "2.0", "method": "m"}] * (MAX_MESSAGES + 1)
    assert JsonRpc().confidence(batch, Context()) == 0.9
    assert len(JsonRpc().messages(batch, Context())) == MAX_MESSAGES


def test_a_notification_expects_no_answer() -> None:
    value: Value = {"jsonrpc": "2.0", "method": "m", "params": [1]}
    assert JsonRpc().messages(value, Context()) == (Message("notification", [1], "m"),)
