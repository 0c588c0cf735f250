"""A name and a value, what is wrong with them, and whether they are written down."""

from __future__ import annotations

from spacebeam.profiles.validation import NOT_KEPT
from spacebeam.ui.options.pair_row import PairRow
from tests.ui.doing import Heard, button, click, shown, words

KEPT = "The value is kept until Spacebeam is closed."


async def test_what_is_typed_is_the_pair() -> None:
    row = PairRow("headers")
    changes = Heard(row, "changed")
    assert row.is_empty
    row._name_entry.set_text("X-<b>")
    row._value_entry.set_text(" a & b ")
    assert row.pair == ("X-<b>", " a & b ")
    assert not row.is_empty
    assert len(changes) == 2


async def test_a_value_that_was_not_kept_is_missing_until_something_is_typed() -> None:
    row = PairRow("headers", ("Authorization", None))
    row._name_entry.set_text("Authorisation")
    assert row.pair[1] is None
    row._value_entry.set_text("x")
    row._value_entry.set_text("")
    assert row.pair == ("Authorisation", "")


async def test_the_row_says_that_a_secret_is_not_written_down() -> None:
    row = PairRow("headers", ("X-Client", "mine"))
    async with shown(row):
        assert KEPT not in words(row)
        row._name_entry.set_text("X-API-Key")
        assert KEPT in words(row)
        row._value_entry.set_text("")
        assert KEPT not in words(row)
    cookie = PairRow("cookies", ("any", "x"))
    async with shown(cookie):
        assert KEPT in words(cookie)


async def test_what_is_wrong_is_said_and_marked_until_it_is_right() -> None:
    row = PairRow("headers", ("Authorization", None))
    async with shown(row, 340, 200):
        row.mark(NOT_KEPT)
        assert NOT_KEPT in words(row)
        assert row._value_entry.has_css_class("error")
        row.mark("")
        assert NOT_KEPT not in words(row)
        assert not row._value_entry.has_css_class("error")


async def test_the_row_asks_to_be_taken_away() -> None:
    row = PairRow("headers")
    asked = Heard(row, "remove-requested")
    async with shown(row):
        click(button(row, "Remove"))
    assert asked
