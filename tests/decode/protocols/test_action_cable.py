"""Action Cable: subscriptions as streams, JSON in JSON."""

from __future__ import annotations

import json

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.action_cable import ActionCable
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

TRANSCRIPTS = ("actioncable", "actioncable-refused")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_expected_message(name: str) -> None:
    found = heard(name, ActionCable())
    for expected in expectations(name):
        one = at(found, expected)
        message = one.message
        assert message.type == expected["type"].removeprefix("command ")
        assert message.id == expected.get("id", "")
        words = filter(None, (expected.get("name"), expected.get("action")))
        assert message.name == "#".join(words)
        values = expected.get("values", {})
        if message.type == "message":
            assert message.value == next(iter(values.values()))
        elif "identifier" in expected:
            assert message.value == expected["identifier"]
        else:
            assert message.value == values
        if one.direction == "sent" and "pairs_with" in expected:
            # It belongs to a subscription of its own side: that is no answer.
            begun = next(begin for begin in found if begin.line == expected["pairs_with"])
            assert (begun.message.id, message.answers) == (message.id, "")
        else:
            assert one.pairs_with == expected.get("pairs_with")
        assert message.is_error == (message.type == "reject_subscription")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str) -> None:
    opens_in_the_middle(name, ActionCable())


@pytest.mark.parametrize(
    "identifier", ["room", "{", '{"channel": 1}', "{" * 100_000, '{"a":' * 5000 + "1", "\ud800", 5]
)
def test_an_identifier_that_is_no_channel_is_no_proof_and_bears_no_harm(identifier: Value) -> None:
    command: Value = {"command": "subscribe", "identifier": identifier}
    assert ActionCable().confidence(command, Context()) == 0
    said = ActionCable().messages(command, Context())[0]
    assert (said.type, said.name) == ("subscribe", "")
    assert len(said.id) + len(said.asks) < 500


def test_data_that_is_long_stays_text() -> None:
    identifier = json.dumps({"channel": "A"})
    data = json.dumps({"action": "x" * 70_000})
    command: Value = {"command": "message", "identifier": identifier, "data": data}
    said = ActionCable().messages(command, Context())[0]
    assert (said.name, said.value) == ("A", data)
    assert ActionCable().confidence(command, Context()) == 0.9
