"""An entry is copied as code that real programs run, without the profile's secrets."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator

import pytest

from spacebeam.exchange.copy_as import CopyForm, formatted, in_form, lacks_secrets, left_out
from spacebeam.profiles.profile import (
    AwsForm,
    AwsSettings,
    OAuthSettings,
    Profile,
    RequestSettings,
    SignIn,
    SignInMethod,
)
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.protocol.secrets import MASK
from spacebeam.recording.entry import Entry, Mark
from tests.support.listener import listener
from tests.support.processes import binary
from tests.support.waiting import eventually

_ADDRESS = "wss://example.com/v1?topic=a"
_SECRET = Profile(
    request=RequestSettings(
        headers=(("X-Trace", "it's 1"), ("X-Auth-Token", "geheim")),
        query=(("depth", "5"), ("api_key", "geheim")),
        cookies=(("session", "geheim"),),
        subprotocols=("chat.v1",),
    ),
    sign_in=SignIn(SignInMethod.BEARER, token="geheim"),
    other_sign_ins=(SignIn(SignInMethod.PASSWORD, user="anna", password="geheim"),),
)
_MESSAGES = (
    "plain",
    'it\'s $HOME `id` !! "quoted" \\',
    "-starts with a dash",
    "two\nlines and \x1b[31m an escape",
    "é ✓ 𝄞",
    b"\x00\xff bytes",
    "x" * 200_000,
    "",
)


def entry(message: str | bytes) -> Entry:
    payload = message.encode() if isinstance(message, str) else message
    kind = Kind.TEXT if isinstance(message, str) else Kind.BINARY
    return Entry(4, 1.5, kind, Direction.SENT, len(payload), payload)


@contextlib.contextmanager
def running(command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a shell that finds Spacebeam, for the length of a block."""
    shell = f'spacebeam() {{ "{sys.executable}" -m spacebeam "$@"; }}\n{command}\n'
    child = subprocess.Popen(
        [binary("bash"), "-s"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert child.stdin is not None
    child.stdin.write(shell.encode())
    child.stdin.close()
    try:
        yield child
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()


@pytest.mark.parametrize("message", _MESSAGES, ids=range(len(_MESSAGES)))
async def test_the_command_sends_the_message_as_it_was(message: str | bytes) -> None:
    with listener() as peer:
        copy = in_form(CopyForm.COMMAND, entry(message), peer.url, Profile())
        assert "\x1b" not in copy
        with running(copy):
            await eventually(lambda: peer.messages)
        assert peer.messages == [message]


@pytest.mark.parametrize("message", _MESSAGES, ids=range(len(_MESSAGES)))
def test_the_program_sends_the_message_as_it_was(message: str | bytes) -> None:
    with listener() as peer:
        profile = Profile(request=RequestSettings(headers=(("X-Trace", "it's 1"),)))
        copy = in_form(CopyForm.PYTHON, entry(message), peer.url, profile)
        ended = copy.replace("        print(await websocket.recv())\n", "")
        subprocess.run(
            [sys.executable, "-c", ended] if len(ended) < 100_000 else [sys.executable],
            input=ended.encode(),
            timeout=30,
            check=True,
        )
        assert peer.messages == [message]
        assert peer.clients[0].request is not None
        assert peer.clients[0].request.headers["X-Trace"] == "it's 1"


def test_curl_opens_the_connection() -> None:
    with listener() as peer:
        copy = in_form(CopyForm.CURL, entry("x"), peer.url, Profile())
        with running(f"{copy} --no-buffer --max-time 20") as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"HTTP/1.1 101 Switching Protocols\r\n"


@pytest.mark.parametrize("form", [CopyForm.CURL, CopyForm.COMMAND, CopyForm.PYTHON])
def test_secrets_of_the_profile_are_left_out(form: CopyForm) -> None:
    copy = in_form(form, entry("x"), f"{_ADDRESS}&token=geheim", _SECRET)
    assert "geheim" not in copy
    assert MASK in copy
    assert "depth=5" in copy
    assert lacks_secrets(form, _ADDRESS, _SECRET)
    assert not lacks_secrets(form, _ADDRESS, Profile())


def test_bytes_have_forms_without_an_address() -> None:
    one = entry(b"\x00\xff")
    assert in_form(CopyForm.HEX, one, "", Profile()) == "00 ff"
    assert in_form(CopyForm.BASE64, one, "", Profile()) == b64encode(b"\x00\xff").decode()
    line = in_form(CopyForm.JSON_LINES, one, "", Profile(), Mark(True, "why"))
    assert line == (
        '{"number": 5, "starred": true, "note": "why", "time": 1.5, "direction": "sent",'
        ' "kind": "binary", "base64": "AP8="}\n'
    )
    assert not lacks_secrets(CopyForm.HEX, _ADDRESS, _SECRET)


def test_a_formatted_document_has_its_numbers_as_they_were_written() -> None:
    assert formatted(b'{"a":1.50,"b":[1e400,"\\u0041"]}') == (
        '{\n  "a": 1.50,\n  "b": [\n    1e400,\n    "\\u0041"\n  ]\n}'
    )
    assert formatted(b"no JSON") is None
    assert formatted(b"[" * 100_000) is None


@pytest.mark.parametrize("method", [SignInMethod.AWS, SignInMethod.OAUTH])
def test_a_sign_in_that_a_form_cannot_make_is_named(method: SignInMethod) -> None:
    profile = Profile(
        sign_in=SignIn(method),
        aws=AwsSettings("AKIDEXAMPLE", "geheim", form=AwsForm.HEADERS),
        oauth=OAuthSettings(token_url="https://auth.test/", client_id="a", client_secret="geheim"),
    )
    python = in_form(CopyForm.PYTHON, entry("x"), _ADDRESS, profile)
    assert python.startswith(f"# Left out: {left_out(CopyForm.PYTHON, profile)[0]}.\n")
    command = in_form(CopyForm.COMMAND, entry("x"), _ADDRESS, profile)
    assert ("--aws-sigv4" in command) is (method is SignInMethod.AWS)
    assert ("--oauth2-token-url" in command) is (method is SignInMethod.OAUTH)
    assert "geheim" not in python + command
    assert lacks_secrets(CopyForm.COMMAND, _ADDRESS, profile)


def test_python_signs_in_with_a_user() -> None:
    profile = Profile(sign_in=SignIn(SignInMethod.PASSWORD, user="anna", password="geheim"))
    assert "'Authorization'" in in_form(CopyForm.PYTHON, entry("x"), _ADDRESS, profile)
