"""OAuth 2 from the terminal, with a real authorization server."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spacebeam.cli.options.oauth import oauth_of
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import SavedConnection, Variable
from spacebeam.profiles.profile import (
    ClientAuthentication,
    OAuthGrant,
    OAuthSettings,
    Profile,
    SignIn,
    SignInMethod,
    TokenPlace,
)
from tests.cli.program import command, read_until, spacebeam, started
from tests.cli.test_connections import folder
from tests.support.authorization import (
    CLIENT_SECRET,
    AuthorizationServer,
    authorization_server,
    sign_in,
)
from tests.support.keyrings import Bus

__all__ = ["folder"]  # a fixture

ISSUER = ("--oauth2-issuer", "https://a.test", "--oauth2-client-id", "c")


@pytest.fixture(scope="module")
def server() -> Iterator[AuthorizationServer]:
    with authorization_server() as server:
        yield server


def client(server: AuthorizationServer, secret: str = CLIENT_SECRET) -> list[str]:
    return [
        *("--oauth2-token-url", f"{server.issuer}/token"),
        *("--oauth2-client-id", "service", "--oauth2-client-secret", secret),
    ]


def printed(child: subprocess.Popen[bytes], pattern: str) -> str:
    """Wait for a text on standard error; return its group."""
    assert child.stderr is not None
    text = ""
    while not (match := re.search(pattern, text)):
        text += read_until(child.stderr.fileno(), b"\n").decode()
    return match[1]


def test_a_client_connects_with_its_own_credentials(server: AuthorizationServer) -> None:
    done = spacebeam("connect", server.feed, *client(server), "--expect", "1", stdin=b"")
    assert (done.returncode, done.stdout) == (0, b"hello service\n")


def test_an_option_changes_one_field_of_the_saved_sign_in(
    server: AuthorizationServer, folder: OpenFolder
) -> None:
    settings = OAuthSettings(
        OAuthGrant.CLIENT, token_url=f"{server.issuer}/token", client_id="service", extra="a=1&b=2"
    )
    key = SignIn(SignInMethod.KEY_IN_QUERY, key_name="mine", key_value="{{mine}}")
    profile = Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=settings, other_sign_ins=(key,))
    mine = (Variable("mine", "k"),)
    folder.create_connection("", SavedConnection("Feed", server.feed, profile, variables=mine))
    secret = ("--oauth2-client-secret", CLIENT_SECRET)
    done = spacebeam("connect", "Feed", *secret, "--expect", "1", "-v", stdin=b"")
    assert (done.returncode, b"hello service" in done.stdout) == (0, True), done.stderr
    assert b"mine=" in done.stdout + done.stderr


def test_options_replace_saved_fields_and_parameters_by_name() -> None:
    saved = OAuthSettings(OAuthGrant.CLIENT, token_url="http://a.test/", extra="a=1&b=2", scope="x")
    options = {"param": (("b", "3"), ("c", "4")), "query": "t", "scope": None, "resource": "r"}
    assert oauth_of(_given(saved, {"scope": "basic"})) == replace(saved, scope="basic")
    assert oauth_of(_given(saved, options)) == replace(
        saved, extra="a=1&b=3&c=4", resource="r", place=TokenPlace.QUERY, parameter="t"
    )
    by_post = replace(saved, authentication=ClientAuthentication.POST)
    assert oauth_of(_given(saved, {"client_auth": "post"})) == by_post


def test_another_server_replaces_the_saved_sign_in() -> None:
    saved = OAuthSettings(OAuthGrant.CLIENT, token_url="http://a.test/", extra="password=CANARY")
    found = oauth_of(_given(saved, {"token_url": "http://b.test/", "client_id": "b"}))
    assert (found.token_url, found.client_id, found.extra) == ("http://b.test/", "b", "")


def _given(saved: OAuthSettings, options: Mapping[str, object]) -> dict[str, Any]:
    """Return the options of a command line beside a saved connection with these settings."""
    names = "issuer grant authorization_url token_url device_url client_id client_secret scope "
    names += "audience resource redirect query"
    values = {**dict.fromkeys(names.split()), "client_auth": "basic", "param": (), **options}
    profile = Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=saved)
    target = SimpleNamespace(profile=profile)
    return {"target": target} | {f"oauth2_{name}": value for name, value in values.items()}


def test_the_log_has_neither_secret_nor_token(server: AuthorizationServer, tmp_path: Path) -> None:
    recording = tmp_path / "a.beam"
    done = subprocess.run(
        command("--debug", "record", server.feed, str(recording), *client(server), "--count", "1"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = (done.stdout + done.stderr).decode()
    assert "/token" in shown
    files = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    for text in (shown.encode(), files):
        assert not re.search(rb"Bearer [\w-]{16,}", text)
        for part in (CLIENT_SECRET, "s3cret", "c2VydmljZTpz"):
            assert part.encode() not in text


def test_a_refusal_has_the_words_of_the_server(server: AuthorizationServer) -> None:
    failed = spacebeam("connect", server.feed, *client(server, "wr0ng"), "--expect", "1")
    assert failed.returncode == 1
    assert b"invalid_client" in failed.stderr
    assert b"wr0ng" not in failed.stderr


def test_a_device_code_is_printed_and_entered_elsewhere(server: AuthorizationServer) -> None:
    words = ["--oauth2-issuer", server.issuer, "--oauth2-client-id", "television"]
    words += ["--oauth2-grant", "device", "--oauth2-scope", "openid"]
    arguments = ["connect", server.feed, *words, "--expect", "1"]
    with started(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        code = printed(child, r"/device\n  ([A-Z-]+)\n")
        sign_in(f"{server.issuer}/device?user_code={code}")
        assert child.stdout.readline() == b"hello television\n"
        assert child.wait(20) == 0


def test_the_sign_in_page_is_printed_and_comes_back(server: AuthorizationServer) -> None:
    words = ["--oauth2-issuer", server.issuer, "--oauth2-client-id", "desktop"]
    arguments = ["probe", server.feed, *words, "--oauth2-scope", "openid"]
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    with started(*arguments, stdout=subprocess.PIPE, env=environment) as child:
        page = sign_in(printed(child, r"  (http://\S+)\n"))[1]
        assert "You can return to Spacebeam." in page
        assert child.wait(20) == 0


def test_a_refresh_token_that_the_server_rotates_is_saved_for_the_next_run(
    server: AuthorizationServer, keyring_bus: Bus
) -> None:
    oauth = OAuthSettings(issuer=server.issuer, client_id="desktop", scope="openid")
    profile = Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=oauth, save_secrets=True)
    folder = OpenFolder(keyring_bus.home / "data/spacebeam/connections", may_be_missing=True)
    folder.create_connection("", SavedConnection("Feed", server.feed, profile))
    arguments = ["connect", "Feed", "--expect", "1"]
    with started(*arguments, stdout=subprocess.PIPE, env=keyring_bus.environment) as child:
        sign_in(printed(child, r"  (http://\S+)\n"))
        assert child.wait(20) == 0
    granted = server.granted
    for run in (1, 2, 3):  # a token that is used twice would be refused
        done = subprocess.run(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            env=keyring_bus.environment,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, b"hello desktop\n"), done.stderr
        assert server.granted == granted + run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--oauth2-client-id", "c"), "it needs --oauth2-issuer or --oauth2-token-url"),
        (("--oauth2-issuer", "auth.test", "--oauth2-client-id", "c"), "Enter an address as"),
        (("--oauth2-issuer", "https://a.test"), "'--oauth2-client-id': A value is required."),
        (
            ("--oauth2-token-url", "https://a.test", "--oauth2-client-id", "c"),
            "'--oauth2-authorization-url': Give it, or --oauth2-issuer.",
        ),
        (
            (*ISSUER, "--oauth2-redirect", "https://a.test/"),
            "Enter an address as http://127.0.0.1:8765/callback.",
        ),
        (
            (*ISSUER, "-H", "Authorization: x"),
            "OAuth sends this header.",
        ),
    ],
)
def test_a_wrong_option_is_refused_by_its_name(words: tuple[str, ...], message: str) -> None:
    failed = spacebeam("connect", "ws://h/", *words)
    assert failed.returncode == 2
    assert message in failed.stderr.decode()
