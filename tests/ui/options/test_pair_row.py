"""A row with a name and a value: what is typed, its error, and whether it is a secret."""

from __future__ import annotations

from spacebeam.ui.options.pair_row import PairRow
from tests.ui.doing import Heard, button, click, shown, words

SECRET = "Secret: not saved to disk"
ERROR = "Control characters are not allowed."


async def test_what_is_typed_is_the_pair() -> None:
    row = PairRow("request.headers")
    changes = Heard(row, "changed")
    assert row.is_empty
    row._name_entry.set_text("X-<b>")
    row._value_entry.set_text(" a & b ")
    assert row.pair == ("X-<b>", " a & b ")
    assert not row.is_empty
    assert len(changes) == 2


async def test_a_secret_that_was_not_saved_is_missing_until_it_is_typed() -> None:
    row = PairRow("request.headers", ("Authorization", None))
    row._name_entry.set_text("Authorisation")
    assert row.pair[1] is None
    row._value_entry.set_text("x")
    row._value_entry.set_text("")
    assert row.pair == ("Authorisation", "")


async def test_the_row_shows_that_a_secret_is_not_saved() -> None:
    row = PairRow("request.headers", ("X-Client", "mine"))
    async with shown(row):
        assert SECRET not in words(row)
        row._name_entry.set_text("X-API-Key")
        assert SECRET in words(row)
        row._value_entry.set_text("")
        assert SECRET not in words(row)
    cookie = PairRow("request.cookies", ("any", "x"))
    async with shown(cookie):
        assert SECRET in words(cookie)


async def test_an_error_is_shown_until_it_is_mended() -> None:
    row = PairRow("request.headers", ("Authorization", None))
    async with shown(row, 340, 200):
        row.show_error(ERROR)
        assert ERROR in words(row)
        assert row._value_entry.has_css_class("error")
        row.show_error("")
        assert ERROR not in words(row)
        assert not row._value_entry.has_css_class("error")


async def test_the_remove_button_asks_for_the_rows_removal() -> None:
    row = PairRow("request.headers")
    asked = Heard(row, "remove-requested")
    async with shown(row):
        click(button(row, "Remove"))
    assert asked
