"""The preview of a frame: every byte of its header explained, the payload's beginning."""

from __future__ import annotations

from spacebeam.protocol.raw_frame import LengthForm, RawFrame
from spacebeam.ui.expert.frame_preview import SHOWN_BYTES, FramePreview
from tests.ui.doing import shown, words


async def test_every_part_stands_beside_what_it_says() -> None:
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


async def test_of_a_long_payload_the_beginning_is_shown() -> None:
    async with shown(FramePreview()) as preview:
        preview.show_frame(RawFrame(bytes(SHOWN_BYTES)))
        assert words(preview)[-1] == bytes(SHOWN_BYTES).hex(" ")
        preview.show_frame(RawFrame(bytes(SHOWN_BYTES + 1)))
        assert words(preview)[-1] == bytes(SHOWN_BYTES).hex(" ") + " …"


async def test_no_frame_is_nothing() -> None:
    async with shown(FramePreview()) as preview:
        preview.show_frame(RawFrame())
        assert words(preview)
        preview.show_frame(None)
        assert words(preview) == []
