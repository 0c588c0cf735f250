"""Close codes and close frames."""

from __future__ import annotations

import pytest

from spacebeam.protocol.close import MAX_REASON, CloseCode, close_payload, is_known, is_legal


@pytest.mark.parametrize(
    ("code", "expected"),
    [(1000, True), (1006, True), (1015, True), (3000, True), (4999, True)]
    + [(code, False) for code in (0, 999, 1004, 1016, 2999, 5000)],
)
def test_registered_and_reserved_codes_are_known(code: int, expected: bool) -> None:
    assert is_known(code) is expected


def test_only_codes_that_may_be_sent_are_legal() -> None:
    # RFC 6455, section 7.4.2; IANA registered 1012 to 1014 later.
    legal = {code for code in range(65_536) if is_legal(code)}
    on_the_wire = {*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)}
    assert legal == on_the_wire


def test_a_close_frame_has_its_code_before_its_reason() -> None:
    assert close_payload(1001, "später") == b"\x03\xe9sp\xc3\xa4ter"


def test_code_1005_is_an_empty_close_frame() -> None:
    assert close_payload(CloseCode.NO_STATUS, "") == b""


@pytest.mark.parametrize("code", [0, 999, 1004, 1006, 1015, 2999, 5000, 70_000])
def test_an_illegal_code_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match=str(code)):
        close_payload(code, "")


@pytest.mark.parametrize("code", [0, 1005, 1006, 65_535])
def test_an_illegal_code_can_be_allowed(code: int) -> None:
    assert close_payload(code, "x", even_illegal=True) == code.to_bytes(2, "big") + b"x"


def test_a_code_of_more_than_two_bytes_is_always_refused() -> None:
    with pytest.raises(ValueError, match="65536"):
        close_payload(65_536, "", even_illegal=True)


def test_the_length_of_a_reason_is_limited_in_bytes() -> None:
    fits = "é" * (MAX_REASON // 2) + "x"
    assert len(close_payload(1000, fits)) == 125
    with pytest.raises(ValueError, match="123 bytes"):
        close_payload(1000, fits + "x")
