"""What is selected is known by its number, whatever becomes of the list."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from spacebeam.ui.timeline.selection import EntrySelection
from spacebeam.ui.timeline.timeline_model import TimelineModel
from tests.ui.timeline.lists import recorded


class Chosen:
    """A choice in a list of ten, and what it told."""

    def __init__(self) -> None:
        self.recording = recorded(10)
        self.model = TimelineModel()
        self.told: list[int] = []
        self.selection = EntrySelection(self.model, self.told.append)
        self.show("")

    def show(self, text: str) -> None:
        matcher = Matcher(parse(text), self.recording.began)
        view = FilteredView(self.recording, matcher)
        view.advance()
        with self.selection.preserved():
            self.model.show(self.recording, view, len(view))
        if self.selection.pending >= 0:
            at = self.model.position_from(self.selection.pending)
            self.selection.settle(min(at, self.model.get_n_items() - 1))


def test_a_selected_row_is_told_by_its_number() -> None:
    chosen = Chosen()
    chosen.selection.selection.set_selected(3)
    chosen.show("odd")
    chosen.selection.selection.set_selected(3)
    assert chosen.told == [3, 7]
    assert chosen.selection.number == 7


def test_it_is_kept_in_another_list_and_told_once() -> None:
    chosen = Chosen()
    chosen.selection.selection.set_selected(5)
    for text, position in (("odd", 2), ("5", 0), ("", 5)):
        chosen.show(text)
        assert chosen.selection.selection.get_selected() == position
    assert chosen.told == [5]


def test_what_is_hidden_is_selected_again_when_it_is_not() -> None:
    chosen = Chosen()
    chosen.selection.selection.set_selected(5)
    for text in ("even", "nowhere", ""):
        chosen.show(text)
    assert chosen.told == [5, -1, 5]


def test_what_was_cleared_is_not() -> None:
    chosen = Chosen()
    chosen.selection.selection.set_selected(5)
    chosen.show("even")
    chosen.selection.clear()
    chosen.show("")
    assert chosen.told == [5, -1]
    assert chosen.selection.selection.get_selected() == Gtk.INVALID_LIST_POSITION


def test_what_is_sought_may_be_the_next_one() -> None:
    chosen = Chosen()
    chosen.show("even")
    chosen.selection.select_later(5)
    chosen.selection.settle(chosen.model.position_from(5))
    assert chosen.told == [6]
    chosen.show("")
    assert chosen.told == [6]


def test_the_person_selects_another_than_what_is_sought() -> None:
    chosen = Chosen()
    chosen.selection.select_later(5)
    chosen.selection.selection.set_selected(1)
    assert chosen.selection.pending == -1
    assert chosen.told == [1]


def test_rows_that_go_before_it_change_nothing() -> None:
    chosen = Chosen()
    chosen.selection.selection.set_selected(5)
    chosen.model.drop(4)
    assert chosen.selection.selection.get_selected() == 1
    assert chosen.told == [5]
    chosen.model.drop(6)
    assert chosen.told == [5, -1]


def test_nothing_is_there_to_be_selected() -> None:
    chosen = Chosen()
    chosen.recording = Recording()
    chosen.show("")
    chosen.selection.select_later(5)
    chosen.selection.settle(-1)
    assert chosen.told == []
