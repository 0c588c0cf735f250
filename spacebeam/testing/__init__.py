"""WebSocket tests in Python: a client that expects messages by filters.

    import spacebeam

    async def test_an_order_is_confirmed() -> None:
        async with spacebeam.connect("ws://localhost:8080/feed") as ws:
            await ws.send({"op": "order", "id": 7})
            reply = await ws.expect("json:id=7", within=2)
            assert reply.json()["state"] == "confirmed"

With pytest no other plugin is needed for `async def` tests; pytest-asyncio and anyio work too.
"""

from spacebeam.testing.client import Message as Message
from spacebeam.testing.client import NotMetError as NotMetError
from spacebeam.testing.client import TestClient as TestClient
from spacebeam.testing.client import connect as connect
