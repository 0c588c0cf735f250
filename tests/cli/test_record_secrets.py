"""`spacebeam record`: no credentials are in the file."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from spacebeam.net.report_reading import from_json
from spacebeam.wording.events import event_words
from spacebeam.wording.report import report_text
from tests.cli.program import spacebeam
from tests.support.guarded_server import COOKIE, LINK_TOKEN, guarded_server
from tests.support.recordings import read

_BASIC = base64.b64encode(b"ada:0pen-sesame").decode()


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (("-u", "ada:0pen-sesame"), (_BASIC,)),
        (("--bearer", "b3arer.t0ken"), ("b3arer.t0ken",)),
        (("-b", "session=c00kie", "-b", "theme=d4rk"), ("c00kie", "d4rk")),
        (("--api-key", "X-Api-Key=k3y-in-header"), ("k3y-in-header",)),
        (("--api-key", "X-Plain=k3y-by-any-name"), ("k3y-by-any-name",)),
        (("--api-key", "query:api_key=k3y-in-query"), ("k3y-in-query",)),
        (("--api-key", "query:plain=k3y'in;query"), ("k3y'in;query", "k3y%27in%3Bquery")),
        (("-q", "access_token=t0ken-in-query"), ("t0ken-in-query",)),
        (("-H", "X-Session-Id: s3ssion", "-H", "X-Mine: Bearer m1ne"), ("s3ssion", "m1ne")),
        (
            (
                "--subprotocol",
                "base64url.bearer.authorization.k8s.io.c2VjcmV0",
                "--subprotocol",
                "v4.channel.k8s.io",
            ),
            ("c2VjcmV0",),
        ),
        (("--subprotocol", "access_token", "--subprotocol", "sub-t0ken"), ("sub-t0ken",)),
    ],
)
def test_no_secret_is_in_the_file(tmp_path: Path, words: tuple[str, ...], sent: tuple[str]) -> None:
    path = tmp_path / "a.beam"
    with guarded_server(asks=words[0] == "-u") as server:
        finished = spacebeam("record", server.url, str(path), *words)
        assert finished.returncode == 0, finished.stderr
    assert any(one.encode() in server.received for one in sent)
    data = path.read_bytes()
    assert [path] == list(tmp_path.iterdir())
    for secret in (*sent, "0pen-sesame", COOKIE, LINK_TOKEN):
        assert secret.encode() not in data, secret
    ((_entry, report),) = read(path).handshakes
    assert "•••" in report_text(from_json(report))
    assert from_json(report).exchanges[-1].status == 101


def test_user_password_and_token_of_the_address_are_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    with guarded_server(asks=True) as server:
        address = server.url.replace("//", "//ada:0pen-sesame@") + "?room=lobby&token=typ3d"
        assert spacebeam("record", address, str(path)).returncode == 0
    assert b"typ3d" in server.received
    data = path.read_bytes()
    for secret in (b"0pen-sesame", b"typ3d", _BASIC.encode()):
        assert secret not in data
    recording = read(path)
    assert recording.facts["address"] == f"{server.url}?room=lobby&token=•••"
    there = server.url.replace("/start", "/talk?access_token=•••")
    assert event_words(recording.entry(0).payload) == f"Connected to {there}"


@pytest.mark.parametrize("face", [("probe",), ("probe", "--json"), ("connect", "-v")])
def test_no_secret_is_printed(face: tuple[str, ...]) -> None:
    words = ("--bearer", "b3arer", "--subprotocol", "token", "--subprotocol", "sub-t0ken")
    with guarded_server() as server:
        finished = spacebeam(*face, f"{server.url}?ticket=typ3d", *words, "--debug")
    printed = (finished.stdout + finished.stderr).decode()
    assert "HTTP/1.1" in printed
    for secret in ("b3arer", "sub-t0ken", "typ3d", COOKIE, LINK_TOKEN):
        assert secret.encode() in server.received or secret in (COOKIE, LINK_TOKEN)
        assert secret not in printed, secret


@pytest.mark.parametrize(
    "words",
    [
        ("{url}?ticket=•••",),
        ("{url}?ticket=%E2%80%A2%E2%80%A2%E2%80%A2",),
        ("{url}/•••",),
        ("{url}", "-H", "Authorization: Bearer •••"),
        ("{url}", "--bearer", "•••"),
        ("{url}", "--subprotocol", "•••"),
    ],
)
def test_a_mask_in_place_of_a_secret_is_bad_usage(words: tuple[str, ...]) -> None:
    with guarded_server() as server:
        finished = spacebeam("probe", *(word.format(url=server.url) for word in words))
        assert finished.returncode == 2
        assert server.received == b""


def test_other_headers_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    with guarded_server(asks=True) as server:
        words = ("-u", "ada:0pen-sesame", "-H", "X-Trace: 17", "-q", "room=lobby")
        assert spacebeam("record", server.url, str(path), *words).returncode == 0
    ((_entry, report),) = read(path).handshakes
    text = report_text(from_json(report))
    for stored in ("X-Trace: 17", "room=lobby", 'WWW-Authenticate: Digest realm="all"'):
        assert stored in text
    assert "Authorization: Basic •••" in text
    assert "Authorization: Digest •••" in text
    assert "Set-Cookie: •••" in text
    assert "Sec-WebSocket-Key: •••" not in text
