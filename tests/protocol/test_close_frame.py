"""What a close frame carries: what is legal, and what is only sent on purpose."""

from __future__ import annotations

import pytest

from spacebeam.protocol.close import MAX_REASON, CloseCode, close_payload


def test_a_code_and_its_reason_stand_behind_each_other() -> None:
    assert close_payload(1001, "später") == b"\x03\xe9sp\xc3\xa4ter"


def test_no_status_is_an_empty_frame() -> None:
    assert close_payload(CloseCode.NO_STATUS, "") == b""


@pytest.mark.parametrize("code", [0, 999, 1004, 1006, 1015, 2999, 5000, 70_000])
def test_an_illegal_code_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match=str(code)):
        close_payload(code, "")


@pytest.mark.parametrize("code", [0, 1005, 1006, 65_535])
def test_an_illegal_code_is_sent_on_purpose(code: int) -> None:
    assert close_payload(code, "x", even_illegal=True) == code.to_bytes(2, "big") + b"x"


def test_a_code_that_two_bytes_cannot_hold_is_refused_even_on_purpose() -> None:
    with pytest.raises(ValueError, match="65536"):
        close_payload(65_536, "", even_illegal=True)


def test_a_reason_is_counted_in_bytes() -> None:
    fits = "é" * (MAX_REASON // 2) + "x"
    assert len(close_payload(1000, fits)) == 125
    with pytest.raises(ValueError, match="123 bytes"):
        close_payload(1000, fits + "x")
