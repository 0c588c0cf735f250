"""OCPP 1.6 and 2.0.1: calls of both sides, results and errors."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.ocpp import Ocpp
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

TRANSCRIPTS = ("ocpp16", "ocpp201")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_expected_message(name: str) -> None:
    found = heard(name, Ocpp())
    for expected in expectations(name):
        one = at(found, expected)
        assert one.message.type == expected["type"]
        assert one.message.id == expected["id"]
        assert one.message.value == expected["values"]
        assert one.name == expected["name"]
        assert one.pairs_with == expected.get("pairs_with")
        assert one.message.is_error == (expected["type"] == "CALLERROR")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str) -> None:
    opens_in_the_middle(name, Ocpp())


def test_what_2_1_has_more() -> None:
    def say(*frame: Value) -> Message:
        return Ocpp().messages(list(frame), Context())[0]

    sent = say(6, "1", "NotifyPeriodicEventStream", {"id": 1})
    assert (sent.type, sent.name, sent.asks) == ("SEND", "NotifyPeriodicEventStream", "")
    refused = say(5, "1", "FormatViolation", "no", {})
    assert refused.answers == say(3, "1", {}).asks
    assert refused.is_error


@pytest.mark.parametrize(
    "value",
    [
        [2, "1", "subscribe", {}],
        [2, "1", "Heartbeat", {}],
        [3, "1", {}],
        [4, "1", "NotFound", "no", {}],
        [2, 1, "BootNotification", {}],
        [2, "1", "BootNotification"],
        [2, "1", ["BootNotification"], {}],
        [True, "1", "BootNotification", {}],
        [2, "1", "BootNotification", []],
        [[], "1", "BootNotification", {}],
        {},
    ],
)
def test_without_the_subprotocol_only_a_charge_points_call_is_proof(value: Value) -> None:
    assert Ocpp().confidence(value, Context()) == 0
    assert Ocpp().confidence([2, "1", "BootNotification", {}], Context()) == 0.9
