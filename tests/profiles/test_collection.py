"""What folders say for all in them."""

from __future__ import annotations

from spacebeam.profiles.collection import (
    Collection,
    Folder,
    SavedConnection,
    SavedMessage,
    Variable,
    by_name,
    inherited,
)
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod

OUTER = Folder(
    "Trading",
    Profile(
        RequestSettings(headers=(("X-Team", "a"), ("X-Trace", "1"))),
        SignIn(SignInMethod.BEARER, token="outer"),
    ),
    (Variable("host", "outer"), Variable("port", "1")),
    (SavedMessage("Ping", "ping"),),
)
INNER = Folder(
    "Test", Profile(RequestSettings(headers=(("x-team", "b"),))), (Variable("host", "inner"),)
)


def test_the_inner_folder_and_the_connection_win() -> None:
    own = SavedConnection(
        "Feed",
        "{{host}}",
        Profile(RequestSettings(headers=(("X-Own", "1"),))),
        variables=(Variable("port", "2"),),
    )
    found = inherited(own, (OUTER, INNER))
    assert found.profile.request.headers == (("X-Trace", "1"), ("x-team", "b"), ("X-Own", "1"))
    assert found.profile.sign_in.token == "outer"
    variables = by_name(found.variables)
    assert (variables["host"].value, variables["port"].value) == ("inner", "2")
    assert found.messages == OUTER.messages


def test_a_connection_may_have_no_sign_in_where_its_folder_has_one() -> None:
    own = SavedConnection("Feed", "localhost", inherits_sign_in=False)
    assert inherited(own, (OUTER,)).profile.sign_in == SignIn()


def test_a_disabled_variable_does_not_overrule_an_enabled_one() -> None:
    assert by_name((Variable("a", "1"),), (Variable("a", "2", enabled=False),))["a"].value == "1"


def test_all_connections_are_walked_with_their_folders() -> None:
    feed = SavedConnection("Feed", "localhost")
    outer = Folder("Trading", folders=(Folder("Test", connections=(feed,)),), connections=(feed,))
    assert list(Collection(outer).folder.walk()) == [((), feed), (("Test",), feed)]
