"""A load test for k6, which connects once, sends the messages and closes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from spacebeam.exchange.collections.exporters.exporter import CollectionSource
from spacebeam.exchange.collections.exporters.resolved import resolved_connections
from spacebeam.exchange.collections.exporters.sent_messages import GAP_MS, SentMessage, load_test
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import NamedLosses

_SCRIPT = """\
// Run: k6 run FILE (options: https://grafana.com/docs/k6/latest/using-k6/k6-options/)
import {{ check }} from 'k6';
import encoding from 'k6/encoding';
import {{ WebSocket }} from 'k6/websockets';

export const options = {options};

const url = __ENV.WS_URL || {url};
/** @type {{import('k6/websockets').Params}} */
const params = {params};
// after: milliseconds since the connection opened
const messages = {messages};
const end = {end};

export default function () {{
  const socket = new WebSocket(url, null, params);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {{
    for (const message of messages) {{
      setTimeout(() => {{
        if (message.base64 !== undefined) socket.send(encoding.b64decode(message.base64));
        else socket.send(message.text);
      }}, message.after);
    }}
    setTimeout(() => socket.close(), end);
  }};
  const checks = {{ 'a message came': (event) => event.data !== undefined }};
  socket.onmessage = (event) => check(event, checks);
  socket.onerror = (event) => console.error(event.error);
}}
"""


def export(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield a script for the first connection."""
    for found in resolved_connections(source, losses):
        test = load_test(found.connection, losses, with_secrets=source.with_secrets)
        profile = found.connection.profile
        headers: dict[str, str] = dict(test.request.signed_headers)
        if test.request.subprotocols:  # the argument for them is not implemented
            headers["Sec-WebSocket-Protocol"] = ", ".join(test.request.subprotocols)
        params: dict[str, Any] = {"headers": headers}
        if profile.request.compression:
            params["compression"] = "deflate"
        options: dict[str, Any] = {"vus": 1, "iterations": 1}
        if not profile.tls.verify:
            options["insecureSkipTLSVerify"] = True
        messages = [_message(one, count * GAP_MS) for count, one in enumerate(test.messages)]
        script = _SCRIPT.format(
            options=_json(options),
            url=_json(test.request.url),
            params=_json(params),
            messages=_json(messages),
            end=len(messages) * GAP_MS or GAP_MS,
        )
        yield Piece(script.encode())
        return


def _message(message: SentMessage, after: int) -> dict[str, Any]:
    if isinstance(message.payload, bytes):
        return {"after": after, "base64": b64encode(message.payload).decode()}
    return {"after": after, "text": message.payload}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
