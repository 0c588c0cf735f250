"""A form says what the person changed, and keeps still about what the program did."""

from __future__ import annotations

from spacebeam.ui.options.authentication_page import AuthenticationPage

from spacebeam.profiles.profile import Profile, SignIn
from spacebeam.profiles.validation import ValidationError
from spacebeam.ui.options.request_page import RequestPage


async def test_showing_is_no_change_by_the_person() -> None:
    changes: list[int] = []
    page = AuthenticationPage()
    page.form.on_changed = lambda: changes.append(1)
    page.form.show(Profile(sign_in=SignIn(user="ada", token="t")))
    assert not changes
    page._user.set_text("grace")
    assert changes


async def test_a_secret_that_was_not_kept_stays_missing_until_something_is_typed() -> None:
    page = AuthenticationPage()
    page.form.show(Profile(sign_in=SignIn(token=None)))
    page._user.set_text("ada")
    assert page.form.read(Profile()).token is None
    page._token.set_text("t")
    assert page.form.read(Profile()).token == "t"


async def test_names_have_commas_between_them() -> None:
    page = RequestPage()
    page._subprotocols.set_text(" a,b c,, d ,")
    assert page.form.read(Profile()).subprotocols == ("a", "b c", "d")


async def test_a_form_knows_which_mistakes_are_its_own() -> None:
    page = RequestPage()
    assert not page.form.focus(ValidationError("token", "It is missing."))
    assert page.form.focus(ValidationError("subprotocols", "Each can be offered once."))
