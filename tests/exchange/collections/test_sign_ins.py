"""How a connection signs in comes from other programs, and what others do not have is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.profiles.collection import SavedConnection
from spacebeam.profiles.profile import (
    AwsSettings,
    ClientAuthentication,
    OAuthGrant,
    OAuthSettings,
    Profile,
    SignIn,
    SignInMethod,
    TokenPlace,
)
from tests.exchange.collections.exporting import collection_with, exported
from tests.exchange.collections.making import imported, losses, only

BRUNO = {"bruno.json": {"name": "x"}}


def bru(auth: str, **values: str) -> str:
    block = "".join(f"  {name}: {value}\n" for name, value in values.items())
    return f"ws {{\n  url: ws://h/\n  auth: {auth}\n}}\n\nauth:{auth} {{\n{block}}}\n"


def postman(kind: str, **values: str) -> dict[str, object]:
    auth = {"type": kind, kind: [{"key": key, "value": value} for key, value in values.items()]}
    item = {"request": {"url": "ws://h/", "auth": auth}}
    return {"info": {"_postman_id": "1"}, "item": [item]}


def test_oauth_2_comes_from_postman(tmp_path: Path) -> None:
    document = postman(
        "oauth2",
        grant_type="client_credentials",
        accessTokenUrl="https://t",
        clientId="id",
        clientSecret="hunter2",
        scope="a b",
        client_authentication="body",
        addTokenTo="queryParams",
    )
    profile = only(imported(tmp_path, {"x": document}, "x")).profile
    assert profile.sign_in.method is SignInMethod.OAUTH
    assert profile.oauth == OAuthSettings(
        OAuthGrant.CLIENT,
        token_url="https://t",
        client_id="id",
        client_secret="hunter2",
        authentication=ClientAuthentication.POST,
        scope="a b",
        place=TokenPlace.QUERY,
    )


def test_oauth_2_comes_from_bruno(tmp_path: Path) -> None:
    text = bru(
        "oauth2",
        grant_type="authorization_code",
        authorization_url="https://a",
        access_token_url="https://t",
        client_id="{{id}}",
        credentials_placement="basic_auth_header",
    )
    profile = only(imported(tmp_path, BRUNO | {"a.bru": text})).profile
    assert profile.oauth == OAuthSettings(
        OAuthGrant.CODE, authorization_url="https://a", token_url="https://t", client_id="{{id}}"
    )


def test_the_signature_of_aws_comes_from_bruno(tmp_path: Path) -> None:
    text = bru("awsv4", accessKeyId="id", secretAccessKey="{{key}}", region="eu", service="s")
    profile = only(imported(tmp_path, BRUNO | {"a.bru": text})).profile
    assert profile.sign_in.method is SignInMethod.AWS
    assert profile.aws == AwsSettings("id", "{{key}}", region="eu", service="s")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (postman("oauth2", grant_type="implicit"), "oauth2"),
        (postman("ntlm", username="u"), "ntlm"),
        (postman("hawk"), "hawk"),
    ],
)
def test_another_sign_in_is_listed(tmp_path: Path, document: object, name: str) -> None:
    found = imported(tmp_path, {"x": document}, "x")
    assert only(found).profile == Profile()
    assert losses(found) == {"sign-ins": 1}
    assert list(next(iter(found.losses.names.values()))) == [name]


@pytest.mark.parametrize("name", ["postman", "insomnia", "http", "k6", "curl", "opencollection"])
def test_a_sign_in_that_the_other_program_is_not_told_is_listed(tmp_path: Path, name: str) -> None:
    oauth = OAuthSettings(OAuthGrant.CLIENT, token_url="https://t", client_id="id")
    profile = Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=oauth)
    one = SavedConnection("a", "ws://h/", profile)
    found = exported(collection_with(one), name, tmp_path / "out")
    if name == "opencollection":  # it is in the extension
        assert not found
    else:
        assert dict(found) == {"sign-ins": 1}
