"""Text is composed of several keys, as in Chinese: no key is taken away and no text is lost."""

from __future__ import annotations

from spacebeam.profiles.collection import SavedConnection
from tests.journeys.input_method import SIMPLE, dead_keys, ibus
from tests.journeys.keyboard import CONTROL, SHIFT, press
from tests.journeys.program import Program, connect, serving, started
from tests.journeys.screen import BUTTON, TEXT, Widget, until
from tests.journeys.test_saved_connections import library

SMILE = "263a"


def compose_smile() -> None:
    """Begin U+263A, as GTK's own input method composes it: Enter completes it."""
    press(CONTROL, SHIFT, "u")
    for digit in SMILE:
        press(digit)


def write_chinese() -> None:
    """Write 呀 with the table Wubi."""
    for key in ("k", "a", "space"):
        press(key)


def echoing(program: Program, url: str) -> Widget:
    """The window, connected to a server that sends everything back."""
    window = program.window()
    connect(window, f"{url}/echo")
    window.reads("Connected")
    return window


def typed(window: Widget, field: str, text: str) -> None:
    """Wait until a field has this text."""
    until(lambda: window.find(TEXT, field).text == text, f"“{text}” in {field}")


def test_enter_completes_a_character_and_then_sends_it() -> None:
    with serving() as (url, _server), started(SIMPLE) as program:
        window = echoing(program, url)
        press("a")
        compose_smile()
        press("Return")
        typed(window, "Message", "a☺")
        assert not window.says("a")
        press("Return")
        until(lambda: window.says("a☺") == 2, "the echo")


def test_enter_waits_for_the_letter_of_a_dead_key() -> None:
    with serving() as (url, _server), started(SIMPLE) as program:
        window = echoing(program, url)
        with dead_keys():
            press("a")
            typed(window, "Message", "a")
            press("dead_acute")
            press("Return")
            press("e")
            typed(window, "Message", "aé")
            assert not window.says("a")
            press("Return")
            until(lambda: window.says("aé") == 2, "the echo")


def test_send_includes_what_is_being_composed() -> None:
    with serving() as (url, _server), started(SIMPLE) as program:
        window = echoing(program, url)
        press("a")
        compose_smile()
        window.find(BUTTON, "Send").press()
        until(lambda: window.says(f"au{SMILE}") == 2, "the echo")


def test_shortcuts_wait_until_the_text_is_composed() -> None:
    with serving() as (url, _server), started(SIMPLE) as program:
        window = echoing(program, url)
        compose_smile()
        press(CONTROL, "t")  # GTK's own input method uses any key
        press("Return")
        typed(window, "Message", "☺")
        assert len(program.windows()) == 1


def test_leaving_a_field_inserts_what_was_being_composed() -> None:
    with serving() as (url, _server), started(SIMPLE) as program:
        window = echoing(program, url)
        press(CONTROL, "f")
        until(lambda: window.find(TEXT, "Filter").has_cursor, "the filter")
        compose_smile()
        window.find(BUTTON, "New tab").press()
        window.find(TEXT, "Address")
        press(CONTROL, "w")
        typed(window, "Filter", f"u{SMILE}")


def test_chinese_is_written_and_sent() -> None:
    with serving() as (url, _server), ibus() as environment, started(environment) as program:
        window = echoing(program, url)
        write_chinese()
        typed(window, "Message", "呀")
        press("k")
        press("a")
        press("Return")  # to the table it means the letters themselves
        typed(window, "Message", "呀ka")
        assert not window.says("呀")
        press("Return")
        until(lambda: window.says("呀ka") == 2, "the echo")


def test_escape_belongs_to_chinese_before_it_closes_the_filter() -> None:
    with serving() as (url, _server), ibus() as environment, started(environment) as program:
        window = echoing(program, url)
        press(CONTROL, "f")
        until(lambda: window.find(TEXT, "Filter").has_cursor, "the filter")
        press("k")
        press("Escape")
        write_chinese()
        typed(window, "Filter", "呀")
        press("Escape")
        typed(window, "Filter", "")
        assert not window.find(TEXT, "Filter").has_cursor


def test_an_address_is_written_in_chinese() -> None:
    with ibus() as environment, started(environment) as program:
        window = program.window()
        window.find(TEXT, "Address")
        write_chinese()
        typed(window, "Address", "呀")
        press("k")
        press("a")
        press("Return")
        typed(window, "Address", "呀ka")
        assert not window.says("Connecting")


def test_chinese_replaces_a_name_that_is_edited_in_the_sidebar() -> None:
    library().create_connection("", SavedConnection("Feed", "ws://x.test/"))
    with ibus() as environment, started(environment) as program:
        window = program.window()
        window.find(TEXT, "Address")
        press(CONTROL, "k")
        until(lambda: window.find(TEXT, "Find a connection").has_cursor, "the search")
        press("Down")
        press("F2")
        typed(window, "Name", "Feed")
        write_chinese()
        typed(window, "Name", "呀")
