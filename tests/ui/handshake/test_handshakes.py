"""The handshakes of a recording, and the one that an entry belongs to."""

from __future__ import annotations

import pytest

from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_json import NOT_KEPT, kept_json, to_json
from spacebeam.net.report_reading import ReportError
from spacebeam.ui.handshake.handshake_window import Handshakes

LIVE = HandshakeReport(
    "ws://h/", (HttpExchange("ws://h/", "GET / HTTP/1.1\nCookie: a=b"),), began=7.0
)


def test_only_the_live_handshake_has_secrets() -> None:
    handshakes = Handshakes([(0, kept_json(LIVE)), (9, kept_json(LIVE))], LIVE)
    assert handshakes.newest == 1
    assert handshakes.report(1) is LIVE
    assert handshakes.report(0).exchanges[0].request.endswith(f"Cookie: {NOT_KEPT}")
    assert [handshakes.has_secrets(place) for place in range(2)] == [False, True]


def test_the_live_handshake_of_another_recording_is_ignored() -> None:
    earlier = HandshakeReport("ws://h/", began=6.0)
    handshakes = Handshakes([(0, to_json(earlier))], LIVE)
    assert (len(handshakes), handshakes.report(0)) == (1, earlier)
    assert not handshakes.has_secrets(0)


@pytest.mark.parametrize(("entry", "place"), [(0, 0), (2, 0), (3, 0), (9, 0), (10, 1), (99, 1)])
def test_an_entry_belongs_to_the_last_handshake_before_it(entry: int, place: int) -> None:
    assert Handshakes([(3, ""), (10, "")]).position_for(entry) == place


def test_an_invalid_report_is_an_error() -> None:
    with pytest.raises(ReportError):
        Handshakes([(0, "{")]).report(0)
