"""The arrow keys bring back what was used."""

from __future__ import annotations

from spacebeam.ui.search.filter_entry import FilterHistory


def used(*texts: str) -> FilterHistory:
    history = FilterHistory()
    for text in texts:
        history.remember(text)
    return history


def test_down_goes_back_in_time_and_up_returns_to_what_was_typed() -> None:
    history = used("one", "two")
    assert history.older("typed") == "two"
    assert history.older("two") == "one"
    assert history.older("one") is None
    assert history.newer("one") == "two"
    assert history.newer("two") == "typed"
    assert history.newer("typed") is None


def test_what_stands_there_already_is_passed_over() -> None:
    assert used("one", "two").older("two") == "one"


def test_typing_starts_again_from_the_newest() -> None:
    history = used("one", "two", "three")
    assert history.older("") == "three"
    assert history.older("three") == "two"
    assert history.older("two and more") == "three"
    assert history.newer("three") == "two and more"


def test_each_filter_is_kept_once_and_nothing_is_not_kept() -> None:
    history = used("one", "two", " one ", "", "  ")
    assert history.older("") == "one"
    assert history.older("one") == "two"
    assert history.older("two") is None


def test_without_a_past_there_is_nothing() -> None:
    assert FilterHistory().older("") is None
    assert FilterHistory().newer("") is None


def test_only_so_many_are_kept() -> None:
    history = used(*(str(number) for number in range(100)))
    found, text = [], ""
    while (older := history.older(text)) is not None:
        found.append(older)
        text = older
    assert found[0] == "99"
    assert len(found) == 30
