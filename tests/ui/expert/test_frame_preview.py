"""The preview of a frame: every byte of its header explained, and the start of its payload."""

from __future__ import annotations

from spacebeam.protocol.raw_frame import LengthForm, RawFrame
from spacebeam.ui.expert.frame_preview import SHOWN_BYTES, FramePreview
from tests.ui.doing import shown, words


async def test_every_part_of_the_header_is_explained() -> None:
    async with shown(FramePreview()) as preview:
        preview.show_frame(RawFrame(b"ab", mask=b"\0\0\0\0", length_form=LengthForm.BITS_16))
        assert words(preview) == [
            "81",
            "FIN, opcode 1 (text)",
            "fe",
            "masked, the length follows in 16 bits",
            "00 02",
            "length 2",
            "00 00 00 00",
            "mask",
            "payload, masked: 2 bytes",
            "61 62",
        ]


async def test_the_start_of_a_long_payload_is_shown() -> None:
    async with shown(FramePreview()) as preview:
        preview.show_frame(RawFrame(bytes(SHOWN_BYTES)))
        assert words(preview)[-1] == bytes(SHOWN_BYTES).hex(" ")
        preview.show_frame(RawFrame(bytes(SHOWN_BYTES + 1)))
        assert words(preview)[-1] == bytes(SHOWN_BYTES).hex(" ") + " …"


async def test_without_a_frame_the_preview_is_empty() -> None:
    async with shown(FramePreview()) as preview:
        preview.show_frame(RawFrame())
        assert words(preview)
        preview.show_frame(None)
        assert words(preview) == []
