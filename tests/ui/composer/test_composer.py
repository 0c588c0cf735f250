"""The composer: what is typed is sent, or stays."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

import pytest
from gi.repository import Gdk

from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft, DraftError, PayloadFormat
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.composer import ComposerPage

SHIFT = Gdk.ModifierType.SHIFT_MASK


@contextlib.asynccontextmanager
async def shown_composer(
    typed: str = "", form: PayloadFormat = PayloadFormat.TEXT
) -> AsyncIterator[ComposerPage]:
    """The composer of an open connection."""
    async with shown(Composer()) as composer:
        composer.show_open(True)
        page = ComposerPage(composer)
        page.type_message(typed, form)
        yield page


@pytest.mark.parametrize(
    "send",
    [
        lambda page: page.press_key(Gdk.KEY_Return),
        lambda page: page.press_key(Gdk.KEY_KP_Enter),
        lambda page: page.send(),
    ],
)
async def test_enter_and_send_emit_the_message_and_clear_the_field(
    send: Callable[[ComposerPage], object],
) -> None:
    async with shown_composer("hello") as page:
        sent = Heard(page.widget, "send-requested")
        send(page)
        assert sent == [Draft("hello", PayloadFormat.TEXT, "hello")]
        assert page.widget.typed == ""


async def test_shift_enter_starts_a_new_line() -> None:
    async with shown_composer("one") as page:
        sent = Heard(page.widget, "send-requested")
        buffer = page.field.get_buffer()
        buffer.place_cursor(buffer.get_end_iter())
        assert page.press_key(Gdk.KEY_Return, SHIFT)
        assert page.widget.typed == "one\n"
        assert sent == []


async def test_other_keys_are_left_to_the_field() -> None:
    async with shown_composer("one") as page:
        assert not page.press_key(Gdk.KEY_a)


async def test_a_text_keeps_its_lines_and_spaces() -> None:
    async with shown_composer("  one\n\ttwo  \n") as page:
        sent = Heard(page.widget, "send-requested")
        page.press_enter()
        assert [draft.message for draft in sent] == ["  one\n\ttwo  \n"]


async def test_an_empty_message_is_not_sent() -> None:
    async with shown_composer() as page:
        sent = Heard(page.widget, "send-requested")
        assert not page.can_send
        page.press_enter()
        assert sent == []


async def test_without_a_connection_nothing_is_sent_and_the_text_stays() -> None:
    async with shown_composer("hello") as page:
        page.widget.show_open(False)
        sent = Heard(page.widget, "send-requested")
        assert not page.can_send
        page.press_enter()
        assert sent == []
        assert page.widget.typed == "hello"
        assert "Not connected: reconnect before sending." in page.words
        page.widget.show_open(True)
        assert page.can_send


@pytest.mark.parametrize(
    ("form", "typed", "message"),
    [(PayloadFormat.HEX, "48 69", b"Hi"), (PayloadFormat.BASE64, "SGk=", b"Hi")],
)
async def test_binary_is_typed_in_hex_or_base64(
    form: PayloadFormat, typed: str, message: bytes
) -> None:
    async with shown_composer(typed, form) as page:
        sent = Heard(page.widget, "send-requested")
        page.press_enter()
        assert sent == [Draft(message, form, typed)]


@pytest.mark.parametrize(
    ("form", "typed", "said"),
    [
        (PayloadFormat.HEX, "4x", "“x” is not a hexadecimal digit."),
        (PayloadFormat.HEX, "<b>", "“<” is not a hexadecimal digit."),
        (PayloadFormat.BASE64, "&", "“&” is not a Base64 character."),
    ],
)
async def test_an_invalid_message_is_explained_until_it_is_corrected(
    form: PayloadFormat, typed: str, said: str
) -> None:
    async with shown_composer(typed, form) as page:
        sent = Heard(page.widget, "send-requested")
        page.press_enter()
        assert sent == []
        assert page.widget.typed == typed
        assert said in page.error
        page.type_message("48")
        assert page.error == ""


async def test_the_placeholder_explains_the_format_until_something_is_typed() -> None:
    async with shown_composer() as page:
        assert "Type a message" in page.words
        page.type_message("", PayloadFormat.HEX)
        assert any("hexadecimal" in seen for seen in page.words)
        page.type_message("4", PayloadFormat.HEX)
        assert not any("hexadecimal" in seen for seen in page.words)


async def test_an_unsent_message_returns_before_text_typed_since() -> None:
    async with shown_composer("first") as page:
        sent = Heard(page.widget, "send-requested")
        page.press_enter()
        page.type_message("second")
        page.widget.give_back(sent[0], "Not sent. The connection is not open.")
        assert page.widget.typed == "first\nsecond"
        assert "Not sent. The connection is not open." in page.words


async def test_an_unsent_message_returns_in_its_format() -> None:
    async with shown_composer("48 69", PayloadFormat.HEX) as page:
        sent = Heard(page.widget, "send-requested")
        page.press_enter()
        page.type_message("")
        page.widget.give_back(sent[0], "Not sent.")
        assert page.widget.typed == "48 69"
        assert page.widget.form is PayloadFormat.HEX
        assert "Not sent." in page.words


async def test_undo_restores_a_sent_message() -> None:
    async with shown_composer() as page:
        buffer = page.field.get_buffer()
        buffer.insert_at_cursor("hello")
        page.press_enter()
        buffer.undo()
        assert page.widget.typed == "hello"


async def test_the_attach_button_emits_attach_requested() -> None:
    async with shown_composer() as page:
        asked = Heard(page.widget, "attach-requested")
        page.press("Send a file, as text or as binary")
        assert asked


async def test_a_file_is_sent_first_and_the_text_stays() -> None:
    async with shown_composer("and a word") as page:
        sent = Heard(page.widget, "send-requested")
        page.attach("<b>&.png", bytes(2048))
        assert {"<b>&.png, 2.0 KiB", "As binary"} <= set(page.words)
        page.press_enter()
        assert sent == [Draft(bytes(2048), PayloadFormat.TEXT, "", "<b>&.png")]
        assert page.widget.typed == "and a word"
        assert not page.has_file
        page.press_enter()
        assert sent[1].message == "and a word"


async def test_a_file_is_sent_as_text_where_that_is_chosen() -> None:
    async with shown_composer() as page:
        sent = Heard(page.widget, "send-requested")
        page.attach("é.json", '{"é": 1}'.encode())
        page.send_file_as("text")
        page.send()
        assert [draft.message for draft in sent] == ['{"é": 1}']
        page.widget.give_back(sent[0], "Not sent.")
        assert {"é.json, 9 B", "As text"} <= set(page.words)


async def test_a_file_that_is_not_utf_8_is_not_sent_as_text() -> None:
    async with shown_composer() as page:
        sent = Heard(page.widget, "send-requested")
        page.attach("latin.txt", b"caf\xe9")
        page.send_file_as("text")
        words = "“latin.txt” is not text in UTF-8: byte 3 is invalid. Send it as binary."
        assert page.error == words
        page.send()
        assert not sent
        assert page.error == words
        page.send_file_as("binary")
        assert page.error == ""
        page.send()
        assert [draft.message for draft in sent] == [b"caf\xe9"]


async def test_an_empty_file_can_be_sent() -> None:
    async with shown_composer() as page:
        sent = Heard(page.widget, "send-requested")
        page.attach("empty", b"")
        page.send()
        assert [draft.message for draft in sent] == [b""]


async def test_a_file_can_be_removed() -> None:
    async with shown_composer() as page:
        page.attach("picture.png", b"png")
        assert page.can_send
        page.press("Remove file")
        assert not page.can_send
        assert not page.has_file


async def test_an_unsent_file_returns() -> None:
    async with shown_composer() as page:
        sent = Heard(page.widget, "send-requested")
        page.attach("picture.png", b"png")
        page.send()
        page.widget.give_back(sent[0], "Not sent.")
        seen = page.words
        assert {"picture.png, 3 B", "As binary"} <= set(seen)
        assert "Not sent." in seen
        page.send()
        assert sent[1] == sent[0]


async def test_sending_is_shown_until_it_is_done() -> None:
    async with shown_composer() as page:
        page.widget.show_sending("Sending 64.0 MiB…")
        assert "Sending 64.0 MiB…" in page.words
        page.widget.show_sending("")
        assert not page.is_sending


async def test_the_field_can_be_focused() -> None:
    async with shown_composer() as page:
        page.widget.focus()
        assert page.has_focus


async def test_draft_returns_the_message_and_take_draft_clears_it() -> None:
    async with shown_composer() as page:
        assert page.widget.draft() is None
        assert page.widget.take_draft() is None
        page.type_message("hello")
        assert page.widget.draft() == Draft("hello", PayloadFormat.TEXT, "hello")
        assert page.widget.typed == "hello"
        page.attach("a.bin", b"\x00")
        assert page.widget.take_draft() == Draft(b"\x00", PayloadFormat.TEXT, "", "a.bin")
        assert page.widget.take_draft() == Draft("hello", PayloadFormat.TEXT, "hello")
        assert page.widget.typed == ""
        page.choose_format(PayloadFormat.HEX)
        page.type_message("0g")
        with pytest.raises(DraftError):
            page.widget.take_draft()
        assert page.widget.typed == "0g"


async def test_up_and_down_go_through_what_was_sent() -> None:
    async with shown_composer() as page:
        page.widget.recall.read = lambda: ["one", b"\x02", "two\nlines"]
        for expected in ("two\nlines", "02", "one", "one"):
            page.press_key(Gdk.KEY_Up)
            assert page.typed == expected
        page.press_key(Gdk.KEY_Down)
        assert page.widget.form is PayloadFormat.HEX
        page.press_key(Gdk.KEY_Down)
        assert page.typed == "two\nlines"
        assert page.press_key(Gdk.KEY_Down)
        assert page.typed == ""


async def test_the_cursor_goes_through_the_lines_first() -> None:
    async with shown_composer() as page:
        page.widget.recall.read = lambda: ["one", "two\nlines"]
        page.press_key(Gdk.KEY_Up)
        buffer = page.field.get_buffer()
        buffer.place_cursor(buffer.get_end_iter())
        assert not page.press_key(Gdk.KEY_Up)
        assert page.typed == "two\nlines"
        buffer.place_cursor(buffer.get_start_iter())
        assert page.press_key(Gdk.KEY_Up)
        assert page.typed == "one"


async def test_what_is_being_typed_is_not_replaced() -> None:
    async with shown_composer("draft") as page:
        page.widget.recall.read = lambda: ["one"]
        assert not page.press_key(Gdk.KEY_Up)
        assert page.typed == "draft"


async def test_a_message_to_edit_replaces_a_draft_in_one_step_of_undo() -> None:
    async with shown_composer("draft") as page:
        page.widget.edit(b"\x01\xff")
        assert page.typed == "01 ff"
        assert page.widget.form is PayloadFormat.HEX
        page.field.get_buffer().undo()
        assert page.typed == "draft"
