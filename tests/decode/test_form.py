"""Forms in URL-encoding."""

from __future__ import annotations

import base64
from urllib.parse import quote_plus

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY

FORM = next(one for one in REGISTRY.decoders if one.name == "Form")
TEXT = Context("text")
SLACK = "payload=" + quote_plus('{"type":"block","n":1}') + "&token=abc"


def test_a_form_with_json_in_a_field_is_one() -> None:
    payload = SLACK.encode()
    assert FORM.confidence(payload, TEXT) == 0.7
    assert REGISTRY.best(payload, TEXT) is FORM
    assert REGISTRY.value(payload, TEXT) == {"payload": {"type": "block", "n": 1}, "token": "abc"}
    other = b"a=" + quote_plus(base64.b64encode(b'{"type":"block"}')).encode()
    assert REGISTRY.value(other, TEXT) == {"a": {"type": "block"}}


def test_assignments_and_addresses_stay_text() -> None:
    for text, confidence in (
        ("a=1&b=2", 0.3),
        ("grant_type=refresh&token=a+b%20c", 0.3),
        ("a=1", 0),
        ("a=1 and b=2", 0),
        ("a=1&b", 0),
        ("a=%2", 0),
        ("http://a.test/?a=1&b=2", 0),
        ("a=é&b=2", 0),
        ("=1&b=2", 0),
        ("a=1&b=2" + "&c=3" * 20_000, 0),
        ("&".join("a=1" for _ in range(2000)), 0),
    ):
        assert FORM.confidence(text.encode(), TEXT) == confidence
        assert REGISTRY.best(text.encode(), TEXT).name == "Text"
    assert REGISTRY.best(b"a=1&b=2", Context("text", chosen="Form")) is FORM


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1&b=two+words&a=%C3%A9", {"a": ["1", "é"], "b": "two words"}),
        ("a=%5B1%5D", {"a": [[1]]}),
        ("a=%5B1%5D&a=x", {"a": [[1], "x"]}),
        ("a=%FF&b=", {"a": b"\xff", "b": ""}),
        ("a%5B0%5D=1", {"a[0]": "1"}),
    ],
)
def test_fields_are_an_object_that_can_be_written(text: str, value: Value) -> None:
    assert FORM.decode(text.encode(), TEXT).value == value
    assert FORM.decode(FORM.encode(value), TEXT).value == value


def test_what_is_no_form_is_refused() -> None:
    for payload in (b"", b"a", b"=1", b"a=\xff", b"%FF=1", b"a=1&" * 2000):
        with pytest.raises(DecodeError):
            FORM.decode(payload, TEXT)
    wrong: tuple[Value, ...] = ({}, [], "a=1", {"a": {"b": b"\xff"}})
    for value in wrong:
        with pytest.raises(ValueError, match=r"form|bytes"):
            FORM.encode(value)
