"""The selection keeps its entry by number when the list changes."""

from __future__ import annotations

from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from spacebeam.ui.timeline.selection import EntrySelection
from spacebeam.ui.timeline.timeline_model import TimelineModel
from tests.ui.timeline.lists import counted, recorded


class Selecting:
    """The selection of a list of ten entries, and the numbers that it emitted."""

    def __init__(self) -> None:
        self.recording = recorded(10)
        self.model = TimelineModel()
        self.told: list[int] = []
        self.several: list[int] = []
        self.selection = EntrySelection(self.model, self.told.append, self.several.append)
        self.show("")

    def show(self, text: str) -> None:
        matcher = Matcher(parse(text))
        view = FilteredView(self.recording, matcher)
        view.advance()
        with self.selection.preserved():
            self.model.show(self.recording, view, len(view))
        if self.selection.pending >= 0:
            at = self.model.position_from(self.selection.pending)
            self.selection.settle(min(at, self.model.get_n_items() - 1))


def test_the_number_of_a_selected_row_is_emitted() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(3)
    chosen.show("odd")
    chosen.selection.rows.select(3)
    assert chosen.told == [3, 7]
    assert chosen.selection.number == 7


def test_the_selection_stays_in_another_list_and_is_emitted_once() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(5)
    for text, position in (("odd", 2), ("5", 0), ("", 5)):
        chosen.show(text)
        assert chosen.selection.rows.positions() == [(position, position + 1)]
    assert chosen.told == [5]


def test_a_hidden_entry_is_selected_again_when_it_is_shown() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(5)
    for text in ("even", "nowhere", ""):
        chosen.show(text)
    assert chosen.told == [5, -1, 5]


def test_a_cleared_selection_does_not_return() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(5)
    chosen.show("even")
    chosen.selection.clear()
    chosen.show("")
    assert chosen.told == [5, -1]
    assert chosen.selection.rows.positions() == []


def test_the_next_shown_entry_is_selected_for_a_hidden_one() -> None:
    chosen = Selecting()
    chosen.show("even")
    chosen.selection.select_later(5)
    chosen.selection.settle(chosen.model.position_from(5))
    assert chosen.told == [6]
    chosen.show("")
    assert chosen.told == [6]


def test_a_click_cancels_a_pending_selection() -> None:
    chosen = Selecting()
    chosen.selection.select_later(5)
    chosen.selection.rows.select(1)
    assert chosen.selection.pending == -1
    assert chosen.told == [1]


def test_discarded_rows_before_the_selection_do_not_change_it() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(5)
    chosen.model.drop(4)
    assert chosen.selection.rows.positions() == [(1, 2)]
    assert chosen.told == [5]
    chosen.model.drop(6)
    assert chosen.told == [5, -1]


def test_an_empty_list_selects_nothing() -> None:
    chosen = Selecting()
    chosen.recording = Recording()
    chosen.show("")
    chosen.selection.select_later(5)
    chosen.selection.settle(-1)
    assert chosen.told == []


def test_a_range_of_rows_is_selected_and_counted() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(2)
    chosen.selection.rows.select_range(2, 4, True)
    chosen.selection.rows.select_item(8, False)
    assert chosen.selection.rows.positions() == [(2, 6), (8, 9)]
    assert chosen.told == [2, -1]
    assert chosen.several == [4, 5]
    chosen.selection.rows.unselect_item(4)
    assert chosen.selection.several == 4


def test_the_last_of_several_is_shown_again() -> None:
    chosen = Selecting()
    chosen.selection.rows.select_range(0, 2, True)
    chosen.selection.rows.unselect_item(0)
    assert chosen.told == [1]
    assert chosen.several == [2, 0]


def test_all_that_a_filter_shows_is_selected_and_nothing_else() -> None:
    chosen = Selecting()
    chosen.show("odd")
    chosen.selection.rows.select_all()
    assert chosen.several == [5]
    assert chosen.selection.rows.get_selection().get_size() == 5


def test_another_filter_leaves_the_entry_that_was_clicked() -> None:
    chosen = Selecting()
    chosen.selection.rows.select(5)
    chosen.selection.rows.select_range(3, 3, False)
    chosen.show("odd")
    assert chosen.told == [5, -1, 5]
    assert chosen.several == [3, 0]


def test_discarded_rows_are_no_longer_selected() -> None:
    chosen = Selecting()
    chosen.selection.rows.select_all()
    chosen.model.drop(4)
    assert chosen.selection.several == 6
    chosen.model.drop(9)
    assert chosen.told == [9]


def test_a_million_selected_rows_cost_no_more_than_one() -> None:
    chosen = Selecting()
    chosen.recording.append(counted(100_000))
    chosen.show("")
    chosen.selection.rows.select_all()
    assert chosen.selection.several == 100_010
    assert list(chosen.selection.rows.numbers) == [(0, 100_010)]
