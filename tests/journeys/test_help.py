"""The help, by keyboard: F1, a page, a link, an example that is tried, and Escape."""

from __future__ import annotations

from tests.journeys.keyboard import press
from tests.journeys.program import Program, connect, say, serving, started
from tests.journeys.screen import TEXT, Widget, until

PAGES = frozenset((*TEXT, "document text", "terminal"))


def help_window(program: Program, title: str) -> Widget:
    """Wait for the help's window to show the page with this title."""
    return until(
        lambda: next((one for one in program.windows() if one.name == title), None),
        f"the help about {title}",
    )


def test_the_help_leads_from_a_key_to_a_filtered_conversation() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        for words in ("btc is up", "eth is down"):
            say(window, words)
            until(lambda words=words: window.says(words) == 2, "the echo")  # type: ignore[misc]
        press("F1")
        help_window(program, "Sending messages")  # the message field has the focus
        press("F9")
        press("Home")
        press("Return")
        first = help_window(program, "First steps")
        assert (
            "Connect to a server, read what it says, and answer."
            in first.find(PAGES, "First steps").text
        )
        for _link in ("options", "bytes", "searched"):
            press("Tab")
        press("Return")
        help_window(program, "Searching and filtering")
        press("Tab")
        press("Return")
        until(lambda: window.find(TEXT, "Filter").text == "btc", "the example in the filter")
        until(lambda: not window.says("eth is down"), "the filtered conversation")
        assert window.says("btc is up") == 2
        press("F1")
        page = help_window(program, "Searching and filtering").find(
            PAGES, "Searching and filtering"
        )
        until(lambda: page.has_cursor, "keys that go to the help")
        press("Escape")
        until(lambda: program.windows() == [window], "the conversation alone")
        press("Escape")
        until(lambda: window.says("eth is down") == 2, "the whole conversation")
