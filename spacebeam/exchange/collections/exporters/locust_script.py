"""A load test for Locust, by websocket-client: a user for each connection."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.exchange.collections.exporters.exporter import CollectionSource
from spacebeam.exchange.collections.exporters.resolved import resolved_connections
from spacebeam.exchange.collections.exporters.sent_messages import GAP_MS, LoadTest, load_test
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import NamedLosses

_BASE = '''\
"""Needs: pip install locust websocket-client. Run: locust -f FILE --headless -u 1 -r 1 -t 10s"""

import ssl
import time

import gevent
import websocket
from locust import User, constant, task


class WebSocketUser(User):
    """Connects, and reports what is sent and received."""

    abstract = True
    wait_time = constant(1)
    url = ""
    headers = []
    subprotocols = None
    checks_certificate = True
    messages = []

    def on_start(self):
        options = {} if self.checks_certificate else {"cert_reqs": ssl.CERT_NONE}
        self.socket = websocket.create_connection(
            self.url,
            timeout=10,
            header=self.headers,
            subprotocols=self.subprotocols,
            sslopt=options,
        )
        self.socket.settimeout(None)
        self.reader = gevent.spawn(self.receive)

    def on_stop(self):
        self.reader.kill()
        self.socket.close(timeout=1)

    def receive(self):
        while True:
            try:
                opcode, data = self.socket.recv_data()
            except (websocket.WebSocketException, OSError):
                return
            name = "binary" if opcode == websocket.ABNF.OPCODE_BINARY else "text"
            self.report("WSR", name, len(data))

    def report(self, kind, name, length, milliseconds=0):
        self.environment.events.request.fire(
            request_type=kind,
            name=name,
            response_time=milliseconds,
            response_length=length,
            exception=None,
            context={},
        )

    @task
    def conversation(self):
        for name, payload in self.messages:
            started = time.perf_counter()
            if isinstance(payload, bytes):
                self.socket.send_binary(payload)
            else:
                self.socket.send(payload)
            self.report("WSS", name, len(payload), (time.perf_counter() - started) * 1000)
            gevent.sleep(GAP)
'''


def export(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield the file."""
    pieces = [_BASE.replace("GAP", f"{GAP_MS / 1000:g}")]
    for count, found in enumerate(resolved_connections(source, losses), 1):
        test = load_test(found.connection, losses, with_secrets=source.with_secrets)
        pieces.append(_user(count, found.title, test, checks=found.connection.profile.tls.verify))
    yield Piece("\n\n".join(pieces).encode())


def _user(count: int, title: str, test: LoadTest, *, checks: bool) -> str:
    headers = [f"{name}: {value}" for name, value in test.request.signed_headers]
    lines = [
        f"class User{count}(WebSocketUser):",
        f"    # {' '.join(title.split())}",
        f"    url = {test.request.url!r}",
        f"    headers = {headers!r}",
    ]
    if test.request.subprotocols:
        lines.append(f"    subprotocols = {list(test.request.subprotocols)!r}")
    if not checks:
        lines.append("    checks_certificate = False")
    lines.append("    messages = [")
    lines += [f"        ({one.name!r}, {one.payload!r})," for one in test.messages]
    return "\n".join((*lines, "    ]", ""))
