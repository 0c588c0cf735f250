"""Every example is right, and a click writes it."""

from __future__ import annotations

import pytest

from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_help import EXAMPLES, FilterHelp
from tests.ui.doing import Heard


@pytest.mark.parametrize("term", [term for term, _meaning in EXAMPLES])
def test_an_example_is_one_term_without_a_mistake(term: str) -> None:
    filtered = parse(term)
    assert len(filtered.terms) == 1
    assert not filtered.errors


def test_a_click_on_an_example_asks_for_it() -> None:
    popover = FilterHelp()
    chosen = Heard(popover, "example-chosen")
    for place in range(len(EXAMPLES)):
        row = popover._list_box.get_row_at_index(place)
        assert row is not None
        popover._list_box.emit("row-activated", row)
    assert chosen == [term for term, _meaning in EXAMPLES]
