"""The payload field: its formats, its length, and errors below it."""

from __future__ import annotations

import pytest
from gi.repository import Gdk

from spacebeam.ui.composer.draft import DraftError, PayloadFormat
from spacebeam.ui.expert.payload_field import PayloadField
from tests.ui.doing import Heard, shown, words
from tests.ui.pageobjects.form import PayloadPage

CONTROL = Gdk.ModifierType.CONTROL_MASK


@pytest.mark.parametrize(
    ("form", "typed", "payload"),
    [
        (PayloadFormat.TEXT, "grüße\n2", "grüße\n2".encode()),
        (PayloadFormat.HEX, "00 ff", b"\x00\xff"),
        (PayloadFormat.BASE64, "AP8=", b"\x00\xff"),
        (PayloadFormat.HEX, "", b""),
    ],
)
async def test_a_payload_is_typed_in_three_formats(
    form: PayloadFormat, typed: str, payload: bytes
) -> None:
    async with shown(PayloadField()) as field:
        field.fill(form, typed)
        assert field.payload() == payload
        assert f"{len(payload)} bytes" in words(field)


async def test_errors_are_explained_below_the_field() -> None:
    async with shown(PayloadField()) as field:
        field.limit = 3
        field.fill(PayloadFormat.TEXT, "éé")
        assert "The payload has 4 bytes; at most 3 fit." in words(field)
        with pytest.raises(DraftError):
            field.payload()
        field.fill(PayloadFormat.HEX, "0g")
        assert "“g” is not a hexadecimal digit." in words(field)
        field.fill(PayloadFormat.HEX, "0a")
        assert "1 of 3 bytes" in words(field)
        assert not PayloadPage(field).has_error


async def test_enter_starts_a_line_and_control_enter_activates() -> None:
    async with shown(PayloadField()) as field:
        heard = Heard(field, "activate")
        assert not PayloadPage(field).press_enter()
        assert not heard
        assert PayloadPage(field).press_enter(CONTROL)
        assert heard == [True]


async def test_enter_activates_a_single_line_field() -> None:
    async with shown(PayloadField()) as field:
        field.single_line = True
        heard = Heard(field, "activate")
        assert PayloadPage(field).press_enter()
        assert heard == [True]


async def test_changed_is_emitted_for_text_and_format() -> None:
    async with shown(PayloadField()) as field:
        heard = Heard(field, "changed")
        field.fill(PayloadFormat.TEXT, "x")
        assert heard
        heard.clear()
        PayloadPage(field).choose_format(PayloadFormat.HEX)
        assert heard
