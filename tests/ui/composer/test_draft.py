"""What is typed becomes a message, or an error that says what is wrong."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.composer.draft import DraftError, PayloadFormat, message


@given(st.text())
def test_text_is_sent_as_it_is_typed(typed: str) -> None:
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
def test_hex_is_understood_in_the_ways_it_is_pasted(typed: str) -> None:
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
def test_whatever_is_typed_is_a_message_or_an_error_in_words(
    typed: str, form: PayloadFormat
) -> None:
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
def test_what_is_wrong_is_named(form: PayloadFormat, typed: str, words: str) -> None:
    with pytest.raises(DraftError) as caught:
        message(form, typed)
    assert str(caught.value) == words


def test_a_base64_line_break_changes_nothing() -> None:
    assert message(PayloadFormat.BASE64, "SGVs\n bG8=\n") == b"Hello"


@pytest.mark.parametrize("typed", ["SG=Vs", "=SGVs"])
def test_a_base64_sign_of_the_end_in_a_wrong_place_is_never_passed_over(typed: str) -> None:
    with pytest.raises(DraftError):
        message(PayloadFormat.BASE64, typed)


@pytest.mark.parametrize("typed", ["48 0x 65", "4 86 5"])
def test_hex_with_odd_spaces_is_read_digit_by_digit(typed: str) -> None:
    assert message(PayloadFormat.HEX, typed) == b"He"
