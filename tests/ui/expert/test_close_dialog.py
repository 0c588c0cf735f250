"""The close's dialog: codes from the list, typed ones, forbidden ones, and the reason's bytes."""

from __future__ import annotations

import pytest

from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.close_form import LEGAL, CloseForm
from tests.ui.doing import Heard, click, presented, words

NO_CODE, TYPED = len(LEGAL), len(LEGAL) + 1


async def test_at_first_it_is_a_normal_close() -> None:
    async with presented(CloseDialog()) as dialog:
        dialog.show_open(True)
        asked = Heard(dialog, "disconnect-requested")
        click(dialog._close_button)
        assert asked == [CloseForm(1000, "")]
        assert not dialog.get_visible()


async def test_a_code_of_the_list_and_a_reason() -> None:
    async with presented(CloseDialog()) as dialog:
        dialog.show_open(True)
        asked = Heard(dialog, "disconnect-requested")
        dialog._code_row.set_selected(LEGAL.index(1008))
        dialog._reason_row.set_text("grüße")
        assert "7 of 123 bytes" in words(dialog)
        assert not dialog._typed_row.get_visible()
        dialog._reason_row.emit("entry-activated")
        assert asked == [CloseForm(1008, "grüße")]


async def test_a_typed_code_is_explained_and_a_forbidden_one_wants_the_switch() -> None:
    async with presented(CloseDialog()) as dialog:
        dialog.show_open(True)
        asked = Heard(dialog, "disconnect-requested")
        dialog._code_row.set_selected(TYPED)
        assert dialog._typed_row.get_visible()
        dialog._typed_row.set_text("4001")
        assert "A code of the application" in words(dialog)
        dialog._typed_row.set_text("1006")
        assert any("RFC 6455 forbids 1006" in seen for seen in words(dialog))
        assert dialog._typed_row.has_css_class("error")
        assert not dialog._close_button.get_sensitive()
        dialog._typed_row.emit("entry-activated")
        assert asked == []
        dialog._illegal_switch.set_active(True)
        assert not dialog._typed_row.has_css_class("error")
        click(dialog._close_button)
        assert asked == [CloseForm(1006, "", True)]


@pytest.mark.parametrize(("place", "reason"), [(0, "x" * 124), (NO_CODE, "why")])
async def test_a_reason_that_cannot_be_sent_is_said_at_its_field(place: int, reason: str) -> None:
    async with presented(CloseDialog()) as dialog:
        dialog.show_open(True)
        dialog._code_row.set_selected(place)
        dialog._reason_row.set_text(reason)
        assert dialog._reason_label.get_mapped()
        assert dialog._reason_row.has_css_class("error")
        assert not dialog._close_button.get_sensitive()
        dialog._reason_row.set_text("")
        assert not dialog._reason_label.get_visible()
        assert dialog._close_button.get_sensitive()


async def test_without_a_connection_nothing_is_closed() -> None:
    async with presented(CloseDialog()) as dialog:
        asked = Heard(dialog, "disconnect-requested")
        assert not dialog._close_button.get_sensitive()
        dialog._reason_row.emit("entry-activated")
        assert asked == []
