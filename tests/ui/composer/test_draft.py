"""Parses the composer's text into a message, or explains why it is none."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.composer.draft import DraftError, PayloadFormat, form_of, message


@given(st.text())
def test_text_is_unchanged(typed: str) -> None:
    assert message(PayloadFormat.TEXT, typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "48656c6c6f",
        "48 65 6c 6c 6f",
        "48:65:6C:6C:6F",
        "0x48, 0x65, 0x6c, 0x6c, 0x6f",
        "486\n56c6c6f",
    ],
)
def test_hex_is_parsed_in_common_notations(typed: str) -> None:
    assert message(PayloadFormat.HEX, typed) == b"Hello"


@given(st.binary())
def test_every_payload_can_be_typed_in_hex_and_in_base64(payload: bytes) -> None:
    assert message(PayloadFormat.HEX, payload.hex(" ")) == payload
    assert message(PayloadFormat.BASE64, base64.b64encode(payload).decode()) == payload
    assert (
        message(PayloadFormat.BASE64, base64.urlsafe_b64encode(payload).decode().rstrip("="))
        == payload
    )


@given(st.text(), st.sampled_from((PayloadFormat.HEX, PayloadFormat.BASE64)))
def test_any_text_is_a_message_or_an_explained_error(typed: str, form: PayloadFormat) -> None:
    try:
        said = message(form, typed)
    except DraftError as error:
        said = str(error).encode()
    assert isinstance(said, bytes)


@pytest.mark.parametrize(
    ("form", "typed", "words"),
    [
        (PayloadFormat.HEX, "48 6g", "“g” is not a hexadecimal digit."),
        (PayloadFormat.HEX, "48 6", "The last byte has only one hexadecimal digit."),
        (PayloadFormat.HEX, "\uff148", "“\uff14” is not a hexadecimal digit."),
        (PayloadFormat.BASE64, "SGVs!", "“!” is not a Base64 character."),
        (PayloadFormat.BASE64, "SGVsb", "The Base64 is incomplete."),
    ],
)
def test_an_error_names_what_is_wrong(form: PayloadFormat, typed: str, words: str) -> None:
    with pytest.raises(DraftError) as caught:
        message(form, typed)
    assert str(caught.value) == words


def test_line_breaks_in_base64_are_ignored() -> None:
    assert message(PayloadFormat.BASE64, "SGVs\n bG8=\n") == b"Hello"


@pytest.mark.parametrize("typed", ["SG=Vs", "=SGVs"])
def test_misplaced_base64_padding_is_an_error(typed: str) -> None:
    with pytest.raises(DraftError):
        message(PayloadFormat.BASE64, typed)


@pytest.mark.parametrize("typed", ["48 0x 65", "4 86 5"])
def test_spaces_in_hex_are_ignored(typed: str) -> None:
    assert message(PayloadFormat.HEX, typed) == b"He"


@pytest.mark.parametrize(
    "payload",
    ['{"op": "sub", "id": 7,}', "[1, 2", '{"text": "a \\n b" "id": 8}', ' {op: "sub"}'],
)
def test_json_with_a_mistake_is_edited_as_json_where_the_mistake_is_shown(payload: str) -> None:
    assert form_of(payload, PayloadFormat.JSON) is PayloadFormat.JSON
    assert form_of(payload, PayloadFormat.TEXT) is PayloadFormat.TEXT
    assert message(PayloadFormat.JSON, payload, has_escapes=True) == payload


@pytest.mark.parametrize(
    "payload", ["hello {", "", '{"type": 1}\x1e', '{"a": \\n}', '{"a": \\q}', "[\0", "<a/>"]
)
def test_what_is_no_json_or_would_be_changed_is_edited_as_text(payload: str) -> None:
    assert form_of(payload, PayloadFormat.JSON) is PayloadFormat.TEXT
