"""The composer: what is typed is sent, or stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Gdk, Gio, Gtk

from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft, DraftError, PayloadFormat
from tests.ui.doing import Heard, button, click, drop, key, shown, words

SHIFT = Gdk.ModifierType.SHIFT_MASK


def write(composer: Composer, typed: str, form: PayloadFormat = PayloadFormat.TEXT) -> None:
    composer._form_drop_down.set_selected(list(PayloadFormat).index(form))
    composer._text_view.get_buffer().set_text(typed)


def ready(typed: str = "", form: PayloadFormat = PayloadFormat.TEXT) -> Composer:
    """A composer of an open connection."""
    composer = Composer()
    composer.show_open(True)
    write(composer, typed, form)
    return composer


@pytest.mark.parametrize("pressed", [Gdk.KEY_Return, Gdk.KEY_KP_Enter])
async def test_enter_sends_and_empties_the_field(pressed: int) -> None:
    async with shown(ready("hello")) as composer:
        sent = Heard(composer, "send-requested")
        assert key(composer._text_view, pressed)
        assert sent == [Draft("hello", PayloadFormat.TEXT, "hello")]
        assert composer.typed == ""


async def test_send_does_what_enter_does() -> None:
    async with shown(ready("hello")) as composer:
        sent = Heard(composer, "send-requested")
        click(composer._send_button)
        assert [draft.message for draft in sent] == ["hello"]


async def test_shift_and_enter_make_a_new_line() -> None:
    async with shown(ready("one")) as composer:
        sent = Heard(composer, "send-requested")
        buffer = composer._text_view.get_buffer()
        buffer.place_cursor(buffer.get_end_iter())
        assert key(composer._text_view, Gdk.KEY_Return, SHIFT)
        assert composer.typed == "one\n"
        assert sent == []


async def test_other_keys_are_the_fields_own() -> None:
    async with shown(ready("one")) as composer:
        assert not key(composer._text_view, Gdk.KEY_a)


async def test_a_text_is_sent_with_its_lines_and_spaces() -> None:
    async with shown(ready("  one\n\ttwo  \n")) as composer:
        sent = Heard(composer, "send-requested")
        key(composer._text_view, Gdk.KEY_Return)
        assert [draft.message for draft in sent] == ["  one\n\ttwo  \n"]


async def test_nothing_is_not_sent() -> None:
    async with shown(ready()) as composer:
        sent = Heard(composer, "send-requested")
        assert not composer._send_button.is_sensitive()
        key(composer._text_view, Gdk.KEY_Return)
        assert sent == []


async def test_without_a_connection_nothing_is_sent_and_the_text_stays() -> None:
    async with shown(ready("hello")) as composer:
        composer.show_open(False)
        sent = Heard(composer, "send-requested")
        assert not composer._send_button.is_sensitive()
        key(composer._text_view, Gdk.KEY_Return)
        assert sent == []
        assert composer.typed == "hello"
        assert "Not connected: reconnect before sending." in words(composer)
        composer.show_open(True)
        assert composer._send_button.is_sensitive()


@pytest.mark.parametrize(
    ("form", "typed", "message"),
    [(PayloadFormat.HEX, "48 69", b"Hi"), (PayloadFormat.BASE64, "SGk=", b"Hi")],
)
async def test_binary_is_typed_in_hex_or_base64(
    form: PayloadFormat, typed: str, message: bytes
) -> None:
    async with shown(ready(typed, form)) as composer:
        sent = Heard(composer, "send-requested")
        key(composer._text_view, Gdk.KEY_Return)
        assert sent == [Draft(message, form, typed)]


@pytest.mark.parametrize(
    ("form", "typed", "said"),
    [
        (PayloadFormat.HEX, "4x", "“x” is not a hexadecimal digit."),
        (PayloadFormat.HEX, "<b>", "“<” is not a hexadecimal digit."),
        (PayloadFormat.BASE64, "&", "“&” is not a Base64 character."),
    ],
)
async def test_a_typing_error_is_explained_until_it_is_put_right(
    form: PayloadFormat, typed: str, said: str
) -> None:
    async with shown(ready(typed, form)) as composer:
        sent = Heard(composer, "send-requested")
        key(composer._text_view, Gdk.KEY_Return)
        assert sent == []
        assert composer.typed == typed
        assert said in words(composer)
        composer._text_view.get_buffer().set_text("48")
        assert said not in words(composer)


async def test_the_placeholder_says_what_is_expected_until_something_is_typed() -> None:
    async with shown(ready()) as composer:
        assert "Type a message" in words(composer)
        write(composer, "", PayloadFormat.HEX)
        assert any("hexadecimal" in seen for seen in words(composer))
        write(composer, "4", PayloadFormat.HEX)
        assert not any("hexadecimal" in seen for seen in words(composer))


async def test_what_could_not_be_sent_comes_back_in_front_of_what_was_typed_since() -> None:
    async with shown(ready("first")) as composer:
        sent = Heard(composer, "send-requested")
        key(composer._text_view, Gdk.KEY_Return)
        write(composer, "second")
        composer.give_back(sent[0], "Not sent. The connection is not open.")
        assert composer.typed == "first\nsecond"
        assert "Not sent. The connection is not open." in words(composer)


async def test_what_could_not_be_sent_comes_back_in_its_own_form() -> None:
    async with shown(ready("48 69", PayloadFormat.HEX)) as composer:
        sent = Heard(composer, "send-requested")
        key(composer._text_view, Gdk.KEY_Return)
        write(composer, "")
        composer.give_back(sent[0], "Not sent.")
        assert composer.typed == "48 69"
        assert composer.form is PayloadFormat.HEX
        assert "Not sent." in words(composer)


async def test_what_was_sent_can_be_had_again_with_undo() -> None:
    async with shown(ready()) as composer:
        buffer = composer._text_view.get_buffer()
        buffer.insert_at_cursor("hello")
        key(composer._text_view, Gdk.KEY_Return)
        buffer.undo()
        assert composer.typed == "hello"


async def test_a_dropped_file_is_handed_on(tmp_path: Path) -> None:
    async with shown(ready()) as composer:
        dropped = Heard(composer, "file-dropped")
        file = Gio.File.new_for_path(str(tmp_path / "picture.png"))
        assert drop(composer, file)
        assert [one.get_path() for one in dropped] == [file.get_path()]


async def test_attach_asks_for_a_file() -> None:
    async with shown(ready()) as composer:
        asked = Heard(composer, "attach-requested")
        click(button(composer, "Send a file as a binary message"))
        assert asked


async def test_a_file_is_sent_before_what_is_typed_which_stays() -> None:
    async with shown(ready("and a word")) as composer:
        sent = Heard(composer, "send-requested")
        composer.show_file("<b>&.png", bytes(2048))
        assert "<b>&.png, 2.0 KiB, sent as binary" in words(composer)
        key(composer._text_view, Gdk.KEY_Return)
        assert sent == [Draft(bytes(2048), PayloadFormat.TEXT, "", "<b>&.png")]
        assert composer.typed == "and a word"
        assert not composer._file_box.get_mapped()
        key(composer._text_view, Gdk.KEY_Return)
        assert sent[1].message == "and a word"


async def test_an_empty_file_is_a_message_too() -> None:
    async with shown(ready()) as composer:
        sent = Heard(composer, "send-requested")
        composer.show_file("empty", b"")
        click(composer._send_button)
        assert [draft.message for draft in sent] == [b""]


async def test_a_file_can_be_taken_out_again() -> None:
    async with shown(ready()) as composer:
        composer.show_file("picture.png", b"png")
        assert composer._send_button.is_sensitive()
        click(button(composer, "Remove file"))
        assert not composer._send_button.is_sensitive()
        assert not composer._file_box.get_mapped()


async def test_a_file_that_could_not_be_sent_comes_back() -> None:
    async with shown(ready()) as composer:
        sent = Heard(composer, "send-requested")
        composer.show_file("picture.png", b"png")
        click(composer._send_button)
        composer.give_back(sent[0], "Not sent.")
        seen = words(composer)
        assert "picture.png, 3 B, sent as binary" in seen
        assert "Not sent." in seen
        click(composer._send_button)
        assert sent[1] == sent[0]


async def test_a_sending_that_takes_long_is_shown_until_it_is_over() -> None:
    async with shown(ready()) as composer:
        composer.show_sending("Sending 64.0 MiB…")
        assert "Sending 64.0 MiB…" in words(composer)
        composer.show_sending("")
        assert not composer._sending_box.get_mapped()


async def test_the_cursor_is_put_into_the_field() -> None:
    async with shown(ready()) as composer:
        composer.focus()
        window = composer.get_root()
        assert isinstance(window, Gtk.Window)
        assert window.get_focus() is composer._text_view


async def test_the_message_can_be_looked_at_and_taken() -> None:
    async with shown(Composer()) as composer:
        assert composer.draft() is None
        assert composer.take_draft() is None
        composer._text_view.get_buffer().set_text("hello")
        assert composer.draft() == Draft("hello", PayloadFormat.TEXT, "hello")
        assert composer.typed == "hello"
        composer.show_file("a.bin", b"\x00")
        assert composer.take_draft() == Draft(b"\x00", PayloadFormat.TEXT, "", "a.bin")
        assert composer.take_draft() == Draft("hello", PayloadFormat.TEXT, "hello")
        assert composer.typed == ""
        composer._form_drop_down.set_selected(1)
        composer._text_view.get_buffer().set_text("0g")
        with pytest.raises(DraftError):
            composer.take_draft()
        assert composer.typed == "0g"
