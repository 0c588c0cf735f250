"""A row with a name and a value: what is typed, its error, and whether it is a secret."""

from __future__ import annotations

from spacebeam.ui.options.pair_row import PairRow
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.options import REMOVE, PairPage

SECRET = "Secret: not saved to disk"
ERROR = "Control characters are not allowed."


async def test_the_typed_name_and_value_are_the_pair() -> None:
    row = PairRow("request.headers")
    page, changes = PairPage(row), Heard(row, "changed")
    assert row.is_empty
    page.type_name("X-<b>")
    page.type_value(" a & b ")
    assert row.pair == ("X-<b>", " a & b ")
    assert not row.is_empty
    assert len(changes) == 2


async def test_an_unsaved_secret_is_missing_until_it_is_typed() -> None:
    row = PairRow("request.headers", ("Authorization", None))
    page = PairPage(row)
    page.type_name("Authorisation")
    assert row.pair[1] is None
    page.type_value("x")
    page.type_value("")
    assert row.pair == ("Authorisation", "")


async def test_the_row_shows_that_a_secret_is_not_saved() -> None:
    async with shown(PairRow("request.headers", ("X-Client", "mine"))) as header:
        page = PairPage(header)
        assert not page.says(SECRET)
        page.type_name("X-API-Key")
        assert page.says(SECRET)
        page.type_value("")
        assert not page.says(SECRET)
    async with shown(PairRow("request.cookies", ("any", "x"))) as cookie:
        assert PairPage(cookie).says(SECRET)


async def test_an_error_is_shown_until_it_is_corrected() -> None:
    async with shown(PairRow("request.headers", ("Authorization", None)), 340, 200) as row:
        page = PairPage(row)
        row.show_error(ERROR)
        assert page.says(ERROR)
        assert page.is_marked
        row.show_error("")
        assert not page.says(ERROR)
        assert not page.is_marked


async def test_the_remove_button_emits_remove_requested() -> None:
    async with shown(PairRow("request.headers")) as row:
        asked = Heard(row, "remove-requested")
        PairPage(row).press(REMOVE)
        assert asked
