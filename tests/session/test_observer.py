"""Observers of a session: the calls in order, and an observer that raises."""

from __future__ import annotations

import pytest

from spacebeam.net.close_reason import CloseCause
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch
from spacebeam.session.observer import Observer
from spacebeam.wording.closing import close_words
from tests.session.sessions import CallLog, entry_texts, opened, recorded_session
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.serving import serving
from tests.support.waiting import eventually


async def test_a_failed_handshake_is_reported() -> None:
    session, log = recorded_session(), CallLog()
    session.observers.add(log)
    with pytest.raises(HandshakeError):
        await opened(session, f"ws://{LOOPBACK}:{free_port()}/")
    assert log.calls == ["CONNECTING", "failed", "CLOSED"]


class Failing(Observer):
    """Raises at the first entries, or when the connection opens."""

    def __init__(self, *, at_once: bool) -> None:
        self._at_once = at_once
        self.calls = 0

    def opened(self, report: HandshakeReport) -> None:
        if self._at_once:
            self.calls += 1
            raise LookupError("secret")

    def entries(self, batch: Batch) -> None:
        self.calls += 1
        raise LookupError("secret")


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_observer_that_fails_is_removed_and_the_connection_ends(
    at_once: bool, unnoticed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    session, failing, log = recorded_session(), Failing(at_once=at_once), CallLog()
    session.observers.add(failing)
    session.observers.add(log)
    async with serving() as server:
        await opened(session, f"{server.url}/echo")
        await eventually(lambda: session.close_reason)
    assert session.close_reason is not None
    assert session.close_reason.cause is CloseCause.OBSERVER_FAILED
    assert failing.calls == 1
    assert log.calls[-2:] == ["ended", "CLOSED"]
    assert entry_texts(session)[-1] == f"NONE {close_words(session.close_reason)}"
    assert "removed the observer Failing, which raised LookupError" in caplog.text
    assert "secret" not in caplog.text
    assert len(unnoticed) == 1
    unnoticed.clear()


async def test_an_observer_is_not_told_of_a_replaced_connection() -> None:
    with listener() as first, listener() as second:
        session, log = recorded_session(), CallLog()
        session.observers.add(log)
        await opened(session, first.url)
        await opened(session, second.url)
        await eventually(lambda: first.close_codes == [1000])
        await eventually(lambda: len(entry_texts(session)) == 1)
        assert log.calls == [
            "CONNECTING", "opened", f"entry Connected to {first.url}", "OPEN",
            "CONNECTING", "opened", f"entry Connected to {second.url}", "OPEN",
        ]  # fmt: skip
        await session.close()
