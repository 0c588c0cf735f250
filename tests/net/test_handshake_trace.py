"""The report of a handshake through TLS and proxies, and of refused certificates."""

from __future__ import annotations

import hashlib
import socket
import ssl
import struct
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from gi.repository import Gio

from spacebeam.net import handshake_trace
from spacebeam.net.failures import CertificateFault, FailureKind
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.net.report import HandshakeReport
from spacebeam.net.stages import HandshakeStage, StageClock
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.failures import advice, explanation
from spacebeam.wording.report import span_label
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK, free_port
from tests.support.proxies import squid
from tests.support.raw_server import (
    answer,
    header,
    raw_server,
    read_request,
    switching,
    wait_for_end,
)
from tests.support.websockets_peer import websockets_peer

UNANSWERED = (
    b'HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\n'
    b"Content-Length: 0\r\n\r\n"
)

END = "-----END CERTIFICATE-----"


def stages(report: HandshakeReport) -> list[tuple[HandshakeStage, int]]:
    """Return the stages in order, each with its connection, after checking their times."""
    moment = 0.0
    for span in report.spans:
        assert moment <= span.start <= span.end <= report.total
        moment = span.end
    return [(span.stage, span.connection) for span in report.spans]


async def test_a_protected_connection_is_described(authority: Authority) -> None:
    certificate = authority.issue()
    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file)))
    with websockets_peer(context=certificate.context()) as port:
        async with connected(f"wss://localhost:{port}/echo", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.tls is not None
    assert report.tls.version == "TLS 1.3"
    assert report.tls.cipher_suite.startswith("TLS_")
    assert stages(report) == [
        (HandshakeStage.DNS, 0),
        (HandshakeStage.TCP, 0),
        (HandshakeStage.TLS_SETUP, 0),
        (HandshakeStage.TLS, 0),
        (HandshakeStage.UPGRADE, 0),
    ]
    own = report.tls.chain[0]
    pem = certificate.chain.read_text().partition(END)[0] + END
    assert own.sha256 == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    assert "trustme" in own.issuer
    assert own.valid_from < own.valid_to
    assert own.valid_to.endswith("Z")


@pytest.mark.parametrize(
    ("names", "expired", "trusted", "faults"),
    [
        (
            (),
            False,
            False,
            (CertificateFault.UNKNOWN_AUTHORITY,),
        ),
        (("other.example",), False, True, (CertificateFault.WRONG_NAME,)),
        ((), True, True, (CertificateFault.EXPIRED,)),
        (("other.example",), True, True, (CertificateFault.WRONG_NAME, CertificateFault.EXPIRED)),
    ],
    ids=["unknown authority", "wrong name", "expired", "wrong name and expired"],
)
async def test_an_invalid_certificate_is_refused_with_its_errors(
    authority: Authority,
    names: tuple[str, ...],
    expired: bool,
    trusted: bool,
    faults: tuple[CertificateFault, ...],
) -> None:
    context = authority.issue(*names, expired=expired).context()
    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file) if trusted else None))
    with websockets_peer(context=context) as port:
        error = await refusal(f"wss://localhost:{port}/echo", options)
    assert error.failure.kind is FailureKind.CERTIFICATE
    assert error.failure.faults == faults
    assert advice(error.failure)


async def test_a_server_without_tls_is_reported(plain_port: int) -> None:
    error = await refusal(f"wss://{LOOPBACK}:{plain_port}/echo")
    assert error.failure.kind is FailureKind.TLS
    assert explanation(error.failure).startswith(
        f"TLS handshake with {LOOPBACK}:{plain_port} failed: "
    )
    assert advice(error.failure).endswith("try ws://.")


async def test_a_server_that_requires_tls_is_reported(tls_port: int) -> None:
    # nginx answers a plain request at a TLS port with a page.
    error = await refusal(f"ws://{LOOPBACK}:{tls_port}/echo")
    assert error.failure.kind is FailureKind.HTTP_STATUS
    assert "400" in explanation(error.failure)
    assert "The plain HTTP request was sent to HTTPS port" in error.report.exchanges[0].body


async def test_a_handshake_through_a_proxy_reports_the_proxy(
    authority: Authority, tls_port: int, tmp_path: Path
) -> None:
    with squid(tmp_path) as proxy:
        options = HandshakeOptions(proxy=proxy, tls=TlsOptions(ca_file=str(authority.file)))
        async with connected(f"wss://localhost:{tls_port}/echo", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.remote_address == proxy.removeprefix("http://")
    assert report.exchanges[-1].status == 101
    assert report.tls is not None
    # The proxy is an IP address, so no name is looked up.
    assert stages(report) == [
        (HandshakeStage.TCP, 0),
        (HandshakeStage.PROXY, 0),
        (HandshakeStage.TLS_SETUP, 0),
        (HandshakeStage.TLS, 0),
        (HandshakeStage.UPGRADE, 0),
    ]


async def test_each_connection_of_a_redirect_has_its_stages(
    authority: Authority, tls_port: int
) -> None:
    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file)))
    head = f"HTTP/1.1 302 Found\nLocation: wss://localhost:{tls_port}/echo"
    with raw_server(lambda peer: answer(peer, head)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=options) as connection:
            report = connection.report
    assert report is not None
    assert stages(report) == [
        (HandshakeStage.TCP, 0),
        (HandshakeStage.UPGRADE, 0),
        (HandshakeStage.DNS, 1),
        (HandshakeStage.TCP, 1),
        (HandshakeStage.TLS_SETUP, 1),
        (HandshakeStage.TLS, 1),
        (HandshakeStage.UPGRADE, 1),
    ]
    assert [exchange.connection for exchange in report.exchanges] == [0, 1]
    assert span_label(report, report.spans[1]) == "Upgrade (302)"
    assert report.remote_address.endswith(f":{tls_port}")
    assert all(address.endswith(f":{tls_port}") for address in report.tried_addresses)


async def test_each_request_of_an_authentication_has_its_connection_and_stages() -> None:
    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        if (header(request, "Authorization") or "").startswith("Digest "):
            peer.sendall(switching(request))
        else:
            peer.sendall(UNANSWERED)
        wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(f"ws://ada:pw@{LOOPBACK}:{server.port}/") as connection:
            report = connection.report
    assert report is not None
    assert stages(report) == [
        (HandshakeStage.TCP, 0),
        (HandshakeStage.UPGRADE, 0),
        (HandshakeStage.TCP, 1),
        (HandshakeStage.UPGRADE, 1),
    ]
    assert [
        span_label(report, span) for span in report.spans if span.stage is HandshakeStage.UPGRADE
    ] == [
        "Upgrade (401)",
        "Upgrade",
    ]


async def test_a_slow_response_is_in_the_upgrade_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0  # seconds
    is_waiting = threading.Event()
    begin = StageClock.begin

    def note_begin(clock: StageClock, stage: HandshakeStage, moment: float) -> None:
        begin(clock, stage, moment)
        if stage is HandshakeStage.UPGRADE:
            is_waiting.set()

    def script(peer: socket.socket) -> None:
        nonlocal now
        request = read_request(peer)
        assert is_waiting.wait(15)
        now += 7.0
        peer.sendall(switching(request))
        wait_for_end(peer)

    clock = SimpleNamespace(monotonic=lambda: now, time=time.time)
    monkeypatch.setattr(handshake_trace, "time", clock)
    monkeypatch.setattr(StageClock, "begin", note_begin)
    with raw_server(script) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            report = connection.report
    assert report is not None
    assert report.took(HandshakeStage.TCP) == 0
    assert report.took(HandshakeStage.UPGRADE) == 7000
    assert report.total == 7000


async def test_a_failure_reports_the_stage_in_progress() -> None:
    port = free_port()
    error = await refusal(f"ws://localhost:{port}/")
    assert error.report.tried_addresses[-1] == f"{LOOPBACK}:{port}"
    assert error.report.remote_address == ""
    assert stages(error.report) == [(HandshakeStage.DNS, 0), (HandshakeStage.TCP, 0)]
    assert [span.is_over for span in error.report.spans] == [True, False]
    assert error.report.total > 0


async def test_a_redirect_s_target_has_its_own_addresses_and_tls() -> None:
    head = f"HTTP/1.1 302 Found\nLocation: ws://{LOOPBACK}:{free_port()}/"
    with raw_server(lambda peer: answer(peer, head)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.REFUSED
    assert error.report.remote_address == ""
    assert [exchange.status for exchange in error.report.exchanges] == [302]
    assert [span.connection for span in error.report.spans] == [0, 0, 1]


async def test_a_redirect_to_an_invalid_certificate_is_tried_once(
    authority: Authority,
) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        head = f"HTTP/1.1 302 Found\nLocation: wss://localhost:{port}/echo"
        with raw_server(lambda peer: answer(peer, head)) as server:
            error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.CERTIFICATE
    assert error.report.spans[-1].connection == 1


async def test_tls_is_reported_without_a_response(authority: Authority) -> None:
    context = authority.issue().context()

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as protected:
            read_request(protected)

    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file)))
    with raw_server(script) as server:
        error = await refusal(f"wss://{LOOPBACK}:{server.port}/", options)
    assert error.failure.kind is FailureKind.LOST
    assert error.report.tls is not None
    assert error.report.tls.version.startswith("TLS 1.")


async def test_the_http_version_of_the_response_is_reported() -> None:
    with raw_server(lambda peer: answer(peer, "HTTP/1.0 404 Gone")) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.report.exchanges[0].response.startswith("HTTP/1.0 404 Gone\n")


async def test_a_refusal_by_the_proxy_is_reported(tls_port: int, tmp_path: Path) -> None:
    with squid(tmp_path, verdict="deny") as proxy:
        error = await refusal(f"wss://localhost:{tls_port}/echo", HandshakeOptions(proxy=proxy))
    assert error.failure.kind is FailureKind.PROXY
    assert explanation(error.failure) == (
        f"The proxy {proxy.removeprefix('http://')} does not allow connections to "
        f"localhost:{tls_port} (HTTP status 403). The proxy comes from the connection's options."
    )


async def test_an_unreachable_proxy_is_reported() -> None:
    port = free_port()
    options = HandshakeOptions(proxy=f"http://ada:secret@{LOOPBACK}:{port}/")
    error = await refusal("wss://nosuchhost.invalid/", options)
    assert error.failure.kind is FailureKind.PROXY
    assert explanation(error.failure).startswith(
        f"Could not connect to the proxy {LOOPBACK}:{port}: "
    )
    assert "Connection refused" in explanation(error.failure)
    assert "secret" not in str(error)


def test_a_connection_that_was_reset_at_once_has_no_far_address() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        client = socket.create_connection(server.getsockname())
        peer = server.accept()[0]
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
    held = Gio.Socket.new_from_fd(client.detach())
    trace = HandshakeTrace()
    trace.begin(parse(f"ws://{LOOPBACK}/"))
    trace.note(Gio.SocketClientEvent.RESOLVING)
    trace.note(Gio.SocketClientEvent.CONNECTED, held.connection_factory_create_connection())
    report = trace.report(f"ws://{LOOPBACK}/")
    assert report.local_address.startswith(LOOPBACK)
    assert report.remote_address == ""
    held.close()
