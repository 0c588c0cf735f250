"""A form reports changes by the person, and not those by the program."""

from __future__ import annotations

from spacebeam.profiles.profile import Profile, SignIn
from spacebeam.profiles.validation import Problem, ValidationError
from spacebeam.ui.options.request_page import RequestPage
from spacebeam.ui.options.sign_in_page import SignInPage
from tests.ui.pageobjects.options import TITLES, SectionPage


async def test_showing_a_profile_is_no_change() -> None:
    changes: list[int] = []
    page = SignInPage()
    page.form.on_changed = lambda: changes.append(1)
    page.form.show(Profile(sign_in=SignIn(user="ada", token="t")))
    assert not changes
    SectionPage(page).type_in("User", "grace")
    assert changes


async def test_an_unsaved_secret_is_missing_until_it_is_typed() -> None:
    page = SignInPage()
    page.form.show(Profile(sign_in=SignIn(token=None)))
    SectionPage(page).type_in("User", "ada")
    assert page.form.read(Profile()).sign_in.token is None
    SectionPage(page).type_in("Token", "t")
    assert page.form.read(Profile()).sign_in.token == "t"


async def test_names_are_separated_by_commas() -> None:
    page = RequestPage()
    SectionPage(page).type_in(TITLES["request.subprotocols"][1], " a,b c,, d ,")
    assert page.form.read(Profile()).request.subprotocols == ("a", "b c", "d")


async def test_a_form_focuses_only_its_own_errors() -> None:
    page = RequestPage()
    assert not page.form.focus(ValidationError("sign_in.token", Problem.MISSING))
    assert page.form.focus(ValidationError("request.subprotocols", Problem.DUPLICATE))
