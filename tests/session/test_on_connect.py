"""Messages that are sent by themselves after each connect."""

from __future__ import annotations

from spacebeam.net.backoff import Backoff
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.endpoint import parse
from spacebeam.session.on_connect import OnConnect
from spacebeam.session.session import Session
from tests.support.restartable_server import restartable_server
from tests.support.waiting import eventually


async def test_messages_are_sent_after_connecting_and_after_each_reconnect() -> None:
    session, count = Session(), 0

    def make() -> list[str | bytes]:
        nonlocal count
        count += 1
        return [f"login {count}", b"\x00"]

    session.observers.add(OnConnect(session, make))
    with restartable_server() as server:
        backoff = Backoff(attempts=50, first=0.01, longest=0.05)
        plan = ConnectionPlan(parse(server.url), HandshakeOptions(), backoff=backoff)
        await session.open(plan)
        await eventually(lambda: server.messages == ["login 1", b"\x00"])
        server.stop()
        server.start()
        await eventually(lambda: server.messages[-2:] == ["login 2", b"\x00"])
        await session.close()
