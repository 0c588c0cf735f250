"""`spacebeam secrets` with a real keyring and without one."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import (
    Environment,
    Folder,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from tests.cli.program import PATIENCE, Finished, command
from tests.support.keyrings import Bus, keyring_on
from tests.support.restartable_server import RestartableServer, restartable_server

ADDRESS = "wss://feed.test/v1"


def secrets(bus: Bus, *arguments: str, stdin: bytes = b"") -> Finished:
    """Run the command on a bus; return what it printed."""
    return subprocess.run(
        command("secrets", *arguments),
        input=stdin,
        capture_output=True,
        env=bus.environment,
        timeout=PATIENCE,
        check=False,
    )


def test_a_secret_is_set_listed_without_its_value_and_forgotten(keyring_bus: Bus) -> None:
    for name, field in (("Prices", "sign_in.token"), (ADDRESS, "request.headers/Authorization")):
        done = secrets(keyring_bus, "set", name, field, stdin=b"hunter2\n")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    listed = secrets(keyring_bus, "list")
    assert listed.stdout.decode() == (
        f"{ADDRESS}\trequest.headers/Authorization\nPrices\tsign_in.token\n"
    )
    printed = secrets(keyring_bus, "list", "--json").stdout.decode().splitlines()
    assert [json.loads(line) for line in printed] == [
        {
            "owner": "address",
            "name": ADDRESS,
            "field": "request.headers/Authorization",
            "servers": [],
        },
        {"owner": "connection", "name": "Prices", "field": "sign_in.token", "servers": []},
    ]
    assert secrets(keyring_bus, "forget", ADDRESS).returncode == 0
    assert secrets(keyring_bus, "forget", "Prices", "sign_in.token").returncode == 0
    assert secrets(keyring_bus, "list").stdout == b""


@pytest.mark.parametrize("field", [(), ("sign_in.token",)])
def test_forgetting_what_is_not_there_fails(keyring_bus: Bus, field: tuple[str, ...]) -> None:
    failed = secrets(keyring_bus, "forget", "Nobody", *field)
    assert failed.returncode == 1
    assert "“Nobody”" in failed.stderr.decode()


def test_without_a_keyring_it_says_so(private_bus: Bus) -> None:
    for arguments in (("list",), ("forget", "A"), ("set", "A", "sign_in.token")):
        failed = secrets(private_bus, *arguments, stdin=b"hunter2")
        assert failed.returncode == 1
        assert failed.stderr.decode() == (
            "spacebeam: There is no keyring on this desktop. Secrets are asked for each time.\n"
        )


def test_a_keyring_that_stays_locked_is_said_to_be_locked(private_bus: Bus) -> None:
    with keyring_on(private_bus, is_unlocked=False):
        failed = secrets(private_bus, "set", "A", "sign_in.token", stdin=b"hunter2")
    assert failed.returncode == 1
    assert b"was not unlocked" in failed.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("set",), b"x", "“set” needs a NAME."),
        (("set", "A"), b"x", "“set” needs a FIELD"),
        (("set", "A", "sign_in.user"), b"x", "“set” needs a FIELD"),
        (("set", "A", "request.headers/"), b"x", "“set” needs a FIELD"),
        (("set", "A", "sign_in.token"), b"\n", "No secret was entered."),
        (("set", "A", "sign_in.token"), b"\xff", "The secret is not UTF-8."),
        (("set", "A", "sign_in.token"), b"x" * 70_000, "A secret has at most 65,536 bytes."),
        (("list", "A"), b"", "“list” takes no NAME."),
        (("forget",), b"", "“forget” needs a NAME."),
        (("forget", "A", "--json"), b"", "--json is for “list”."),
        (("take",), b"", "'take' is not one of"),
        ((), b"", "'list|set|forget'. Choose from: list, set, forget\n"),
    ],
)
def test_bad_usage_is_refused_before_the_keyring_is_asked(
    private_bus: Bus, arguments: tuple[str, ...], stdin: bytes, words: str
) -> None:
    failed = secrets(private_bus, *arguments, stdin=stdin)
    assert failed.returncode == 2
    assert words in failed.stderr.decode()


@contextlib.contextmanager
def saved_connection(bus: Bus) -> Iterator[RestartableServer]:
    """Save a connection and an environment in the library of a bus's home; run its server."""
    folder = OpenFolder(bus.home / "data/spacebeam/connections", may_be_missing=True)
    with restartable_server() as server:
        connection = SavedConnection(
            "Prices",
            f"{server.url}{{{{key}}}}",
            Profile(sign_in=SignIn(SignInMethod.BEARER)),
            (SavedMessage("Login", "{{key}} {{own}}", on_connect=True),),
            (Variable("own", None, is_secret=True),),
        )
        folder.create_connection(ROOT, connection)
        files = EnvironmentFiles(folder.root)
        files.save(Environment("Live", (Variable("key", None, is_secret=True),)))
        yield server


def connected(bus: Bus, *more: str) -> Finished:
    return spacebeam_on(bus, "connect", "Prices", "--env", "Live", "--expect", "1", *more)


def spacebeam_on(bus: Bus, *arguments: str) -> Finished:
    return subprocess.run(
        command(*arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=bus.environment,
        timeout=PATIENCE,
        check=False,
        start_new_session=True,  # without a terminal to ask on
    )


def test_a_saved_connection_takes_its_secrets_from_the_keyring(keyring_bus: Bus) -> None:
    with saved_connection(keyring_bus) as server:
        for words, value in (
            (("Prices", "sign_in.token"), b"b3arer"),
            (("Prices", "variables/own"), b"0wn-secret"),
            (("--env", "Live", "key"), b"k3y-secret"),
        ):
            done = secrets(keyring_bus, "set", *words, stdin=value)
            assert done.returncode == 0, done.stderr
        finished = connected(keyring_bus)
        request = server.clients[0].request
    assert (finished.returncode, finished.stdout) == (0, b"k3y-secret 0wn-secret\n")
    assert b"k3y-secret" not in finished.stderr
    assert request is not None
    assert (request.path, request.headers["Authorization"]) == ("/k3y-secret", "Bearer b3arer")


def test_an_environment_is_found_in_either_case(keyring_bus: Bus) -> None:
    with saved_connection(keyring_bus):
        done = secrets(keyring_bus, "set", "--env", "LIVE", "key", stdin=b"k3y-secret")
        assert done.returncode == 0, done.stderr
        listed = secrets(keyring_bus, "list").stdout.decode()
        assert "/environments/Live\tkey" in listed
        words = ("export", "Prices", "--format", "curl", "-o", "-", "--env")
        exported = spacebeam_on(keyring_bus, *words, "live")
        assert exported.returncode == 0, exported.stderr
        unknown = spacebeam_on(keyring_bus, *words, "dead")
        assert "There is no environment “dead”" in unknown.stderr.decode()


def set_all(bus: Bus) -> None:
    """Save all secrets that the connection needs."""
    places = (("Prices", "sign_in.token"), ("Prices", "variables/own"), ("--env", "Live", "key"))
    for place in places:
        assert secrets(bus, "set", *place, stdin=b"k3y-secret").returncode == 0


def test_a_file_that_names_another_server_gets_no_secret_sent_to_it(keyring_bus: Bus) -> None:
    with saved_connection(keyring_bus) as server, restartable_server() as other:
        for words in (
            ("Prices", "sign_in.token"),
            ("Prices", "variables/own"),
            ("--env", "Live", "key"),
        ):
            assert secrets(keyring_bus, "set", *words, stdin=b"k3y-secret").returncode == 0
        assert connected(keyring_bus).returncode == 0
        file = keyring_bus.home / "data/spacebeam/connections/Prices.yml"
        file.write_text(file.read_text().replace(server.url, other.url))
        refused = connected(keyring_bus)
        assert other.clients == []
        told = refused.stderr.decode()
        assert refused.returncode == 2
        saved_for, now = (one.url.rstrip("/") for one in (server, other))
        assert f"are for {saved_for}" in told
        assert f"It leads to {now} now" in told
        assert "k3y-secret" not in told
        listed = secrets(keyring_bus, "list").stdout.decode().splitlines()
        assert [one.split("\t")[2] for one in listed] == [saved_for] * 3
        file.write_text(file.read_text().replace(other.url, server.url))
        assert connected(keyring_bus).returncode == 0
        assert len(server.clients) == 2


def test_a_secret_that_is_set_again_may_be_sent_to_the_new_server_and_the_old_one(
    keyring_bus: Bus,
) -> None:
    with saved_connection(keyring_bus) as server, restartable_server() as other:
        file = keyring_bus.home / "data/spacebeam/connections/Prices.yml"
        at_first = file.read_text()
        for text in (at_first, at_first.replace(server.url, other.url)):
            file.write_text(text)
            set_all(keyring_bus)
            assert connected(keyring_bus).returncode == 0
        file.write_text(at_first)
        assert connected(keyring_bus).returncode == 0
        assert (len(server.clients), len(other.clients)) == (2, 1)


def test_without_a_keyring_and_a_terminal_a_missing_secret_is_an_error(private_bus: Bus) -> None:
    with saved_connection(private_bus) as server:
        finished = connected(private_bus)
        assert server.clients == []
    assert finished.returncode == 2
    assert "There is no keyring on this desktop." in finished.stderr.decode()
    assert "“key” has no value" in finished.stderr.decode()


def test_a_missing_secret_is_named_with_the_ways_to_give_it(private_bus: Bus) -> None:
    folder = OpenFolder(private_bus.home / "data/spacebeam/connections", may_be_missing=True)
    pairs = (("Authorization", None),)
    headers = SavedConnection("Prices", ADDRESS, Profile(RequestSettings(headers=pairs)))
    token = SavedConnection("My feed", ADDRESS, Profile(sign_in=SignIn(SignInMethod.BEARER)))
    two = SavedConnection(
        "Two",
        ADDRESS,
        Profile(
            sign_in=SignIn(SignInMethod.BEARER, token="{{token}}"),
            other_sign_ins=(SignIn(SignInMethod.KEY_IN_HEADER, key_value=None),),
        ),
        variables=(Variable("token", "x"),),
    )
    folder.create_connection(ROOT, two)
    below = folder.create_folder(ROOT, Folder("Live", profile=headers.profile))
    folder.create_connection(ROOT, headers)
    folder.create_connection(ROOT, token)
    folder.create_connection(below, SavedConnection("Inherits", ADDRESS))
    for name, words in (
        (
            "Prices",
            "The header Authorization of “Prices” is a secret that was not saved. Give it with "
            "--header or save it with “spacebeam secrets set Prices request.headers/Authorization”",
        ),
        (
            "my feed",
            "The token of “my feed” is a secret that was not saved. Give it with --bearer or save "
            "it with “spacebeam secrets set 'my feed' sign_in.token”",
        ),
        ("Inherits", "a secret that was not saved. Give it with --header."),
        (
            "Two",
            "The API key of “Two” is a secret that was not saved. Give all its sign-ins as "
            "options, this one with --api-key, or save it with “spacebeam secrets set Two "
            "'sign_in.key_value[2]'”",
        ),
    ):
        refused = spacebeam_on(private_bus, "connect", name)
        told = " ".join(refused.stderr.decode().split())
        assert refused.returncode == 2
        assert words in told
        assert "Invalid value" not in told


def test_the_keyring_is_not_asked_for_variables_that_are_given(private_bus: Bus) -> None:
    folder = OpenFolder(private_bus.home / "data/spacebeam/connections", may_be_missing=True)
    own = (Variable("own", None, is_secret=True),)
    with restartable_server() as server:
        message = SavedMessage("Login", "{{key}} {{own}}", on_connect=True)
        folder.create_connection(
            ROOT, SavedConnection("Prices", server.url, messages=(message,), variables=own)
        )
        key = Variable("key", None, is_secret=True)
        EnvironmentFiles(folder.root).save(Environment("Live", (key,)))
        finished = connected(private_bus, "--var", "key=a", "--var", "own=b")
    assert (finished.returncode, finished.stdout) == (0, b"a b\n")
    assert b"keyring" not in finished.stderr
