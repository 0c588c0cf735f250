"""Parses a typed close code and reason."""

from __future__ import annotations

import pytest

from spacebeam.ui.expert.close_form import LEGAL, CloseForm, CloseFormError, parse_close


def test_every_listed_code_can_be_sent() -> None:
    for code in LEGAL:
        assert parse_close(int(code), "", even_illegal=False) == CloseForm(int(code), "")


@pytest.mark.parametrize(
    ("code", "reason", "even_illegal", "expected"),
    [
        (1001, "bye", False, CloseForm(1001, "bye")),
        (" 4000 ", "", False, CloseForm(4000, "")),
        ("1006", "", True, CloseForm(1006, "", True)),
        ("0", "", True, CloseForm(0, "", True)),
        (1000, "", True, CloseForm(1000, "")),
        ("1005", "", True, CloseForm(1005, "", True)),
        (None, "", False, CloseForm(1005, "")),
        (None, "", True, CloseForm(1005, "")),
        (1000, "x" * 123, False, CloseForm(1000, "x" * 123)),
    ],
)
def test_a_valid_code_and_reason_are_parsed(
    code: int | str | None, reason: str, even_illegal: bool, expected: CloseForm
) -> None:
    assert parse_close(code, reason, even_illegal=even_illegal) == expected


@pytest.mark.parametrize(
    ("code", "reason", "even_illegal", "field", "words"),
    [
        ("", "", False, "code", "Type a code."),
        ("x", "", True, "code", "from 0 to 65535"),
        ("65536", "", True, "code", "from 0 to 65535"),
        ("²", "", True, "code", "from 0 to 65535"),
        ("1006", "", False, "code", "forbids 1006 .abnormal closure"),
        ("999", "", False, "code", "forbids 999 in"),
        (1000, "é" * 62, False, "reason", "124 bytes; at most 123 fit"),
        (None, "why", False, "reason", "cannot have a reason"),
    ],
)
def test_an_invalid_close_names_its_field(
    code: int | str | None, reason: str, even_illegal: bool, field: str, words: str
) -> None:
    with pytest.raises(CloseFormError, match=words) as caught:
        parse_close(code, reason, even_illegal=even_illegal)
    assert caught.value.field == field
