"""WebDriver BiDi: commands, results, errors and events."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.webdriver_bidi import WebDriverBiDi
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

NAME = "webdriver-bidi"


def test_every_expected_message() -> None:
    found = heard(NAME, WebDriverBiDi())
    for expected in expectations(NAME):
        one = at(found, expected)
        value = one.message.value
        assert one.message.type == expected["type"]
        assert one.message.id == str(expected.get("id", ""))
        assert one.message.is_error == (expected["type"] == "error")
        assert one.name == expected["name"]
        assert one.pairs_with == expected.get("pairs_with")
        if one.message.is_error:
            assert isinstance(value, dict)
            value = {name: value[name] for name in expected["values"]}
        assert value == expected["values"]


def test_it_can_be_opened_in_the_middle() -> None:
    opens_in_the_middle(NAME, WebDriverBiDi())


def test_every_result_finds_its_command() -> None:
    answers = [one for one in heard(NAME, WebDriverBiDi()) if one.message.answers]
    assert len(answers) == 25
    assert all(one.question and one.question.message.id == one.message.id for one in answers)


@pytest.mark.parametrize(
    ("value", "endpoint", "confidence"),
    [
        ({"id": 1, "method": "session.new", "params": {}}, "", 0.8),
        ({"id": 1, "method": "session.new"}, "", 0),
        ({"id": 1, "method": "log.write", "params": {}}, "", 0),
        ({"id": 1, "method": "log.write", "params": {}}, "ws://a.test/session/0a-1b", 0.95),
        ({"type": "event", "method": "log.entryAdded", "params": {}}, "", 0.8),
        ({"type": "event", "method": "order.added", "params": {}}, "", 0),
        ({"type": "success", "id": 1, "result": {}}, "", 0),
        ({"type": "success", "id": 1, "result": {}}, "ws://a.test/session", 0.95),
        ({"type": "success", "id": 1, "result": {}}, "ws://a.test/sessions", 0),
        ({"type": "event", "method": ["log.entryAdded"], "params": {}}, "", 0),
    ],
)
def test_what_is_proof(value: Value, endpoint: str, confidence: float) -> None:
    assert WebDriverBiDi().confidence(value, Context(endpoint=endpoint)) == confidence
