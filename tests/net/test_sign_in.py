"""Basic and Digest: the RFCs' examples, and servers that ask for them."""

from __future__ import annotations

import base64
import socket
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.server import basic_auth

from spacebeam.net.failures import FailureCause, FailureKind
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.sign_in import Credentials, basic, digest, parse_challenges
from spacebeam.wording.failures import explanation
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end
from tests.support.sign_in_servers import DigestServer, apache, refusing
from tests.support.websockets_peer import websockets_peer

USER, PASSWORD = "üser", "pä:ss"
OPTIONS = HandshakeOptions(user=USER, password=PASSWORD)
BASIC = "Basic w7xzZXI6cMOkOnNz"  # in UTF-8


def test_basic_is_utf_8() -> None:
    # RFC 7617, section 2.1
    assert basic(Credentials("test", "123£")) == "Basic dGVzdDoxMjPCow=="
    assert basic(Credentials(USER, PASSWORD)) == BASIC
    assert basic(Credentials("u\N{COMBINING DIAERESIS}ser", PASSWORD)) == BASIC


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_is_that_of_the_rfc(algorithm: str, response: str) -> None:
    # RFC 7616, section 3.9.1
    nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    (asked,) = parse_challenges(
        [
            f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
            f'nonce="{nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
        ]
    )
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    mufasa = Credentials("Mufasa", "Circle of Life")
    sent = digest(asked, mufasa, "GET", "/dir/index.html", 1, cnonce)
    assert f'response="{response}"' in sent
    for part in ('username="Mufasa"', "qop=auth,", f"algorithm={algorithm}", "nc=00000001"):
        assert part in sent


def test_digest_hashes_the_user_as_in_the_rfc() -> None:
    # RFC 7616, section 3.9.2, with erratum 4897
    (asked,) = parse_challenges(
        [
            'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, '
            'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", '
            'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true'
        ]
    )
    cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"
    sent = digest(asked, Credentials("Jäsøn Doe", "Secret, or not?"), "GET", "/doe.json", 1, cnonce)
    assert "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b" in sent
    assert "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5" in sent
    assert "Jäsøn" not in sent


@pytest.mark.parametrize(
    ("values", "schemes"),
    [
        (['Basic realm="a, Digest realm=b"'], ["Basic"]),
        (["Negotiate abc==, NTLM", 'Basic realm="x"'], ["Negotiate", "NTLM", "Basic"]),
        (['Digest realm=a,nonce=b , ,Basic realm="a\\"b",charset="UTF-8"'], ["Digest", "Basic"]),
        (["Newauth realm='x', title=\"y\"", "", ",,"], ["Newauth"]),
        (['Digest realm="never closed, nonce=1'], ["Digest"]),
    ],
)
def test_challenges_are_separated(values: list[str], schemes: list[str]) -> None:
    found = [one.scheme for one in parse_challenges(values)]
    assert found[: len(schemes)] == schemes


def test_a_parameter_is_unquoted() -> None:
    (one,) = parse_challenges(['Digest realm="a\\"b\\\\c", NONCE=x== , qop = auth'])
    assert one.parameters == {"realm": 'a"b\\c', "nonce": "x==", "qop": "auth"}


def test_a_long_challenge_costs_little() -> None:
    assert len(parse_challenges(['x="\\",' * 100_000])) < 20_000


async def test_basic_is_sent_before_a_server_asks() -> None:
    requests: list[bytes] = []
    with raw_server(refusing(requests, status="403 Forbidden")) as server:
        await refusal(f"ws://{LOOPBACK}:{server.port}/", OPTIONS)
    assert [header(one, "Authorization") for one in requests] == [BASIC]


@pytest.mark.parametrize("headers", [(), ("WWW-Authenticate: Basic realm=x",)])
async def test_a_refused_password_is_sent_once(headers: tuple[str, ...]) -> None:
    requests: list[bytes] = []
    with raw_server(refusing(requests, *headers)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", OPTIONS)
    assert [header(one, "Authorization") for one in requests] == [BASIC]
    assert error.failure.status == HTTPStatus.UNAUTHORIZED


async def test_a_server_checks_user_and_password_in_utf_8() -> None:
    expected: Any = (USER, PASSWORD)
    with websockets_peer(process_request=basic_auth(credentials=expected)) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/echo", options=OPTIONS):
            pass
        async with connected(f"ws://%C3%BCser:p%C3%A4%3Ass@{LOOPBACK}:{port}/echo"):
            pass
        error = await refusal(f"ws://{LOOPBACK}:{port}/echo", HandshakeOptions(user=USER))
    assert error.failure.kind is FailureKind.HTTP_STATUS


async def test_a_header_of_the_persons_own_is_sent_in_place_of_user_and_password() -> None:
    requests: list[bytes] = []
    options = HandshakeOptions((("authorization", "Own x"),), user=USER, password=PASSWORD)
    asks = 'WWW-Authenticate: Digest realm="r", nonce="n"'
    with raw_server(refusing(requests, asks)) as server:
        await refusal(f"ws://ada:pw@{LOOPBACK}:{server.port}/", options)
    assert [header(one, "Authorization") for one in requests] == ["Own x"]


async def test_apache_gets_digest(plain_port: int, tmp_path: Path) -> None:
    with apache(tmp_path, plain_port, USER, PASSWORD) as port:
        address = f"ws://{LOOPBACK}:{port}/echo?a=b"
        async with connected(address, options=OPTIONS) as connection:
            report = connection.report
        wrong = await refusal(address, HandshakeOptions(user=USER, password="other"))
    assert report is not None
    assert [one.status for one in report.exchanges] == [401, 101]
    assert [one.status for one in wrong.report.exchanges] == [401, 401]


@pytest.mark.parametrize(
    ("algorithm", "qop", "userhash"),
    [
        ("MD5", "auth", False),
        ("MD5", "", False),
        ("MD5-sess", "", True),
        ("MD5-sess", "auth", False),
        ("SHA-256", "auth", True),
        ("SHA-256", "auth-int", False),
        ("sha-256-SESS", "auth-int, auth", True),
        ("SHA-512-256", "auth", False),
        ("SHA-512-256-sess", "auth", True),
    ],
)
async def test_a_server_gets_the_digest_that_it_asks_for(
    algorithm: str, qop: str, userhash: bool
) -> None:
    asking = DigestServer(USER, PASSWORD, algorithm, qop, userhash=userhash)
    with asking.running() as port:
        async with connected(f"ws://{LOOPBACK}:{port}/a%20b?c=d", options=OPTIONS):
            pass
    assert len(asking.requests) == 2


async def test_a_user_with_a_line_end_is_sent_in_no_digest() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        challenge = b'WWW-Authenticate: Digest realm="r", nonce="n"'
        peer.sendall(b"HTTP/1.1 401 Who\r\nContent-Length: 0\r\n%b\r\n\r\n" % challenge)

    with raw_server(script) as server:
        error = await refusal(f"ws://a%0D%0AX:pw@{LOOPBACK}:{server.port}/")
    assert error.failure.status == 401
    assert len(requests) == 1
    assert header(requests[0], "X") is None


async def test_the_strongest_of_several_challenges_is_answered() -> None:
    others = (
        'Basic realm="r", Digest realm="r", nonce="x", algorithm=MD5, Negotiate',
        'Digest realm="r", nonce="x", algorithm=SHA-3, Digest realm="r", nonce="x"',
    )
    asking = DigestServer(USER, PASSWORD, "SHA-256", challenges=others)
    with asking.running() as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=OPTIONS):
            pass


async def test_a_stale_nonce_is_replaced() -> None:
    asking = DigestServer(USER, PASSWORD, "SHA-256-sess", nonces=["old", "new"])
    with asking.running() as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=OPTIONS):
            pass
    assert len(asking.requests) == 3


async def test_a_server_whose_nonces_are_always_stale_is_not_asked_for_ever() -> None:
    requests: list[bytes] = []
    asks = 'WWW-Authenticate: Digest realm="r", nonce="n", stale=true'
    with raw_server(refusing(requests, asks)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", OPTIONS)
    assert error.failure.status == HTTPStatus.UNAUTHORIZED
    assert len(requests) == 4


async def test_digest_is_refused_with_a_wrong_password_after_one_try() -> None:
    asking = DigestServer(USER, "another")
    with asking.running() as port:
        error = await refusal(f"ws://{LOOPBACK}:{port}/", OPTIONS)
    assert error.failure.status == HTTPStatus.UNAUTHORIZED
    assert len(asking.requests) == 2


async def test_digest_is_used_again_after_a_redirect_on_the_same_server() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        requests.append(request)
        if not (header(request, "Authorization") or "").startswith("Digest "):
            head = '401 Unauthorized\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"'
        elif request.startswith(b"GET /new "):
            peer.sendall(switching(request))
            wait_for_end(peer)
            return
        else:
            head = "307 Moved\r\nLocation: /new"
        peer.sendall(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode())

    with raw_server(script) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/old", options=OPTIONS):
            pass
    sent = [header(one, "Authorization") or "" for one in requests]
    assert sent[0] == BASIC
    assert 'uri="/old"' in sent[1]
    assert 'uri="/new"' in sent[2]
    assert "nc=00000002" in sent[2]


async def test_no_password_goes_to_another_host() -> None:
    requests: list[bytes] = []
    asks = 'WWW-Authenticate: Digest realm="r", nonce="n"'
    with raw_server(refusing(requests, asks)) as other:
        moved = refusing([], f"Location: ws://localhost:{other.port}/", status="302 Found")
        with raw_server(moved) as server:
            await refusal(f"ws://{LOOPBACK}:{server.port}/", OPTIONS)
    assert [header(one, "Authorization") for one in requests] == [None]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("Negotiate, NTLM", "Negotiate, NTLM"),
        ('Digest realm="r", nonce="n", algorithm=SHA-3', "Digest SHA-3"),
    ],
)
async def test_a_scheme_that_is_not_supported_is_named(asked: str, named: str) -> None:
    with raw_server(refusing([], f"WWW-Authenticate: {asked}")) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", OPTIONS)
    assert error.failure.cause is FailureCause.SIGN_IN_SCHEME
    assert error.failure.kind is FailureKind.HTTP_STATUS
    assert explanation(error.failure) == (
        f"{LOOPBACK}:{server.port} requires a sign-in that Spacebeam does not support: {named}."
    )


def test_credentials_are_in_no_repr() -> None:
    assert PASSWORD not in repr(Credentials(USER, PASSWORD))
    assert base64.b64decode(BASIC.removeprefix("Basic ")).decode() == f"{USER}:{PASSWORD}"
