"""A tree is folded and unfolded in steps, each of which a list can follow."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.inspector.folding import Change, Folding
from tests.decode.test_json_tree import tree

DOCUMENT = b'{"a":[1,[2,3]],"b":{},"c":{"d":{"e":4}}}'
# Numbers:     0  1  2 3 4 5    6      7   8    9


class Rows:
    """A list that follows the changes of a folding."""

    def __init__(self, document: bytes = DOCUMENT) -> None:
        self.folding = Folding(tree(document))
        self.count = 0
        self.follow(self.folding.show_level(1))

    def follow(self, changes: Iterable[Change]) -> None:
        for change in changes:
            assert 0 <= change.position <= change.position + change.removed <= self.count
            self.count += change.added - change.removed
            assert self.count == len(self.folding)

    @property
    def numbers(self) -> list[int]:
        return [self.folding.number(position) for position in range(self.count)]


def test_a_level_is_shown() -> None:
    rows = Rows()
    assert rows.numbers == [0, 1, 6, 7]
    rows.follow(rows.folding.show_level(2))
    assert rows.numbers == [0, 1, 2, 3, 6, 7, 8]
    rows.follow(rows.folding.show_level(0))
    assert rows.numbers == [0]


def test_a_value_is_unfolded_and_folded() -> None:
    rows = Rows()
    assert not rows.folding.is_unfolded(1)
    rows.follow(rows.folding.unfold(1))
    assert rows.numbers == [0, 1, 2, 3, 6, 7]
    assert rows.folding.is_unfolded(1)
    rows.follow(rows.folding.unfold(1))
    assert rows.numbers == [0, 1, 2, 3, 6, 7]
    rows.follow([rows.folding.fold(1)])
    assert rows.numbers == [0, 1, 6, 7]
    rows.follow(rows.folding.unfold_all(1))
    assert rows.numbers == [0, 1, 2, 3, 4, 5, 6, 7]
    rows.follow([rows.folding.fold(0)])
    assert rows.numbers == [0]


def test_an_empty_object_cannot_be_unfolded() -> None:
    rows = Rows()
    assert [rows.folding.can_unfold(position) for position in range(4)] == [True, True, False, True]
    assert not rows.folding.is_unfolded(2)


def test_a_value_is_revealed() -> None:
    rows = Rows()
    rows.follow([rows.folding.fold(0)])
    assert rows.folding.position(9) == -1
    rows.follow(rows.folding.reveal(9))
    assert rows.numbers == [0, 1, 6, 7, 8, 9]
    assert rows.folding.position(9) == 5


def test_as_much_is_shown_as_fits() -> None:
    folding = Rows().folding
    assert [folding.level_for(limit) for limit in (1, 4, 6, 7, 10)] == [1, 1, 1, 2, 32]


def test_long_lists_are_unfolded_in_steps() -> None:
    rows = Rows(b"[" + b"1," * 2000 + b"1]")
    rows.follow([rows.folding.fold(0)])
    changes = list(rows.folding.unfold(0))
    assert len(changes) > 1
    assert len(rows.folding) == 2002


@given(st.lists(st.tuples(st.sampled_from(["fold", "unfold", "all"]), st.integers(0, 9))))
def test_rows_stay_in_order(steps: list[tuple[str, int]]) -> None:
    rows = Rows()
    for step, position in steps:
        place = position % len(rows.folding)
        match step:
            case "fold":
                rows.follow([rows.folding.fold(place)])
            case "unfold":
                rows.follow(rows.folding.unfold(place))
            case _:
                rows.follow(rows.folding.unfold_all(place))
        numbers = rows.numbers
        assert numbers == sorted(set(numbers))
        assert all(rows.folding.tree.parent(number) in (-1, *numbers) for number in numbers)
