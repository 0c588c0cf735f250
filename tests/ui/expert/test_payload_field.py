"""The payload field: forms, bytes counted, and what is wrong said beneath."""

from __future__ import annotations

import pytest
from gi.repository import Gdk

from spacebeam.ui.composer.draft import DraftError, PayloadFormat
from spacebeam.ui.expert.payload_field import PayloadField
from tests.ui.doing import Heard, key, shown, words

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
async def test_a_payload_is_typed_in_three_forms(
    form: PayloadFormat, typed: str, payload: bytes
) -> None:
    async with shown(PayloadField()) as field:
        field.fill(form, typed)
        assert field.payload() == payload
        assert f"{len(payload)} bytes" in words(field)


async def test_what_is_wrong_is_said_beneath_the_field() -> None:
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
        assert not field._error_label.get_visible()


async def test_enter_makes_a_line_and_control_enter_activates() -> None:
    async with shown(PayloadField()) as field:
        heard = Heard(field, "activate")
        assert not key(field._text_view, Gdk.KEY_Return)
        assert not heard
        assert key(field._text_view, Gdk.KEY_Return, CONTROL)
        assert heard == [True]


async def test_enter_activates_a_field_of_one_line() -> None:
    async with shown(PayloadField()) as field:
        field.single_line = True
        heard = Heard(field, "activate")
        assert key(field._text_view, Gdk.KEY_Return)
        assert heard == [True]


async def test_every_change_is_told() -> None:
    async with shown(PayloadField()) as field:
        heard = Heard(field, "changed")
        field.fill(PayloadFormat.TEXT, "x")
        assert heard
        heard.clear()
        field._form_drop_down.set_selected(1)
        assert heard
