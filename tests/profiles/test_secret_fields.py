"""The secrets of a profile by their fields: what is saved comes back where it was."""

from __future__ import annotations

import pytest

from spacebeam.profiles.profile import (
    OAuthSettings,
    Profile,
    RequestSettings,
    SignIn,
    SignInMethod,
    with_values,
)
from spacebeam.profiles.saved_profile import from_json, to_json, with_secrets
from spacebeam.profiles.secret_fields import (
    is_further_field,
    secrets_of,
    unknown_secrets,
    with_known,
    without_known,
)
from tests.profiles.examples import CHANGED, SECRET, WITH_SECRETS

# The person's own mistake in another field; validation asks to remove it.
COMPLETE = with_values(WITH_SECRETS, {"proxy.address": "http://proxy:3128"})


def read_back(profile: Profile) -> Profile:
    """Return the profile as another run reads it from the file."""
    return from_json(to_json(profile))


def test_every_secret_that_is_not_in_the_file_has_a_field() -> None:
    assert secrets_of(COMPLETE) == dict.fromkeys(
        (
            "request.headers/Authorization",
            "request.headers/X-API-Key",
            "request.query/access_token",
            "request.cookies/id",
            "sign_in.password",
            "sign_in.token",
            "sign_in.key_value",
            "aws.secret_key",
            "aws.session_token",
            "oauth.client_secret",
            "oauth.refresh_token",
            "protocol.auth",
            "tls.certificate_password",
            "proxy.password",
        ),
        SECRET,
    ) | {"request.headers/X-Other": f"Bearer {SECRET}"}
    assert unknown_secrets(read_back(COMPLETE)) == secrets_of(COMPLETE).keys()


def test_a_profile_without_secrets_has_no_fields() -> None:
    assert secrets_of(CHANGED) == {}
    assert unknown_secrets(CHANGED) == frozenset()


@pytest.mark.parametrize(
    "profile",
    [
        COMPLETE,
        Profile(RequestSettings(headers=(("Token", "a"), ("X", "1"), ("Token", "b")))),
        Profile(RequestSettings(query=(("token", "a"), ("token/2", "b"), ("token", "c")))),
        Profile(RequestSettings(subprotocols=("graphql-ws", "access_token", "hunter2"))),
        Profile(RequestSettings(cookies=(("", "nameless"), ("a", "1")))),
        Profile(oauth=OAuthSettings(extra="a=1&password=s3cret&client_assertion=x")),
    ],
)
def test_what_was_saved_comes_back_where_it_was(profile: Profile) -> None:
    read, secrets = read_back(profile), secrets_of(profile)
    assert unknown_secrets(read) == secrets.keys()
    assert with_known(read, secrets) == profile
    assert without_known(profile, secrets) == read
    assert with_secrets(read, with_values(profile, {"record": False})) == profile


def test_a_known_secret_is_not_replaced() -> None:
    typed = with_values(COMPLETE, {"sign_in.token": "typed", "request.cookies": (("id", "typed"),)})
    assert with_known(typed, secrets_of(COMPLETE)) == typed


def test_a_missing_one_stays_unknown() -> None:
    some = {"sign_in.token": SECRET}
    left = unknown_secrets(with_known(read_back(COMPLETE), some))
    assert left == secrets_of(COMPLETE).keys() - some.keys()


def test_a_token_of_other_subprotocols_is_not_used() -> None:
    saved = secrets_of(Profile(RequestSettings(subprotocols=("one", "access_token", "hunter2"))))
    other = read_back(Profile(RequestSettings(subprotocols=("two", "access_token", "hunter2"))))
    assert with_known(other, saved) == other


def test_secrets_among_other_parameters_are_not_used() -> None:
    saved = secrets_of(Profile(oauth=OAuthSettings(extra="a=1&password=s3cret")))
    other = read_back(Profile(oauth=OAuthSettings(extra="a=2&password=s3cret")))
    assert with_known(other, saved) == other


def test_secrets_of_further_sign_ins_have_fields_of_their_own() -> None:
    others = (
        SignIn(SignInMethod.KEY_IN_HEADER, key_value=SECRET),
        SignIn(SignInMethod.PASSWORD, "ada", password="{{password}}"),
    )
    profile = Profile(sign_in=SignIn(SignInMethod.BEARER, token=SECRET), other_sign_ins=others)
    found = secrets_of(profile)
    assert found == {"sign_in.token": SECRET, "sign_in.key_value[2]": SECRET}
    read = read_back(profile)
    assert SECRET not in str(to_json(profile))
    assert unknown_secrets(read) == found.keys()
    assert with_known(read, found) == profile
    assert without_known(profile, found) == read
    assert with_secrets(read, with_values(profile, {"record": False})) == profile
    assert [is_further_field(one) for one in (*found, "sign_in.token[1]", "sign_in.token[x]")] == [
        False,
        True,
        False,
        False,
    ]
