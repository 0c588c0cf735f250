"""The terminal takes a pasted command line of another program in place of an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import spacebeam
from tests.support.listener import Listener, listener

_KEY = "-H 'Upgrade: websocket' -H 'Sec-WebSocket-Key: HLtn82eAPcLSprmGcVPN/g=='"


def headers(peer: Listener) -> list[tuple[str, str]]:
    request = peer.clients[0].request
    assert request is not None
    return list(request.headers.raw_items())


def test_connect_takes_a_pasted_curl_command() -> None:
    with listener() as peer:
        address = peer.url.replace("ws:", "http:")
        pasted = (
            f"curl --url '{address}x?a=1' \\\n -H 'X-Test: it is' \\\n -b $'a=\\u0021' {_KEY} "
            "-H 'Authorization: Bearer geheim' --compressed"
        )
        finished = spacebeam("connect", pasted, "--send", "hello", "--timeout", "0.5")
        sent = headers(peer)
    assert finished.returncode == 0
    assert peer.messages == ["hello"]
    assert ("X-Test", "it is") in sent
    assert ("Cookie", "a=!") in sent
    assert ("Authorization", "Bearer geheim") in sent
    assert [name.lower() for name, _value in sent].count("sec-websocket-key") == 1
    assert peer.clients[0].request is not None
    assert peer.clients[0].request.path == "/x?a=1"
    said = finished.stderr.decode()
    assert "Options without a counterpart: --compressed.\n" in said
    assert "Headers that the handshake makes itself: Upgrade, Sec-WebSocket-Key.\n" in said
    assert "geheim" not in said
    assert finished.stdout == b""


def test_messages_of_the_command_are_sent_unless_others_are_given() -> None:
    with listener() as peer:
        wscat = f"wscat -c {peer.url} -x one -x two"
        assert spacebeam("connect", wscat, "--timeout", "0.5").returncode == 0
        finished = spacebeam("connect", wscat, "--send", "three", "--timeout", "0.5")
    assert peer.messages == ["one", "two", "three"]
    assert b"Messages are not sent" in finished.stderr


def test_options_beside_the_command_win() -> None:
    with listener() as peer:
        pasted = f"curl {peer.url} -u a:b -H 'X-A: 1' -H 'X-B: 1'"
        finished = spacebeam("probe", pasted, "--bearer", "t", "-H", "x-a: 2")
        sent = headers(peer)
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert ("Authorization", "Bearer t") in sent
    assert ("x-a", "2") in sent
    assert ("X-B", "1") in sent
    assert not any(name == "X-A" for name, _value in sent)


def test_record_takes_one_too(tmp_path: Path) -> None:
    with listener() as peer:
        file = str(tmp_path / "a.beam")
        finished = spacebeam("record", f"websocat -H='X-A: 1' {peer.url}", file, "--for", "0.2")
        assert ("X-A", "1") in headers(peer)
    assert finished.returncode == 0
    assert (tmp_path / "a.beam").exists()


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("curl 'ws://h", "a quotation mark is not closed"),
        ("wscat -l 8080", "starts a server"),
        ("X-A: 1\nX-B: 2", "has no address"),
        ("curl ftp://user:geheim@h", "“ftp” is not a scheme"),
    ],
)
def test_a_command_that_gives_no_connection_is_bad_usage(pasted: str, said: str) -> None:
    finished = spacebeam("connect", pasted)
    assert finished.returncode == 2
    assert said in finished.stderr.decode()
    assert "geheim" not in finished.stderr.decode()


def test_nothing_is_run_or_read(tmp_path: Path) -> None:
    secret, made = tmp_path / "secret", tmp_path / "made"
    secret.write_text("X-Secret: geheim")
    with listener() as peer:
        pasted = f'curl {peer.url} -H @{secret} -d @{secret} -H "X-A: $(touch {made})`id`"'
        finished = spacebeam("probe", pasted)
        sent = headers(peer)
    assert finished.returncode == 0
    assert not made.exists()
    assert ("X-A", f"$(touch {made})`id`") in sent
    assert "geheim" not in str(sent)
    assert b"Files are not read: --header, --data.\n" in finished.stderr
    assert "only the shell knows it: $(…).\n" in finished.stderr.decode()


def test_a_connection_is_printed_instead_of_made() -> None:
    pasted = "curl 'https://h.test/x' -H 'X-A: 1' -b sid=geheim"
    finished = spacebeam("connect", pasted, "--bearer", "geheim", "--print-as", "spacebeam")
    assert finished.returncode == 0
    printed = finished.stdout.decode()
    assert "--header 'X-A: 1'" in printed
    assert printed.endswith("wss://h.test/x\n")
    assert "geheim" not in printed
    assert "--with-secrets" in finished.stderr.decode()


def test_a_printed_connection_has_its_secrets_if_they_are_asked_for() -> None:
    words = ("ws://u:geheim@h.test/", "--print-as", "curl")
    assert b"geheim" not in spacebeam("connect", *words).stdout
    finished = spacebeam("connect", *words, "--with-secrets")
    assert b"geheim" in finished.stdout
    assert finished.stderr == b""


def test_a_form_without_the_sign_in_says_so() -> None:
    words = ("--oauth2-issuer", "https://a.test/", "--oauth2-client-id", "desk")
    finished = spacebeam("connect", "ws://h.test/", *words, "--print-as", "websocat")
    assert finished.stdout.startswith(b"# Left out: the sign-in with OAuth 2.\n")
    assert finished.stderr == b"Left out: the sign-in with OAuth 2.\n"


def test_connect_takes_a_pasted_call_of_fetch() -> None:
    finished = spacebeam("connect", 'fetch("ws://h.test/", {})', "--print-as", "spacebeam")
    assert finished.stdout.endswith(b"ws://h.test/\n")
    assert b"does not have: Origin, Cookie, Sec-WebSocket-Protocol." in finished.stderr
