"""Jupyter's kernel messages: of version 1 in binary, and before it in JSON and binary."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.jupyter_binary import JupyterBinaryDecoder
from spacebeam.decode.protocols.jupyter import Jupyter
from tests.decode.protocols.heard import Heard, at, expectations, heard, opens_in_the_middle, values
from tests.decode.transcripts import Line

TRANSCRIPTS = ("jupyter-v1", "jupyter-legacy")


def _read(line: Line) -> Value:
    if line.context.kind == "text":
        return values(line)
    return JupyterBinaryDecoder().decode(line.payload, line.context).value


def _carried(expected: dict[str, Any]) -> Value:
    if "buffers" not in expected:
        return expected["content"]  # type: ignore[no-any-return]
    buffers = [base64.b64decode(one["bytes_base64"]) for one in expected["buffers"]]
    return {"content": expected["content"], "buffers": buffers}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_expected_message(name: str) -> None:
    found = heard(name, Jupyter(), read=_read)
    for expected in expectations(name):
        one = at(found, expected)
        assert one.message.type == expected["type"] == expected["name"]
        assert one.message.name == ""  # it would be the type again
        assert one.message.id == expected["id"]
        assert one.message.value == _carried(expected["values"])
        if expected["type"] == "input_reply":
            assert one.question is not None
            assert one.question.message.type == "input_request"
        else:
            assert one.pairs_with == expected.get("pairs_with")
        assert one.message.is_error == (expected["type"] == "error")


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str) -> None:
    opens_in_the_middle(name, Jupyter(), _read)


def _execution(name: str) -> list[Heard]:
    """Return the answers to the first request to execute."""
    found = heard(name, Jupyter(), read=_read)
    question = next(one for one in found if one.message.type == "execute_request")
    return [one for one in found if one.question is question]


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_last_answer_is_the_reply_or_the_idle_kernel_whichever_is_later(name: str) -> None:
    answers = [one.message for one in _execution(name)]
    types = {message.type for message in answers}
    assert {"status", "execute_input", "stream", "execute_result", "execute_reply"} == types
    assert [message.is_last for message in answers] == [False] * (len(answers) - 1) + [True]


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_failed_execution_is_an_error(name: str) -> None:
    errors = {
        one.message.type for one in heard(name, Jupyter(), read=_read) if one.message.is_error
    }
    assert errors == {"error", "execute_reply"}


def _message(**parts: Value) -> Value:
    header: Value = {"msg_id": "1", "msg_type": "status"}
    plain: dict[str, Value] = {
        "parent_header": {},
        "metadata": {},
        "content": {},
        "channel": "iopub",
    }
    return {"header": header, **plain, **parts}


@pytest.mark.parametrize(
    "value",
    [
        {"header": {"msg_id": "1", "msg_type": "status"}, "content": {}},
        _message(channel="news"),
        _message(channel=["iopub"]),
        _message(header=[]),
        _message(header={"msg_id": "1"}),
        _message(header={"msg_id": 1, "msg_type": "status"}),
        [],
    ],
)
def test_what_lacks_a_part_is_no_kernel_message(value: Value) -> None:
    assert Jupyter().confidence(value, Context()) == 0
    assert Jupyter().messages(value, Context()) == ()


def test_parts_of_other_types_bear_no_harm() -> None:
    assert Jupyter().confidence(_message(), Context()) == 0.9
    expected: Value = ["idle"]
    parents: tuple[Value, ...] = ([], None, "1", {"msg_id": {}})
    for parent in parents:
        said = Jupyter().messages(_message(content=expected, parent_header=parent), Context())
        assert said == (Message("status", expected, id="1"),)
