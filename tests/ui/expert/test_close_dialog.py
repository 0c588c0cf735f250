"""The dialog to close with a code: listed, typed and forbidden codes, and the reason's length."""

from __future__ import annotations

import pytest

from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.close_form import CloseForm
from tests.ui.doing import Heard, presented
from tests.ui.pageobjects.form import FormPage


async def test_the_default_is_a_normal_close() -> None:
    async with presented(CloseDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        asked = Heard(dialog, "disconnect-requested")
        page.press("Disconnect")
        assert asked == [CloseForm(1000, "")]
        assert not dialog.get_visible()


async def test_a_listed_code_is_sent_with_a_reason() -> None:
    async with presented(CloseDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        asked = Heard(dialog, "disconnect-requested")
        page.choose("Code", "1008")
        page.type_in("Reason", "grüße")
        assert "7 of 123 bytes" in page.words
        assert not page.entry("Code as a number").get_visible()
        page.press_enter("Reason")
        assert asked == [CloseForm(1008, "grüße")]


async def test_a_typed_code_is_explained_and_a_forbidden_one_needs_the_switch() -> None:
    async with presented(CloseDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        asked = Heard(dialog, "disconnect-requested")
        page.choose("Code", "Another code")
        assert page.entry("Code as a number").get_visible()
        assert page.says("Type a code.")
        assert page.errors == []
        page.type_in("Code as a number", "4001")
        assert page.says("A code of the application")
        page.type_in("Code as a number", "1006")
        assert page.says("RFC 6455 forbids 1006")
        assert page.has_error("Code as a number")
        assert not page.can_press("Disconnect")
        page.press_enter("Code as a number")
        assert asked == []
        page.switch("Allow codes that RFC 6455 forbids")
        assert not page.has_error("Code as a number")
        page.press("Disconnect")
        assert asked == [CloseForm(1006, "", True)]


@pytest.mark.parametrize(
    ("code", "reason", "explanation"),
    [("1000", "x" * 124, "at most 123 fit"), ("No code", "why", "cannot have a reason")],
)
async def test_a_reason_that_cannot_be_sent_is_explained(
    code: str, reason: str, explanation: str
) -> None:
    async with presented(CloseDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        page.choose("Code", code)
        page.type_in("Reason", reason)
        assert page.says(explanation)
        assert page.has_error("Reason")
        assert not page.can_press("Disconnect")
        page.type_in("Reason", "")
        assert not page.says(explanation)
        assert page.can_press("Disconnect")


async def test_nothing_is_sent_without_a_connection() -> None:
    async with presented(CloseDialog()) as dialog:
        page = FormPage(dialog)
        asked = Heard(dialog, "disconnect-requested")
        assert not page.can_press("Disconnect")
        page.press_enter("Reason")
        assert asked == []
