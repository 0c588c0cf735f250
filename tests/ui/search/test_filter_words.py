"""The bar says how much was found, and what to try where nothing was."""

from __future__ import annotations

import pytest

from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_words import count_words, nothing_words


def test_the_count_says_of_how_many() -> None:
    assert count_words(123, 10_000) == "123 of 10,000"
    assert count_words(123, 50_000, 40_000) == "123 of the first 40,000"
    assert count_words(123, 40_000, 40_000) == "123 of 40,000"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Error", "Nothing holds “Error”. Words are matched as written. Try /Error/i"),
        ("a.b", "Nothing holds “a.b”. Words are matched as written. Try /a\\.b/i"),
        ("123", "Nothing holds “123”."),
        *(
            (typed, f"Nothing holds “{typed}”. Conditions are written in small letters. Try {to}")
            for typed, to in (
                ("IS:TEXT", "is:text"),
                ("Is:sent", "is:sent"),
                ("Json:Name=Ann", "json:Name=Ann"),
                ("SIZE>10", "size>10"),
                ("After:12:30", "after:12:30"),
            )
        ),
        ("Is:what", "Nothing holds “Is:what”. Words are matched as written. Try /Is:what/i"),
        ("-a", "Nothing fits -a."),
        ("/a/", "Nothing matches /a/. Put an i behind it to ignore case."),
        ("/a/i", "Nothing fits /a/i."),
        ("size>1G", "Nothing fits size>1G."),
        ("is:starred", "Nothing has a star yet. Select an entry to give it one."),
        ("a size>1", "Nothing fits all 2 conditions. Take one away to see more."),
        ("a OR b.c", "Words beside each other must all be there. For one of them try /a|b\\.c/"),
        ("a || b", "Words beside each other must all be there. For one of them try /a|b/"),
        ("a AND b", "Words beside each other must all be there. Leave AND out."),
        ("a or is:sent", "Nothing fits all 3 conditions. Take one away to see more."),
        ("a or", "Nothing fits all 2 conditions. Take one away to see more."),
        (
            "x is:sent is:received",
            "Nothing is sent and received at once. Take one of the two away.",
        ),
        ("is:text is:event", "Nothing is text and an event at once. Take one of the two away."),
    ],
)
def test_what_to_try_depends_on_what_was_asked_for(text: str, words: str) -> None:
    assert nothing_words(text) == words


def test_a_long_word_does_not_fill_the_window() -> None:
    assert len(nothing_words("x" * 10_000)) < 200


def test_what_is_to_be_tried_finds_the_word_in_any_case() -> None:
    words = nothing_words("(a/b)[c]")
    _before, _try, pattern = words.partition("Try ")
    tried = parse(pattern)
    assert not tried.errors
    from spacebeam.search.highlights import highlights

    assert highlights(tried, "xx (A/B)[C] xx") == [(3, 11)]
