"""A handshake report with a redirect, a proxy and TLS."""

from __future__ import annotations

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan

MOVED = HttpExchange(
    "ws://h/", "GET / HTTP/1.1\nHost: h", "HTTP/1.1 302 Found\nLocation: /x", 302, "moved"
)
REPORT = HandshakeReport(
    "wss://h/",
    (MOVED, HttpExchange("wss://h/x", "GET /x HTTP/1.1\nHost: h", connection=1)),
    (
        StageSpan(HandshakeStage.TCP, 0.0, 0.26),
        StageSpan(HandshakeStage.UPGRADE, 1.0, 2.0),
        StageSpan(HandshakeStage.TCP, 2.0, 3.5, 1),
        StageSpan(HandshakeStage.TLS, 4.0, 16.0, 1),
        StageSpan(HandshakeStage.UPGRADE, 17.0, 20.04, 1, is_over=False),
    ),
    "127.0.0.1:1",
    "127.0.0.1:443",
    "http://proxy:3128",
    TlsReport("TLS 1.3", "AES", (Certificate("CN=h", "CN=ca", "2026-01-01", "2027-01-01", "ab"),)),
    total=20.5,
)
