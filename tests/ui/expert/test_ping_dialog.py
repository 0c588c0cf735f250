"""The ping dialog: the payload it sends, and when it can send."""

from __future__ import annotations

from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.expert.ping_dialog import PingDialog
from tests.ui.doing import Heard, presented
from tests.ui.pageobjects.form import FormPage


async def test_a_ping_is_sent_with_its_payload_and_the_dialog_closes() -> None:
    async with presented(PingDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        assert page.payload.has_focus
        asked = Heard(dialog, "ping-requested")
        page.payload.type_payload("01 02", PayloadFormat.HEX)
        page.press("Send")
        assert asked == [b"\x01\x02"]
        assert not dialog.get_visible()


async def test_enter_sends_the_ping_and_the_payload_stays() -> None:
    async with presented(PingDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        asked = Heard(dialog, "ping-requested")
        page.payload.type_payload("hello")
        page.payload.press_enter()
        assert asked == [b"hello"]
        assert page.payload.widget.typed == "hello"


async def test_a_ping_is_not_sent_without_a_connection_or_with_too_long_a_payload() -> None:
    async with presented(PingDialog()) as dialog:
        page = FormPage(dialog)
        asked = Heard(dialog, "ping-requested")
        assert not page.can_press("Send")
        page.payload.press_enter()
        dialog.show_open(True)
        assert page.can_press("Send")
        page.payload.type_payload("x" * 126)
        assert not page.can_press("Send")
        page.payload.press_enter()
        assert asked == []
