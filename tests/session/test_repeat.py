"""A message is sent again and again, in its rhythm, until it is enough."""

from __future__ import annotations

from spacebeam.session.repeat import Repeater, Repetition
from spacebeam.session.session import Session
from tests.session.sessions import entry_texts, opened, recorded_session
from tests.support.serving import serving
from tests.support.waiting import eventually


def echoes(session: Session) -> list[str]:
    """Return what the server has sent back."""
    return [one for one in entry_texts(session) if one.startswith("RECEIVED ")]


async def test_numbered_messages_are_sent_as_often_as_wanted() -> None:
    async with serving() as server:
        session = recorded_session()
        await opened(session, f"{server.url}/echo")
        changes: list[int] = []
        repetition = Repetition("beat {n} {x}", 0.001, 3, is_numbered=True)
        repeater = Repeater(session, repetition, lambda: changes.append(repeater.sent))
        await eventually(lambda: not repeater.is_running)
        assert repeater.sent == 3
        assert repeater.error is None
        assert changes[-1] == 3
        await eventually(lambda: echoes(session) == [f"RECEIVED beat {n} {{x}}" for n in (1, 2, 3)])


async def test_messages_are_sent_until_they_are_stopped() -> None:
    async with serving() as server:
        session = recorded_session()
        await opened(session, f"{server.url}/echo")
        repeater = Repeater(session, Repetition("{n}", 0.001), lambda: None)
        await eventually(lambda: repeater.sent > 5)
        repeater.stop()
        await eventually(lambda: not repeater.is_running)
        count = repeater.sent
        await eventually(lambda: echoes(session) == ["RECEIVED {n}"] * count)


async def test_it_ends_with_the_connection() -> None:
    async with serving() as server:
        session = recorded_session()
        await opened(session, f"{server.url}/echo")
        repeater = Repeater(session, Repetition(b"beat", 0.001), lambda: None)
        await eventually(lambda: repeater.sent > 0)
        await session.close()
        await eventually(lambda: not repeater.is_running)
        assert repeater.error is not None
