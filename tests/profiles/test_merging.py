"""What two programs changed in the same file is merged, or is a conflict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spacebeam.profiles.collection import Environment, SavedConnection, SavedMessage, Variable
from spacebeam.profiles.merging import merged
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod, with_values

WAS = SavedConnection("Feed", "ws://a.test/", variables=(Variable("a", "1"), Variable("b", "2")))


def headers(*pairs: tuple[str, str]) -> Profile:
    return with_values(Profile(), {"request.headers": pairs})


def test_different_fields_are_merged() -> None:
    mine = replace(WAS, address="ws://mine.test/", messages=(SavedMessage("m", "x"),))
    theirs = replace(WAS, name="Theirs", profile=headers(("X-Theirs", "1")))
    assert merged(WAS, mine, theirs) == replace(
        theirs, address="ws://mine.test/", messages=(SavedMessage("m", "x"),)
    )


def test_what_both_changed_alike_is_no_conflict() -> None:
    both = replace(WAS, address="ws://b.test/")
    assert merged(WAS, both, both) == both


def test_options_are_merged_field_by_field_and_headers_by_name() -> None:
    was = replace(WAS, profile=headers(("X-A", "1"), ("X-B", "1")))
    mine = with_values(headers(("X-A", "2"), ("X-B", "1"), ("X-Mine", "1")), {"pings.interval": 9})
    theirs = headers(("X-Theirs", "1"), ("X-A", "1"))
    found = merged(was, replace(was, profile=mine), replace(was, profile=theirs))
    assert found is not None
    assert found.profile.request.headers == (("X-Theirs", "1"), ("X-A", "2"), ("X-Mine", "1"))
    assert found.profile.pings.interval == 9


def test_variables_are_merged_by_name() -> None:
    was = Environment("Live", (Variable("a", "1"), Variable("b", "2")))
    mine = replace(was, variables=(Variable("a", "mine"), Variable("new", "3")))
    theirs = replace(was, variables=(*was.variables, Variable("theirs", "4")))
    assert merged(was, mine, theirs) == replace(
        was, variables=(Variable("a", "mine"), Variable("theirs", "4"), Variable("new", "3"))
    )


SIGNED_IN = Profile(sign_in=SignIn(SignInMethod.PASSWORD, "anna"))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (replace(WAS, address="ws://b.test/"), replace(WAS, address="ws://c.test/")),
        (replace(WAS, variables=WAS.variables[:1]), replace(WAS, variables=(Variable("b", "3"),))),
        (
            replace(WAS, variables=(Variable("c", "1"),)),
            replace(WAS, variables=(Variable("c", "2"),)),
        ),
        (
            replace(WAS, profile=SIGNED_IN),
            replace(WAS, profile=Profile(sign_in=SignIn(SignInMethod.BEARER))),
        ),
        (
            replace(WAS, profile=headers(("X-A", "1"), ("X-A", "2"))),
            replace(WAS, profile=headers(("X-B", "1"))),
        ),
        (replace(WAS, tags=("a",)), replace(WAS, tags=("b",))),
    ],
)
def test_what_both_changed_otherwise_is_a_conflict(
    mine: SavedConnection, theirs: SavedConnection
) -> None:
    assert merged(WAS, mine, theirs) is None
    assert merged(WAS, theirs, mine) is None
