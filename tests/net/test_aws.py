"""Handshakes that are signed for AWS, with a server that verifies them by AWS's own library."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from spacebeam.net.aws import AwsError, AwsSigner, signer
from spacebeam.net.failures import FailureCause
from spacebeam.net.options import AwsOptions, HandshakeOptions
from spacebeam.net.sigv4 import AwsCredentials, AwsScope
from spacebeam.wording.failures import failure_words
from spacebeam.wording.report import report_text
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end

SECRET, TOKEN = "wJalrXUtnFEMI+SECRET", "t0ken/of+the==session"
AWS = AwsOptions("AKIDEXAMPLE", SECRET, TOKEN, "eu-west-1", "execute-api")
API = "a1.execute-api.eu-west-1.amazonaws.com"


def is_signed(request: bytes) -> bool:
    """Whether AWS would accept a request."""
    target = request.split(b" ")[1].decode()
    host = header(request, "Host") or ""
    query = parse_qs(target.partition("?")[2])
    date = header(request, "X-Amz-Date") or query.get("X-Amz-Date", [""])[0]
    if not date:
        return False
    now = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - now).total_seconds()) < 300  # as AWS demands
    unsigned = re.sub(r"[?&]X-Amz-Algorithm=.*", "", target)
    own = AWSRequest("GET", f"https://{host}{unsigned}", headers={"Host": host})
    keys = Credentials("AKIDEXAMPLE", SECRET, TOKEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: now)
        if query.get("X-Amz-Signature"):
            SigV4QueryAuth(keys, AWS.service, AWS.region, 300).add_auth(own)
            expected = parse_qs(own.url.partition("?")[2])["X-Amz-Signature"]
            return bool(query["X-Amz-Signature"] == expected)
        SigV4Auth(keys, AWS.service, AWS.region).add_auth(own)
        return bool(header(request, "Authorization") == own.headers["Authorization"])


@contextlib.contextmanager
def verifying_server() -> Iterator[tuple[str, list[bytes]]]:
    """A server that refuses requests without a right signature, and redirects from /old."""
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        requests.append(request)
        if not is_signed(request):
            peer.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        elif b" /old" in request:
            location = b"/new/%C3%A9?stage=b%20c&a"
            peer.sendall(
                b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
            )
        else:
            peer.sendall(switching(request))
            wait_for_end(peer)

    with raw_server(script) as server:
        yield f"ws://{LOOPBACK}:{server.port}", requests


@pytest.mark.parametrize("in_query", [True, False])
@pytest.mark.parametrize("resource", ["/prod", "/", "/a%2Fb/é/?x=1&token=2&y=", "/@x/~y?b=2&a=1"])
async def test_a_signed_handshake_is_accepted(in_query: bool, resource: str) -> None:
    options = HandshakeOptions(aws=replace(AWS, in_query=in_query))
    with verifying_server() as (url, _requests):
        async with connected(url + resource, options=options) as connection:
            assert connection.report is not None


@pytest.mark.parametrize("in_query", [True, False])
async def test_a_redirect_on_the_same_server_is_signed_again(in_query: bool) -> None:
    options = HandshakeOptions(aws=replace(AWS, in_query=in_query))
    with verifying_server() as (url, requests):
        async with connected(f"{url}/old", options=options):
            assert len(requests) == 2


async def test_another_server_gets_no_signature() -> None:
    with verifying_server() as (url, requests):
        location = f"{url.replace(LOOPBACK, 'localhost')}/prod"

        def script(peer: socket.socket) -> None:
            read_request(peer)
            peer.sendall(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode())

        with raw_server(script) as server:
            error = await refusal(f"ws://{LOOPBACK}:{server.port}/", HandshakeOptions(aws=AWS))
    assert error.failure.status == 403
    assert b"X-Amz" not in requests[0]


@pytest.mark.parametrize("in_query", [True, False])
async def test_no_report_has_the_signature_or_the_token(in_query: bool) -> None:
    options = HandshakeOptions(aws=replace(AWS, in_query=in_query))
    with verifying_server() as (url, _requests):
        async with connected(f"{url}/prod", options=options) as connection:
            assert connection.report is not None
            shown = report_text(connection.report)
    assert "X-Amz-Date" in shown
    for secret in (SECRET, TOKEN, "t0ken", re.compile(r"[0-9a-f]{64}")):
        assert not re.search(secret if isinstance(secret, re.Pattern) else re.escape(secret), shown)


async def test_a_wrong_key_is_refused_by_the_server() -> None:
    options = HandshakeOptions(aws=replace(AWS, secret_key="wrong"))
    with verifying_server() as (url, _requests):
        error = await refusal(f"{url}/prod", options)
    assert error.failure.status == 403


async def test_without_a_region_the_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    with verifying_server() as (url, requests):
        error = await refusal(url, HandshakeOptions(aws=replace(AWS, region="", service="")))
    assert error.failure.cause is FailureCause.AWS_SCOPE
    assert "region and service" in failure_words(error.failure)
    assert requests == []


CREDENTIALS = """[default]
aws_access_key_id = DEFAULT
aws_secret_access_key = d
[work]
aws_access_key_id=WORK
aws_secret_access_key=w
aws_session_token=t
[sso]
sso_session = x
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """An environment that names AWS's files."""
    (tmp_path / "credentials").write_text(CREDENTIALS)
    (tmp_path / "config").write_text(
        "[default]\nregion = us-east-2\n[profile work]\nregion=eu-north-1\n"
    )
    return {
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
    }


KEYS = {"AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "et"}


@pytest.mark.parametrize(
    ("options", "environment", "credentials"),
    [
        (AwsOptions(), {}, ("DEFAULT", "d", "")),
        (AwsOptions(), KEYS, ("ENV", "e", "et")),
        (AwsOptions(profile="work"), KEYS, ("WORK", "w", "t")),
        (AwsOptions(), {"AWS_PROFILE": "work"}, ("WORK", "w", "t")),
        (AwsOptions("TYPED", "k"), KEYS, ("TYPED", "k", "")),
        (AwsOptions(), {"AWS_ACCESS_KEY_ID": "HALF"}, ("DEFAULT", "d", "")),
    ],
)
def test_credentials_are_found_where_the_tools_of_aws_find_them(
    files: dict[str, str],
    options: AwsOptions,
    environment: dict[str, str],
    credentials: tuple[str, str, str],
) -> None:
    found = signer(options, API, {**files, **environment})
    scope = AwsScope("eu-west-1", "execute-api")
    assert found == AwsSigner(AwsCredentials(*credentials), scope, True)


@pytest.mark.parametrize(
    ("options", "host", "environment", "region"),
    [
        (AwsOptions(service="s", region="typed"), API, {}, "typed"),
        (AwsOptions(service="s"), API, {"AWS_REGION": "env"}, "eu-west-1"),
        (AwsOptions(service="s"), "api.test", {"AWS_DEFAULT_REGION": "env"}, "env"),
        (AwsOptions(service="s"), "api.test", {}, "us-east-2"),
        (AwsOptions(service="s", profile="work"), "api.test", {}, "eu-north-1"),
    ],
)
def test_the_region_is_typed_or_the_hosts_or_that_of_the_tools(
    files: dict[str, str],
    options: AwsOptions,
    host: str,
    environment: dict[str, str],
    region: str,
) -> None:
    assert signer(options, host, {**files, **environment}).scope == AwsScope(region, "s")


@pytest.mark.parametrize("profile", ["sso", "nobody"])
def test_a_profile_without_a_key_is_named(files: dict[str, str], profile: str) -> None:
    with pytest.raises(AwsError) as caught:
        signer(AwsOptions(profile=profile), API, files)
    assert (caught.value.cause, caught.value.detail) == (FailureCause.AWS_CREDENTIALS, profile)


@pytest.mark.parametrize("content", ["", "no section", "[default]\naws_access_key_id", "\xff"])
def test_files_that_are_missing_or_odd_have_no_key(tmp_path: Path, content: str) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(content.encode("latin-1"))
    for name in (str(path), str(tmp_path / "missing")):
        with pytest.raises(AwsError):
            signer(AwsOptions(), API, {"AWS_SHARED_CREDENTIALS_FILE": name})


def test_iot_is_signed_in_the_query_in_any_case() -> None:
    options = replace(AWS, service="", region="", in_query=False)
    host = "a1b2-ats.iot.eu-west-1.amazonaws.com"
    query, headers = signer(options, host, {}).sign(host, "/mqtt")
    assert headers == ()
    assert query[-1] == ("X-Amz-Security-Token", TOKEN)
