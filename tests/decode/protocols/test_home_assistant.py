"""Home Assistant: commands, results, events of subscriptions, arrays."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.home_assistant import HomeAssistant
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

TRANSCRIPTS = ("home-assistant", "home-assistant-refused")
ENDPOINT = "ws://a.test/api/websocket"


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_expected_message(name: str) -> None:
    found = heard(name, HomeAssistant())
    for expected in expectations(name):
        one = at(found, expected)
        message, values = one.message, expected["values"]
        assert message.type == expected["type"]
        assert message.id == str(expected.get("id", ""))
        if message.type == "auth":
            assert isinstance(message.value, dict)
            assert list(message.value) == ["access_token"]
        else:
            assert message.value == values
        if "pairs_with" in expected:
            assert one.pairs_with == expected["pairs_with"]
            assert one.question is not None
            assert one.question.message.type == expected["name"]
        elif "name" in expected:
            assert message.name == expected["name"]
        is_refused = message.type == "auth_invalid" or values.get("success") is False
        assert message.is_error == is_refused


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str) -> None:
    opens_in_the_middle(name, HomeAssistant())


def test_every_answer_finds_its_command() -> None:
    found = [one for one in heard("home-assistant", HomeAssistant()) if one.message.answers]
    assert all(one.question is not None for one in found)
    pongs = [one for one in found if one.line == 46]
    assert [one.pairs_with for one in pongs] == [41, 42, 43, 44, 45]


def test_the_result_of_a_subscription_is_not_the_last_answer() -> None:
    found = heard("home-assistant", HomeAssistant())
    last = {one.line: one.message.is_last for one in found if one.message.type == "result"}
    assert (last[8], last[11], last[24], last[27]) == (False, True, False, False)


@pytest.mark.parametrize(
    ("value", "endpoint", "confidence"),
    [
        ({"type": "auth_required", "ha_version": "2024.3.3"}, "", 0.9),
        ({"type": "auth_required"}, "", 0),
        ({"type": "auth", "access_token": "fake"}, "", 0),
        ({"type": "auth", "access_token": "fake"}, ENDPOINT, 0.95),
        ({"type": "result", "id": 1, "success": True}, "", 0),
        ([{"type": "result", "id": 1, "success": True}], ENDPOINT + "?a=b", 0.95),
        ({"type": "result", "id": "1"}, ENDPOINT, 0),
        ({"type": "result", "id": 1}, ENDPOINT, 0),
        ({"type": "trade", "id": 1}, ENDPOINT, 0),
        ({"type": "config/auth/list", "id": 1}, ENDPOINT, 0.95),
        ({"type": ["result"], "id": 1}, ENDPOINT, 0),
    ],
)
def test_what_is_proof(value: Value, endpoint: str, confidence: float) -> None:
    assert HomeAssistant().confidence(value, Context(endpoint=endpoint)) == confidence
