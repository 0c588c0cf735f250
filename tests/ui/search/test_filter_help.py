"""The filter examples: each is valid, and a click emits it."""

from __future__ import annotations

import pytest

from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_help import EXAMPLES, FilterHelp
from tests.ui.doing import Heard
from tests.ui.pageobjects.search import FilterHelpPage


@pytest.mark.parametrize("term", [term for term, _meaning in EXAMPLES])
def test_an_example_is_one_valid_term(term: str) -> None:
    filtered = parse(term)
    assert len(filtered.terms) == 1
    assert not filtered.errors


def test_a_click_on_an_example_emits_it() -> None:
    page = FilterHelpPage(FilterHelp())
    chosen = Heard(page.widget, "example-chosen")
    for position in range(len(EXAMPLES)):
        page.click_example(position)
    assert chosen == [term for term, _meaning in EXAMPLES]
