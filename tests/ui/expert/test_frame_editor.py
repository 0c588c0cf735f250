"""The frame editor: every field of a frame, a preview of its bytes, and errors at their fields."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.protocol.raw_frame import LengthForm, RawFrame
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.frame_editor import FrameEditor
from tests.ui.doing import Heard, presented
from tests.ui.pageobjects.form import CLAIMED_LENGTH, FormPage

MASK = "Mask, four bytes in hexadecimal"


async def test_every_field_of_a_frame_can_be_set() -> None:
    async with presented(FrameEditor()) as editor:
        page = FormPage(editor)
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        page.choose("Opcode", "3")
        page.check("FIN")
        page.check("RSV1")
        page.check("RSV3")
        page.choose("Mask", "Given")
        page.type_in(MASK, "37 fa 21 3d")
        page.choose("Length", "16 bits")
        page.type_in(CLAIMED_LENGTH, "99")
        page.payload.type_payload("48 65", PayloadFormat.HEX)
        page.press("Send")
        assert asked == [
            RawFrame(b"He", 3, False, 5, b"\x37\xfa\x21\x3d", LengthForm.BITS_16, 99),
        ]
        assert editor.get_visible()
        page.choose("Mask", "None")
        page.choose("Length", "64 bits")
        page.check("RSV2")
        page.press("Send")
        assert asked[1] == RawFrame(b"He", 3, False, 7, b"", LengthForm.BITS_64, 99)


async def test_the_preview_shows_the_bytes_that_are_sent() -> None:
    async with presented(FrameEditor()) as editor:
        page = FormPage(editor)
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        page.payload.type_payload("hello")

        seen = page.words
        assert "11 bytes will be sent." in seen
        page.press("Send")
        assert asked[0].mask.hex(" ") in seen
        assert asked[0].encode()[-5:].hex(" ") in seen
        again = page.words
        page.press("Send")
        assert asked[1].mask.hex(" ") in again
        assert asked[0].mask != asked[1].mask


async def test_control_enter_sends_from_the_payload() -> None:
    async with presented(FrameEditor()) as editor:
        page = FormPage(editor)
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        page.choose("Mask", "None")
        page.payload.press_enter(Gdk.ModifierType.CONTROL_MASK)
        assert asked == [RawFrame()]


async def test_an_error_is_explained_at_its_field_and_nothing_is_sent() -> None:
    async with presented(FrameEditor()) as editor:
        page = FormPage(editor)
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        page.choose("Mask", "Given")
        assert "A mask has four bytes, such as 37 fa 21 3d." in page.words
        assert page.errors == []
        assert not page.has_error(MASK)
        page.type_in(MASK, "37")
        assert page.errors == ["A mask has four bytes, such as 37 fa 21 3d."]
        assert page.has_error(MASK)
        page.choose("Mask", "Random")
        assert not page.says("A mask has four bytes")
        page.choose("Length", "7 bits")
        page.type_in(CLAIMED_LENGTH, "126")
        assert page.has_error(CLAIMED_LENGTH)
        assert "A 7-bit length says 125 at most." in page.words
        page.type_in(CLAIMED_LENGTH, "")
        page.payload.type_payload("0", PayloadFormat.HEX)
        assert "The last byte has only one hexadecimal digit." in page.words
        assert not page.can_press("Send")
        page.press_enter(CLAIMED_LENGTH)
        assert asked == []


async def test_it_says_that_there_is_no_connection() -> None:
    async with presented(FrameEditor()) as editor:
        page = FormPage(editor)
        editor.show_open(False)
        assert "Not connected." in page.words
        assert not page.can_press("Send")
        editor.show_open(True)
        assert "Not connected." not in page.words
        editor.show_outcome("Sent: something.")
        editor.show_open(True)
        assert "Sent: something." in page.words


async def test_it_fits_a_narrow_window() -> None:
    async with presented(FrameEditor()) as editor:
        page = FormPage(editor)
        page.choose("Mask", "Given")
        page.type_in(MASK, "37 fa 21 3d")
        page.choose("Length", "64 bits")
        page.payload.type_payload("x" * 300)
        minimum, _natural, *_rest = editor.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360
