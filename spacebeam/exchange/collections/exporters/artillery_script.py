"""A load test for Artillery 2: a scenario for each connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spacebeam.exchange.collections.exporters.exporter import CollectionSource
from spacebeam.exchange.collections.exporters.resolved import resolved_connections
from spacebeam.exchange.collections.exporters.sent_messages import GAP_MS, LoadTest, load_test
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.exchange.opencollection.yaml_writing import document

# A plain number would be milliseconds in `think`.
_THINK = {"think": f"{GAP_MS}ms"}


def export(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield the file."""
    scenarios: list[dict[str, Any]] = []
    target = ""
    checks_certificates = True
    for found in resolved_connections(source, losses):
        test = load_test(found.connection, losses, with_secrets=source.with_secrets)
        target = target or test.request.url
        checks_certificates = checks_certificates and found.connection.profile.tls.verify
        flow = [{"connect": _connect(test)}, *_flow(test, losses)]
        scenarios.append({"name": found.title, "engine": "ws", "flow": flow})
    config: dict[str, Any] = {
        "target": target,
        "phases": [{"duration": 1, "arrivalCount": max(len(scenarios), 1)}],
    }
    if not checks_certificates:
        config["ws"] = {"rejectUnauthorized": False}
    yield Piece(document({"config": config, "scenarios": scenarios}).encode())


def _connect(test: LoadTest) -> dict[str, Any] | str:
    values: dict[str, Any] = {"target": test.request.url}
    if headers := dict(test.request.signed_headers):
        values["headers"] = headers
    if test.request.subprotocols:
        values["subprotocols"] = list(test.request.subprotocols)
    return values if len(values) > 1 else test.request.url


def _flow(test: LoadTest, losses: NamedLosses) -> Iterator[dict[str, Any]]:
    for one in test.messages:
        if isinstance(one.payload, bytes) or "{{" in one.payload:  # it would be replaced
            losses.lose(Loss.MESSAGES, one.name)
            continue
        yield {"send": one.payload}
        yield _THINK
    if not test.messages:
        yield _THINK
