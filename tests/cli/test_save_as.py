"""`--save-as`: a command line's connection, saved under a name without its secrets."""

from __future__ import annotations

import os

import pytest

from spacebeam.library.connections.open_folder import OpenFolder
from tests.cli.program import spacebeam
from tests.cli.test_connections import folder

__all__ = ["folder"]  # a fixture


@pytest.mark.parametrize(
    "words",
    [
        (
            "--oauth2-token-url",
            "http://h/t",
            "--oauth2-client-id",
            "a",
            "--oauth2-client-secret",
            "CANARY",
            "--oauth2-param",
            "password=CANARY",
        ),
        ("--subprotocol", "base64url.bearer.authorization.k8s.io.CANARY"),
        ("--cert", "own.p12:CANARY"),
        ("--aws-sigv4", "aws:amz", "-u", "KEY:CANARY"),
        ("-u", "anna:CANARY", "--bearer", "CANARY"),
        ("-x", "http://a:CANARY@proxy:1"),
    ],
)
def test_no_secret_is_saved_and_that_is_said(folder: OpenFolder, words: tuple[str, ...]) -> None:
    finished = spacebeam("connect", "anna:CANARY@h/x", *words, "--save-as", "Feed")
    assert finished.returncode == 0, finished.stderr
    assert b"CANARY" not in (folder.root / "Feed.yml").read_bytes()
    assert b"Secrets were left out" in finished.stderr
    finished = spacebeam("connect", "h/x", *words, "--save-as", "Other")
    assert b"Secrets were left out" in finished.stderr


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Sec-WebSocket-Protocol: chat, CANARY", b"Use --subprotocol in place of the header."),
        ("Connection: close", "“Connection” belongs to the handshake".encode()),
    ],
)
def test_what_no_connection_can_have_is_not_saved(
    folder: OpenFolder, header: str, reason: bytes
) -> None:
    finished = spacebeam("connect", "wss://h/x", "-H", header, "--save-as", "Feed")
    assert finished.returncode == 2
    assert reason in finished.stderr
    assert not (folder.root / "Feed.yml").exists()


def test_variables_of_any_option_are_saved(folder: OpenFolder) -> None:
    words = ("-x", "{{proxy}}", "--bearer", "{{token}}", "--subprotocol", "{{token}}")
    finished = spacebeam("connect", "wss://h/x", *words, "--save-as", "Feed")
    assert (finished.returncode, finished.stderr) == (0, b"")


def test_a_connection_is_saved_and_removed(folder: OpenFolder) -> None:
    words = ("-H", "X-Team: a", "--bearer", "t0ken", "--send", "hello", "--reconnect", "5")
    finished = spacebeam("connect", "wss://{{host}}/x", *words, "--save-as", "New/Inner/Feed")
    assert finished.returncode == 0, finished.stderr
    file = folder.root / "New/Inner/Feed.yml"
    assert finished.stdout.decode().strip() == str(file)
    assert b"Secrets were left out" in finished.stderr
    assert "t0ken" not in file.read_text()
    found = folder.connection("New/Inner/Feed.yml")
    assert (found.address, found.profile.request.headers) == (
        "wss://{{host}}/x",
        (("X-Team", "a"),),
    )
    assert found.profile.reconnect.attempts == 5
    assert [(one.text, one.on_connect) for one in found.messages] == [("hello", True)]
    again = spacebeam("connect", "ws://h", "--save-as", "New/Inner/Feed")
    assert (again.returncode, b"already" in again.stderr) == (2, True)
    assert spacebeam("connections", "--remove", "Feed").returncode == 0
    assert not file.exists()
    assert spacebeam("connections", "--remove", "Feed").returncode == 2


def test_a_pasted_command_can_be_saved(folder: OpenFolder) -> None:
    pasted = "curl 'wss://feed.example/v1' -H 'Origin: https://app.example' -H 'Cookie: a=b'"
    assert spacebeam("connect", pasted, "--save-as", "Pasted").returncode == 0
    found = folder.connection("Pasted.yml")
    assert found.address == "wss://feed.example/v1"
    assert found.profile.request.headers == (("Origin", "https://app.example"),)


@pytest.mark.parametrize(
    "words", [("ws://h:99999", "--save-as", "x"), ("ws://h", "--save-as", "/")]
)
def test_what_cannot_be_saved_is_refused(folder: OpenFolder, words: tuple[str, ...]) -> None:
    assert spacebeam("connect", *words).returncode == 2
    assert sorted(os.listdir(folder.root)) == ["Trading", "environments", "opencollection.yml"]
