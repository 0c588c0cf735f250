"""What is typed is checked, indented and compacted."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gdk, Gio, GLib

from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import PayloadFormat, Typed
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.composer import ComposerPage

JSON, TEXT, XML, HEX = (
    PayloadFormat.JSON,
    PayloadFormat.TEXT,
    PayloadFormat.XML,
    PayloadFormat.HEX,
)


@contextlib.asynccontextmanager
async def composing(typed: str = "", form: PayloadFormat = JSON) -> AsyncIterator[ComposerPage]:
    async with shown(Composer()) as composer:
        composer.show_open(True)
        page = ComposerPage(composer)
        page.type_message(typed, form)
        yield page


def notices(page: ComposerPage) -> list[str]:
    """Return the list into which short messages come."""
    heard = list[str]()
    action = Gio.SimpleAction.new("notify", GLib.VariantType("s"))
    action.connect("activate", lambda _action, words: heard.append(words.get_string()))
    group = Gio.SimpleActionGroup()
    group.add_action(action)
    page.widget.insert_action_group("tab", group)
    return heard


@pytest.mark.parametrize(
    ("form", "typed", "words", "marked"),
    [
        (
            JSON,
            '{"a": 1,\n "b": "c"     "d": 2}',
            "Line 2, column 15: a comma or } is missing.",
            '"',
        ),
        (JSON, '{"a": 1', "Line 1, column 8: a comma or } is missing.", ""),
        (
            JSON,
            '{"n": {{$seq}}}',
            "Line 1, column 8: {{$seq}} is a number only when repeated.",
            "{",
        ),
        (JSON, "[01]", "Line 1, column 2: “01” is not a number in JSON.", "0"),
        (JSON, "[1, 2]", "Valid JSON", ""),
        (XML, "<a><b></a>", "Line 1, column 9: mismatched tag.", "a"),
        (XML, "<é>&x;</é>", "Line 1, column 4: undefined entity.", "&"),
        (XML, "<a/>", "Well-formed XML", ""),
        (HEX, "48 6g", "Line 1, column 5: “g” is not a hexadecimal digit.", "g"),
        (HEX, "48 6", "The last byte has only one hexadecimal digit.", ""),
    ],
)
async def test_a_mistake_is_shown_with_its_place(
    form: PayloadFormat, typed: str, words: str, marked: str
) -> None:
    async with composing(typed, form) as page:
        await eventually(lambda: page.checked == words)
        assert page.marked == marked


async def test_plain_text_is_not_checked() -> None:
    async with composing("[") as page:
        await eventually(lambda: page.checked)
        page.choose_format(TEXT)
        assert page.checked == ""
        page.choose_format(JSON)
        await eventually(lambda: page.checked)
        page.type_message("")
        assert page.checked == ""


async def test_the_place_in_a_line_of_a_megabyte_is_found() -> None:
    typed = "[" + "1," * 500_000 + "x]"
    async with composing(typed) as page:
        await eventually(lambda: page.checked)
        assert page.checked.startswith("Line 1, column 1,000,002:")
        assert page.marked == "x"


async def test_what_is_not_json_is_sent_as_it_is_and_said_so_once() -> None:
    async with composing('{"a": }') as page:
        said, sent = notices(page), Heard(page.widget, "send-requested")
        page.press_enter()
        assert [draft.message for draft in sent] == ['{"a": }']
        assert said == ["Sent as it is, but it is not JSON. Line 1, column 7: a value is missing."]
        page.say("{")
        assert len(sent) == 2
        assert len(said) == 1


async def test_a_long_text_that_is_not_json_is_said_too() -> None:
    async with composing("[" + "1, " * 50_000) as page:
        said = notices(page)
        await eventually(lambda: page.checked)
        page.press_enter()
        assert len(said) == 1


async def test_json_is_sent_as_it_is_typed_and_without_a_word() -> None:
    async with composing('{"a" : 1.50}') as page:
        said, sent = notices(page), Heard(page.widget, "send-requested")
        page.press_enter()
        assert [draft.message for draft in sent] == ['{"a" : 1.50}']
        assert not said


async def test_json_is_indented_and_compacted_each_in_one_step_of_undo() -> None:
    typed = '{"a": 1.50, "a": [ ]}'
    async with composing() as page:
        page.field.get_buffer().insert_at_cursor(typed)
        page.do("composer.indent")
        await eventually(lambda: page.typed == '{\n  "a": 1.50,\n  "a": []\n}')
        page.do("composer.compact")
        await eventually(lambda: page.typed == '{"a":1.50,"a":[]}')
        page.field.get_buffer().undo()
        page.field.get_buffer().undo()
        assert page.typed == typed


async def test_json_that_is_not_valid_is_left_and_its_mistake_is_shown() -> None:
    async with composing('{"a": 1') as page:
        page.do("composer.indent")
        await eventually(lambda: page.checked)
        assert page.typed == '{"a": 1'
        assert page.marked == "1"
        page.choose_format(TEXT)
        assert not page.can("composer.indent")


async def test_a_megabyte_is_indented() -> None:
    value = [{"id": number, "name": "x"} for number in range(30_000)]
    async with composing(json.dumps(value)) as page:
        page.do("composer.indent")
        await eventually(lambda: page.field.get_buffer().get_line_count() > 100_000)
        assert page.typed == json.dumps(value, indent=2)


async def test_a_new_line_is_indented_as_the_one_before() -> None:
    async with composing() as page:
        page.field.get_buffer().insert_at_cursor("{\n  1")
        page.press_key(Gdk.KEY_Return, Gdk.ModifierType.SHIFT_MASK)
        assert page.typed == "{\n  1\n  "


@pytest.mark.parametrize(
    ("form", "typed", "message"),
    [
        (TEXT, r"CONNECT\n\n\0", "CONNECT\n\n\0"),
        (JSON, r'{"a": "\n"}\x1e', '{"a": "\\n"}\x1e'),
    ],
)
async def test_escapes_are_sent_as_characters_once_asked_for(
    form: PayloadFormat, typed: str, message: str
) -> None:
    async with composing(typed, form) as page:
        sent = Heard(page.widget, "send-requested")
        page.press_enter()
        assert [draft.message for draft in sent] == [typed]
        page.do("composer.escapes")
        page.say(typed)
        assert sent[1].message == message
        page.widget.give_back(sent[1], "Not sent.")
        assert page.typed == typed


async def test_a_bad_escape_is_shown_with_its_place_and_not_sent() -> None:
    async with composing("a\nb\\q", TEXT) as page:
        sent = Heard(page.widget, "send-requested")
        page.do("composer.escapes")
        await eventually(lambda: page.checked)
        words = "Line 2, column 2: “\\q” is no escape; a backslash is written \\\\."
        assert page.checked == words
        page.press_enter()
        assert page.error == words
        assert not sent


async def test_what_the_field_cannot_hold_is_edited_with_escapes() -> None:
    async with composing() as page:
        sent = Heard(page.widget, "send-requested")
        page.widget.edit("a\\b\0")
        assert page.is_on("composer.escapes")
        assert page.typed == r"a\\b\0"
        page.press_enter()
        assert [draft.message for draft in sent] == ["a\\b\0"]


async def test_the_content_is_read_and_restored() -> None:
    async with composing() as page:
        for content in (Typed(XML, "<a>", True), Typed(HEX, "0", False)):
            page.widget.restore(content)
            assert page.widget.content == content


async def test_the_format_follows_the_conversation_until_one_is_chosen_or_typed() -> None:
    async with shown(Composer()) as composer:
        page = ComposerPage(composer)
        assert composer.form is TEXT
        composer.follow_form(JSON)
        assert composer.form is JSON
        page.type_message("x")
        composer.follow_form(TEXT)
        assert composer.form is JSON
        page.type_message("")
        composer.follow_form(TEXT)
        assert composer.form is TEXT
        page.choose_format(XML)
        composer.follow_form(JSON)
        assert composer.form is XML
