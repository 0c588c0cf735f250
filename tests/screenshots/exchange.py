"""The server in the pictures: an exchange that sends trades, and refuses at another path."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

PRIVATE = "/v1/orders"
_REFUSAL = {
    "error": "token_expired",
    "message": "The token has expired 3 minutes ago. Request another one at /v1/tokens.",
    "request": "8f1c2b7e-40d2-4b1a-9a55-6f0d1c2e7a90",
}
_PRICES = (58214.30, 2387.65, 58214.80, 58213.10, 2387.90, 58215.00, 2388.05, 58216.40)
_AMOUNTS = (0.0150, 0.8000, 0.2500, 0.0042, 1.2500, 0.1000, 2.0000, 0.0300)
_ALARM = {
    "event": "alarm",
    "seq": 16031,
    "code": "MARGIN_CALL",
    "message": "The margin of this account is too low",
    "detail": {
        "account": "acc-16031",
        "limit": 25.00,
        "used": 31.20,
        "is_demo": True,
        "positions": [
            {"symbol": "BTC-EUR", "amount": 0.25, "price": 58214.80},
            {"symbol": "ETH-EUR", "amount": 2.0, "price": 2388.05},
        ],
    },
    "book": [[58214.3 + step, 0.01 * step] for step in range(20)],
    "next": None,
}


@contextlib.contextmanager
def exchange() -> Iterator[str]:
    """Run the server, at a usual port if that is free; yield its address without a path."""
    server = _listen()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"ws://localhost:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()


def _listen() -> Server:
    options: dict[str, Any] = {"process_request": _refuse, "ping_interval": None}
    try:
        return serve(_tell, "127.0.0.1", 8080, close_timeout=1, **options)
    except OSError:
        return serve(_tell, "127.0.0.1", 0, close_timeout=1, **options)


def _refuse(client: ServerConnection, request: Request) -> Response | None:
    if request.path != PRIVATE:
        return None
    response = client.respond(401, json.dumps(_REFUSAL, indent=2) + "\n")
    response.headers["WWW-Authenticate"] = 'Bearer realm="exchange"'
    return response


def _tell(client: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        asked = json.loads(client.recv())
        client.send(json.dumps({"event": "subscribed", "symbols": asked["symbols"]}))
        for number in range(48):
            client.send(json.dumps(_trade(number)))
            if number % 12 == 5:
                client.ping(b"1700000000").wait(5)  # no answer after the end
            if number % 8 == 3:
                client.send(json.dumps({"event": "heartbeat", "time": time.time()}))
            if number == 38:
                client.send(json.dumps(_ALARM))
        client.send(b"\x93\x01\xa7BTC-EUR\xcb\x40\xec\x6c\xe0\x00\x00\x00\x00" + bytes(range(40)))
        for message in client:
            asked = json.loads(message)
            client.send(json.dumps({"id": asked.get("id"), "result": "ok"}))


def _trade(number: int) -> dict[str, Any]:
    at = number % len(_PRICES)
    return {
        "event": "trade",
        "id": 90_417 + number,
        "symbol": "BTC-EUR" if _PRICES[at] > 10_000 else "ETH-EUR",
        "price": f"{_PRICES[at] + number / 10:.2f}",
        "amount": f"{_AMOUNTS[at]:.4f}",
        "side": "sell" if number % 3 == 1 else "buy",
        "time": time.time(),
    }
