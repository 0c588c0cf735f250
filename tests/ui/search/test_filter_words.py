"""The words of the filter bar: the count of matches, and a suggestion without any."""

from __future__ import annotations

import pytest

from spacebeam.ui.search.filter_words import match_count_words, no_match_words


def test_the_count_has_a_total() -> None:
    assert match_count_words(123, 10_000) == "123 of 10,000"
    assert match_count_words(123, 50_000, 40_000) == "123 of the first 40,000"
    assert match_count_words(123, 40_000, 40_000) == "123 of 40,000"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Error", "No entries match “Error”."),
        (
            "case:yes Error",
            "No entries match “Error”. Case matters; remove case:yes to ignore it.",
        ),
        ("case:yes 12", "No entries match “12”."),
        ("123", "No entries match “123”."),
        *(
            (typed, f"No entries match “{typed}”. Write conditions in lower case. Try {to}")
            for typed, to in (
                ("IS:TEXT", "is:text"),
                ("Is:sent", "is:sent"),
                ("Json:Name=Ann", "json:Name=Ann"),
                ("SIZE>10", "size>10"),
                ("After:12:30", "after:12:30"),
            )
        ),
        ("Is:what", "No entries match “Is:what”."),
        ("-a", "No entries match -a."),
        ("/a/", "No entries match /a/. Add an i after it to ignore case."),
        ("/a/i", "No entries match /a/i."),
        ("size>1G", "No entries match size>1G."),
        ("is:starred", "No entries are starred yet. Select an entry to star it."),
        ("a size>1", "No entries match all 2 conditions. Remove one to see more."),
        ("a OR b.c", "An entry must match all words. To match one of them, try /a|b\\.c/"),
        ("a || b", "An entry must match all words. To match one of them, try /a|b/"),
        ("a AND b", "An entry must match all words. Remove AND."),
        ("a or is:sent", "No entries match all 3 conditions. Remove one to see more."),
        ("a or", "No entries match all 2 conditions. Remove one to see more."),
        (
            "x is:sent is:received",
            "No entry is both sent and received. Remove one of the two.",
        ),
        ("is:text is:event", "No entry is both text and an event. Remove one of the two."),
    ],
)
def test_the_suggestion_depends_on_the_filter(text: str, words: str) -> None:
    assert no_match_words(text) == words


def test_a_long_word_is_cut() -> None:
    assert len(no_match_words("x" * 10_000)) < 200
