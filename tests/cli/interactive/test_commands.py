"""What a typed text means, without a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.cli.forms import BinaryForm, FormError, InputForm
from spacebeam.cli.interactive.commands import (
    COMMANDS,
    Action,
    CommandError,
    FileToSend,
    ShowHelp,
    TypedCall,
    TypedForm,
)
from spacebeam.cli.options.values import CloseOptions
from spacebeam.decode.speaking.speaker import Verb
from spacebeam.protocol.frames import Opcode
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.outgoing import Ping


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("", None),
        (" ", " "),
        ("hello", "hello"),
        ("two\nlines", "two\nlines"),
        ("//nick me", "/nick me"),
        ("///", "//"),
        ("/text /nick", "/nick"),
        ("/text", ""),
        ("/text  a", " a"),
        ("/binary 00 fF", b"\x00\xff"),
        ("/binary", b""),
        ("/binary @a b.bin", FileToSend(Path("a b.bin"), is_binary=True)),
        ("/send  a b.txt ", FileToSend(Path("a b.txt"))),
        ("/ping", Ping()),
        ("/ping é ", Ping("é ".encode())),
        ("/close", CloseOptions(4000, "default")),
        ("/close 1000", CloseOptions(1000)),
        ("/close 4001 bye now", CloseOptions(4001, "bye now")),
        ("/close 1005", CloseOptions(1005)),
        ("/help", ShowHelp()),
        ("/call sum 1 2", TypedCall(Verb.CALL, "sum 1 2")),
    ],
)
def test_a_text_is_a_message_or_a_command(text: str, action: Action | None) -> None:
    assert TypedForm(close=CloseOptions(4000, "default")).action(text) == action


def test_a_pong_is_a_masked_frame() -> None:
    pong = TypedForm().action("/pong hi")
    assert isinstance(pong, RawFrame)
    assert (pong.opcode, pong.payload, len(pong.mask)) == (Opcode.PONG, b"hi", 4)


def test_a_file_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert TypedForm().action("/send ~/a") == FileToSend(Path("/home/someone/a"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/", "“/” is not a command"),
        ("/nick me", "“/nick” is not a command. /help lists them, //… sends a slash."),
        ("/Ping", "“/Ping” is not a command"),
        ("/etc/hosts\nsecond", "“/etc/hosts” is not a command"),
        ("/ping " + "é" * 63, "The text has 126 bytes; a ping or pong holds 125."),
        ("/pong " + "x" * 126, "The text has 126 bytes"),
        ("/close bye", "“bye” is not a close code"),
        ("/close -1", "“-1” is not a close code"),
        ("/close 65536", "“65536” is not a close code"),
        ("/close 99999999999", "is not a close code"),
        ("/close \u0661", "is not a close code"),
        ("/close 1006", "RFC 6455 forbids 1006 in a close frame; connect with --expert"),
        ("/close 1005 bye", "RFC 6455 forbids 1005 with a reason in a close frame"),
        ("/close 1000 " + "x" * 124, "The reason has 124 bytes; a close frame holds 123."),
        ("/send", "Write the name of a file after “/send”."),
        ("/binary @ ", "Write the name of a file after “/binary @”."),
        ("/send ~nobody-has-this-name/a", "There is no home folder for"),
    ],
)
def test_a_mistake_in_a_command_is_told(text: str, words: str) -> None:
    with pytest.raises(CommandError, match=r".*") as caught:
        TypedForm().action(text)
    assert words in str(caught.value)


def test_a_code_that_is_forbidden_may_be_sent_by_an_expert() -> None:
    close = TypedForm(close=CloseOptions(even_illegal=True)).action("/close 1006 x")
    assert close == CloseOptions(1006, "x", even_illegal=True)


@pytest.mark.parametrize("form", [None, BinaryForm.HEX])
def test_the_place_of_a_mistake_is_in_the_typed_text(form: BinaryForm | None) -> None:
    with pytest.raises(FormError) as caught:
        TypedForm(form).action("/binary 00 0g")
    assert caught.value.place == len("/binary 00 0")


@given(
    st.one_of(st.text(max_size=20), st.text("/ab \n", max_size=5), st.binary(max_size=20)),
    st.sampled_from([None, *BinaryForm]),
    st.sampled_from(InputForm),
)
def test_every_message_can_be_typed_again(
    message: str | bytes, form: BinaryForm | None, input_form: InputForm
) -> None:
    typed = TypedForm(form, input_form)
    assert typed.action(typed.typed(message)) == message


def test_messages_without_a_command_are_in_the_form_of_the_options() -> None:
    assert TypedForm(BinaryForm.BASE64).action("AP8=") == b"\x00\xff"
    assert TypedForm(BinaryForm.BASE64).action("/binary AP8=") == b"\x00\xff"
    assert TypedForm(input_form=InputForm.JSON).action('{"base64": "AP8="}') == b"\x00\xff"
    assert TypedForm(input_form=InputForm.JSON).action('{"kind": "ping"}') is None


def test_every_listed_command_is_one() -> None:
    for command in COMMANDS:
        argument = {"HEX": "00", "@FILE": "@a", "FILE": "a", "NAME": "a"}.get(command.arguments, "")
        assert TypedForm().action(f"{command.name} {argument}".strip()) is not None
