"""The facts of a handshake through TLS and proxies, and the certificates that are refused."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest

from spacebeam.wire.ending import FailureKind
from spacebeam.wire.options import Options, TlsOptions
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK, free_port
from tests.support.proxies import squid
from tests.support.websockets_peer import websockets_peer

END = "-----END CERTIFICATE-----"


async def test_a_protected_connection_is_described(authority: Authority) -> None:
    certificate = authority.issue()
    options = Options(tls=TlsOptions(ca_file=str(authority.file)))
    with websockets_peer(context=certificate.context()) as port:
        async with connected(f"wss://localhost:{port}/echo", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.tls is not None
    assert report.tls.version == "TLS 1.3"
    assert report.tls.cipher_suite.startswith("TLS_")
    assert report.stages.tls is not None
    assert report.stages.dns is not None
    own = report.tls.chain[0]
    pem = certificate.chain.read_text().partition(END)[0] + END
    assert own.sha256 == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    assert "trustme" in own.issuer
    assert own.valid_from < own.valid_to
    assert own.valid_to.endswith("Z")


@pytest.mark.parametrize(
    ("names", "expired", "trusted", "reasons"),
    [
        (
            (),
            False,
            False,
            "it is signed by an authority that this computer does not know",
        ),
        (("other.example",), False, True, "it is for another name"),
        ((), True, True, "it has expired"),
        (("other.example",), True, True, "it is for another name and it has expired"),
    ],
    ids=["unknown authority", "wrong name", "expired", "wrong name and expired"],
)
async def test_a_wrong_certificate_is_refused_with_what_is_wrong(
    authority: Authority, names: tuple[str, ...], expired: bool, trusted: bool, reasons: str
) -> None:
    context = authority.issue(*names, expired=expired).context()
    options = Options(tls=TlsOptions(ca_file=str(authority.file) if trusted else None))
    with websockets_peer(context=context) as port:
        error = await refusal(f"wss://localhost:{port}/echo", options)
    assert error.failure.kind is FailureKind.CERTIFICATE
    assert error.failure.explanation == (
        f"The certificate of localhost:{port} is not trusted: {reasons}."
    )
    assert error.failure.advice


async def test_a_server_without_tls_is_told(plain_port: int) -> None:
    error = await refusal(f"wss://{LOOPBACK}:{plain_port}/echo")
    assert error.failure.kind is FailureKind.TLS
    assert error.failure.explanation.startswith(
        f"No protected connection to {LOOPBACK}:{plain_port}: "
    )
    assert error.failure.advice.endswith("ws:// goes without it.")


async def test_a_server_that_wants_tls_is_told(tls_port: int) -> None:
    # nginx answers a plain request at a TLS port with a page.
    error = await refusal(f"ws://{LOOPBACK}:{tls_port}/echo")
    assert error.failure.kind is FailureKind.HTTP_STATUS
    assert "400" in error.failure.explanation
    assert "The plain HTTP request was sent to HTTPS port" in error.report.exchanges[0].body


async def test_a_proxy_is_gone_through(authority: Authority, tls_port: int, tmp_path: Path) -> None:
    with squid(tmp_path) as proxy:
        options = Options(proxy=proxy, tls=TlsOptions(ca_file=str(authority.file)))
        async with connected(f"wss://localhost:{tls_port}/echo", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.remote_address == proxy.removeprefix("http://")
    assert report.exchanges[-1].status == 101
    assert report.tls is not None


async def test_a_proxy_that_does_not_allow_it_is_told(tls_port: int, tmp_path: Path) -> None:
    with squid(tmp_path, verdict="deny") as proxy:
        error = await refusal(f"wss://localhost:{tls_port}/echo", Options(proxy=proxy))
    assert error.failure.kind is FailureKind.PROXY
    assert error.failure.explanation == (
        f"The proxy does not allow a connection to localhost:{tls_port}."
    )


async def test_a_proxy_that_is_not_there_is_told() -> None:
    port = free_port()
    options = Options(proxy=f"http://ada:secret@{LOOPBACK}:{port}/")
    error = await refusal("wss://nosuchhost.invalid/", options)
    assert error.failure.kind is FailureKind.PROXY
    assert error.failure.explanation.startswith(f"The proxy {LOOPBACK}:{port} cannot be reached: ")
    assert "Connection refused" in error.failure.explanation
    assert "secret" not in str(error)
