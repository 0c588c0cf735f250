"""Parses the mask and the length typed into the frame editor."""

from __future__ import annotations

import pytest

from spacebeam.protocol.raw_frame import RawFrameError
from spacebeam.ui.expert.frame_editor import parse_claimed_length, parse_mask


def test_a_mask_is_four_bytes_in_hexadecimal() -> None:
    assert parse_mask("37 fa:21,3D") == b"\x37\xfa\x21\x3d"
    for typed in ("", "37 fa 21", "37 fa 21 3d 00", "xyz", "3"):
        with pytest.raises(RawFrameError) as caught:
            parse_mask(typed)
        assert caught.value.field == "mask"


def test_an_empty_length_claims_the_real_one() -> None:
    assert parse_claimed_length("  ") is None
    assert parse_claimed_length("0") == 0
    assert parse_claimed_length("65,536") == 65536
    for typed in ("-1", "1.5", "x", "²", "9" * 21):
        with pytest.raises(RawFrameError) as caught:
            parse_claimed_length(typed)
        assert caught.value.field == "claimed_length"
