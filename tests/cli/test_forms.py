"""Binary messages as hexadecimal and base64."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.cli.forms import BinaryForm


@given(st.binary(), st.sampled_from(BinaryForm))
def test_formatted_bytes_are_parsed_back(payload: bytes, form: BinaryForm) -> None:
    assert form.read(form.write(payload)) == payload


@pytest.mark.parametrize(
    ("form", "written", "payload"),
    [
        (BinaryForm.HEX, b"DE ad\tbe ef", b"\xde\xad\xbe\xef"),
        (BinaryForm.BASE64, b"3q2 +7w==", b"\xde\xad\xbe\xef"),
        (BinaryForm.HEX, b"", b""),
        (BinaryForm.BASE64, b"", b""),
    ],
)
def test_white_space_and_case_are_ignored(form: BinaryForm, written: bytes, payload: bytes) -> None:
    assert form.read(written) == payload


@pytest.mark.parametrize(
    ("form", "written", "message"),
    [
        (BinaryForm.HEX, b"0", "“0” is not hexadecimal, at its end."),
        (BinaryForm.HEX, b"\xff", "“\ufffd” is not hexadecimal, at character 1."),
        (BinaryForm.BASE64, b"AA=", "“AA=” is not base64, at its end."),
        (BinaryForm.BASE64, b"A-_A", "“A-_A” is not base64, at character 2."),
        (BinaryForm.HEX, b"x" * 41, f"“{'x' * 40}…” is not hexadecimal, at character 1."),
        (BinaryForm.HEX, b"0 0", "“0 0” is not hexadecimal, at character 2."),
        (
            BinaryForm.HEX,
            b"00" * 50 + b"x" + b"1" * 50,
            f"“…{'0' * 20}x{'1' * 19}…” is not hexadecimal, at character 101.",
        ),
    ],
)
def test_invalid_text_is_refused(form: BinaryForm, written: bytes, message: str) -> None:
    with pytest.raises(ValueError, match="is not") as raised:
        form.read(written)
    assert str(raised.value) == message
