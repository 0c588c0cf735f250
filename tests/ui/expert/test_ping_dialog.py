"""The ping's dialog: what it asks for, and when it can be asked."""

from __future__ import annotations

from gi.repository import Gdk

from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.ping_dialog import PingDialog
from tests.ui.doing import Heard, click, key, presented


async def test_a_ping_is_asked_for_with_its_payload_and_the_dialog_closes() -> None:
    async with presented(PingDialog()) as dialog:
        dialog.show_open(True)
        assert dialog.get_focus() is dialog._payload_field._text_view
        asked = Heard(dialog, "ping-requested")
        dialog._payload_field.fill(PayloadFormat.HEX, "01 02")
        click(dialog._ping_button)
        assert asked == [b"\x01\x02"]
        assert not dialog.get_visible()


async def test_enter_sends_it_and_what_was_typed_stays() -> None:
    async with presented(PingDialog()) as dialog:
        dialog.show_open(True)
        asked = Heard(dialog, "ping-requested")
        dialog._payload_field.fill(PayloadFormat.TEXT, "hello")
        key(dialog._payload_field._text_view, Gdk.KEY_Return)
        assert asked == [b"hello"]
        assert dialog._payload_field.typed == "hello"


async def test_what_is_too_long_or_has_no_connection_is_not_sent() -> None:
    async with presented(PingDialog()) as dialog:
        asked = Heard(dialog, "ping-requested")
        assert not dialog._ping_button.get_sensitive()
        key(dialog._payload_field._text_view, Gdk.KEY_Return)
        dialog.show_open(True)
        assert dialog._ping_button.get_sensitive()
        dialog._payload_field.fill(PayloadFormat.TEXT, "x" * 126)
        assert not dialog._ping_button.get_sensitive()
        key(dialog._payload_field._text_view, Gdk.KEY_Return)
        assert asked == []
