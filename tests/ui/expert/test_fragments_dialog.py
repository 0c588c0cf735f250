"""The dialog to send in fragments: their sizes, what results, and pings between them."""

from __future__ import annotations

from spacebeam.ui.expert.fragment_sizes import Fragmentation
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from tests.ui.doing import Heard, presented
from tests.ui.pageobjects.form import FormPage

SIZES = "Sizes of the fragments, in bytes"


async def test_the_resulting_fragments_are_shown_before_they_are_sent() -> None:
    async with presented(FragmentsDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        dialog.show_message(20, compresses=False)
        asked = Heard(dialog, "send-requested")
        assert "The message in the composer has 20 B." in page.words
        assert not page.can_press("Send")
        page.type_in(SIZES, "3, 10, 5")
        assert "4 fragments of 3, 10, 5 and 2 bytes." in page.words
        page.press("Send")
        assert asked == [Fragmentation((3, 10, 5))]
        assert not dialog.get_visible()


async def test_pings_can_be_sent_between() -> None:
    async with presented(FragmentsDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        dialog.show_message(20, compresses=False)
        asked = Heard(dialog, "send-requested")
        page.type_in(SIZES, "3")
        page.switch("Pings between")
        page.press_enter(SIZES)
        assert asked == [Fragmentation((3,), True)]


async def test_an_invalid_size_is_explained_at_its_field() -> None:
    async with presented(FragmentsDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_open(True)
        dialog.show_message(20, compresses=False)
        page.type_in(SIZES, "3, x")
        assert "“x” is not a number of bytes." in page.words
        assert page.has_error(SIZES)
        assert not page.can_press("Send")


async def test_nothing_is_sent_without_a_message_or_a_connection() -> None:
    async with presented(FragmentsDialog()) as dialog:
        page = FormPage(dialog)
        asked = Heard(dialog, "send-requested")
        page.type_in(SIZES, "3")
        dialog.show_open(True)
        dialog.show_message(None, compresses=False, error="Type a message first.")
        assert "Type a message first." in page.words
        page.press_enter(SIZES)
        dialog.show_message(5, compresses=False)
        dialog.show_open(False)
        page.press_enter(SIZES)
        assert asked == []


async def test_with_compression_it_says_that_compressed_bytes_count() -> None:
    async with presented(FragmentsDialog()) as dialog:
        page = FormPage(dialog)
        dialog.show_message(20, compresses=True)
        page.type_in(SIZES, "3")
        assert "The sizes count compressed bytes." in page.words
