"""The Chrome DevTools Protocol: sessions, results out of order, errors."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.dev_tools import DevTools
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

TRANSCRIPTS = ("cdp", "cdp-puppeteer")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_expected_message(name: str) -> None:
    found = heard(name, DevTools())
    for expected in expectations(name):
        one = at(found, expected)
        values = expected["values"]
        assert one.message.type == expected["type"]
        assert one.message.id == str(expected.get("id", ""))
        assert one.message.value == (values["error"] if expected["type"] == "error" else values)
        assert one.message.is_error == (expected["type"] == "error")
        assert one.name == expected["name"]
        assert one.pairs_with == expected.get("pairs_with")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str) -> None:
    opens_in_the_middle(name, DevTools())


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_result_finds_its_command(name: str) -> None:
    answers = [one for one in heard(name, DevTools()) if one.message.answers]
    assert answers
    for one in answers:
        assert one.question is not None
        assert one.question.message.id == one.message.id


def test_results_out_of_order_and_of_a_session_that_is_not_there() -> None:
    found = {one.line: one for one in heard("cdp", DevTools())}
    assert [found[line].pairs_with for line in (41, 46, 47)] == [40, 45, 44]
    assert (found[43].message.is_error, found[43].message.answers) == (True, "")  # of no JSON


def test_the_same_id_in_another_session_is_another() -> None:
    def asks(session: str) -> str:
        value: Value = {"id": 1, "method": "Page.enable", "sessionId": session}
        return DevTools().messages(value, Context())[0].asks

    assert len({asks(""), asks("A"), asks("B")}) == 3


@pytest.mark.parametrize(
    ("value", "endpoint", "confidence"),
    [
        ({"id": 1, "method": "Runtime.enable"}, "ws://127.0.0.1:9229/0a1b", 0.8),
        ({"id": 1, "method": "Order.create", "params": {}}, "", 0),
        ({"id": 1, "method": "Order.create"}, "ws://127.0.0.1:9222/devtools/browser/0a", 0.95),
        ({"id": 1, "method": "Runtime.enable", "jsonrpc": "2.0"}, "", 0),
        ({"id": 1, "result": {}}, "", 0),
        ({"id": 1, "result": {}}, "ws://127.0.0.1:9222/devtools/page/0a", 0.95),
        ({"id": 1, "method": "x" * 100_000}, "ws://127.0.0.1:9222/devtools/page/0a", 0),
        ({"id": 1, "method": ["Page.enable"]}, "", 0),
    ],
)
def test_what_is_proof(value: Value, endpoint: str, confidence: float) -> None:
    assert DevTools().confidence(value, Context(endpoint=endpoint)) == confidence
