"""The frame editor: every field of a frame, its bytes before they leave, and errors in place."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.protocol.raw_frame import LengthForm, RawFrame
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.frame_editor import FrameEditor
from tests.ui.doing import Heard, click, key, presented, words

RANDOM, GIVEN, NONE = range(3)


async def test_every_field_of_a_frame_can_be_set() -> None:
    async with presented(FrameEditor()) as editor:
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        editor._opcode_row.set_selected(3)
        editor._fin_check.set_active(False)
        editor._rsv1_check.set_active(True)
        editor._rsv3_check.set_active(True)
        editor._mask_row.set_selected(GIVEN)
        editor._given_row.set_text("37 fa 21 3d")
        editor._length_row.set_selected(2)
        editor._claimed_row.set_text("99")
        editor._payload_field.fill(PayloadFormat.HEX, "48 65")
        click(editor._send_button)
        assert asked == [
            RawFrame(b"He", 3, False, 5, b"\x37\xfa\x21\x3d", LengthForm.BITS_16, 99),
        ]
        assert editor.get_visible()
        editor._mask_row.set_selected(NONE)
        editor._length_row.set_selected(3)
        editor._rsv2_check.set_active(True)
        click(editor._send_button)
        assert asked[1] == RawFrame(b"He", 3, False, 7, b"", LengthForm.BITS_64, 99)


async def test_the_bytes_that_are_shown_are_those_that_are_sent() -> None:
    async with presented(FrameEditor()) as editor:
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        editor._payload_field.fill(PayloadFormat.TEXT, "hello")
        assert editor._frame_preview.get_column_spacing() > 0
        seen = words(editor)
        assert "11 bytes will be sent." in seen
        click(editor._send_button)
        assert asked[0].mask.hex(" ") in seen
        assert asked[0].encode()[-5:].hex(" ") in seen
        again = words(editor)
        click(editor._send_button)
        assert asked[1].mask.hex(" ") in again
        assert asked[0].mask != asked[1].mask


async def test_control_enter_sends_from_the_payload() -> None:
    async with presented(FrameEditor()) as editor:
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        editor._mask_row.set_selected(NONE)
        key(editor._payload_field._text_view, Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        assert asked == [RawFrame()]


async def test_a_fault_is_said_at_its_field_and_nothing_is_sent() -> None:
    async with presented(FrameEditor()) as editor:
        editor.show_open(True)
        asked = Heard(editor, "send-requested")
        editor._mask_row.set_selected(GIVEN)
        assert editor._given_row.has_css_class("error")
        assert "A mask has four bytes, such as 37 fa 21 3d." in words(editor)
        editor._mask_row.set_selected(RANDOM)
        assert not editor._mask_label.get_visible()
        editor._length_row.set_selected(1)
        editor._claimed_row.set_text("126")
        assert editor._claimed_row.has_css_class("error")
        assert "A 7-bit length says 125 at most." in words(editor)
        editor._claimed_row.set_text("")
        editor._payload_field.fill(PayloadFormat.HEX, "0")
        assert "The last byte has only one hexadecimal digit." in words(editor)
        assert not editor._send_button.get_sensitive()
        editor._claimed_row.emit("entry-activated")
        assert asked == []


async def test_without_a_connection_it_says_so_until_there_is_one() -> None:
    async with presented(FrameEditor()) as editor:
        editor.show_open(False)
        assert "Not connected." in words(editor)
        assert not editor._send_button.get_sensitive()
        editor.show_open(True)
        assert "Not connected." not in words(editor)
        editor.show_outcome("Sent: something.")
        editor.show_open(True)
        assert "Sent: something." in words(editor)


async def test_it_fits_a_narrow_window() -> None:
    async with presented(FrameEditor()) as editor:
        editor._mask_row.set_selected(GIVEN)
        editor._given_row.set_text("37 fa 21 3d")
        editor._length_row.set_selected(3)
        editor._payload_field.fill(PayloadFormat.TEXT, "x" * 300)
        minimum, _natural, *_rest = editor.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360
