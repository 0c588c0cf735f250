"""The fragments' dialog: sizes, what they make of the message, and pings between."""

from __future__ import annotations

from spacebeam.ui.expert.fragment_sizes import Fragmentation
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from tests.ui.doing import Heard, click, presented, words


async def test_the_outcome_is_shown_before_it_is_sent() -> None:
    async with presented(FragmentsDialog()) as dialog:
        dialog.show_open(True)
        dialog.show_message(20, compresses=False)
        asked = Heard(dialog, "send-requested")
        assert "The message in the composer has 20 B." in words(dialog)
        assert not dialog._send_button.get_sensitive()
        dialog._sizes_row.set_text("3, 10, 5")
        assert "4 fragments of 3, 10, 5 and 2 bytes." in words(dialog)
        click(dialog._send_button)
        assert asked == [Fragmentation((3, 10, 5))]
        assert not dialog.get_visible()


async def test_pings_between_are_asked_for() -> None:
    async with presented(FragmentsDialog()) as dialog:
        dialog.show_open(True)
        dialog.show_message(20, compresses=False)
        asked = Heard(dialog, "send-requested")
        dialog._sizes_row.set_text("3")
        dialog._ping_switch.set_active(True)
        dialog._sizes_row.emit("entry-activated")
        assert asked == [Fragmentation((3,), True)]


async def test_what_is_no_size_is_said_at_the_field() -> None:
    async with presented(FragmentsDialog()) as dialog:
        dialog.show_open(True)
        dialog.show_message(20, compresses=False)
        dialog._sizes_row.set_text("3, x")
        assert "“x” is not a number of bytes." in words(dialog)
        assert dialog._sizes_row.has_css_class("error")
        assert not dialog._send_button.get_sensitive()


async def test_where_there_is_no_message_or_no_connection_nothing_is_sent() -> None:
    async with presented(FragmentsDialog()) as dialog:
        asked = Heard(dialog, "send-requested")
        dialog._sizes_row.set_text("3")
        dialog.show_open(True)
        dialog.show_message(None, compresses=False, error="Type a message first.")
        assert "Type a message first." in words(dialog)
        dialog._sizes_row.emit("entry-activated")
        dialog.show_message(5, compresses=False)
        dialog.show_open(False)
        dialog._sizes_row.emit("entry-activated")
        assert asked == []


async def test_compressed_bytes_are_not_promised_a_number() -> None:
    async with presented(FragmentsDialog()) as dialog:
        dialog.show_message(20, compresses=True)
        dialog._sizes_row.set_text("3")
        assert "The sizes count compressed bytes." in words(dialog)
