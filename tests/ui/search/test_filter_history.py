"""The history of filters."""

from __future__ import annotations

from spacebeam.ui.search.filter_entry import FilterHistory


def used(*texts: str) -> FilterHistory:
    history = FilterHistory()
    for text in texts:
        history.remember(text)
    return history


def test_older_and_newer_walk_the_history_and_return_to_the_typed_text() -> None:
    history = used("one", "two")
    assert history.older("typed") == "two"
    assert history.older("two") == "one"
    assert history.older("one") is None
    assert history.newer("one") == "two"
    assert history.newer("two") == "typed"
    assert history.newer("typed") is None


def test_the_current_text_is_skipped() -> None:
    assert used("one", "two").older("two") == "one"


def test_typing_restarts_at_the_newest_filter() -> None:
    history = used("one", "two", "three")
    assert history.older("") == "three"
    assert history.older("three") == "two"
    assert history.older("two and more") == "three"
    assert history.newer("three") == "two and more"


def test_each_filter_is_remembered_once_and_empty_ones_are_not() -> None:
    history = used("one", "two", " one ", "", "  ")
    assert history.older("") == "one"
    assert history.older("one") == "two"
    assert history.older("two") is None


def test_an_empty_history_has_no_older_filter() -> None:
    assert FilterHistory().older("") is None
    assert FilterHistory().newer("") is None


def test_the_history_is_limited() -> None:
    history = used(*(str(number) for number in range(100)))
    found, text = [], ""
    while (older := history.older(text)) is not None:
        found.append(older)
        text = older
    assert found[0] == "99"
    assert len(found) == 30
