"""The handshakes of a recording, and the one that an entry belongs to."""

from __future__ import annotations

import pytest

from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import to_json
from spacebeam.net.report_reading import ReportError
from spacebeam.ui.handshake.handshake_window import Handshakes


def test_the_handshakes_are_read_from_the_recording() -> None:
    first, second = (HandshakeReport("ws://h/", began=began) for began in (6.0, 7.0))
    handshakes = Handshakes([(0, to_json(first)), (9, to_json(second))])
    assert (len(handshakes), handshakes.newest) == (2, 1)
    assert [handshakes.report(place) for place in range(2)] == [first, second]


@pytest.mark.parametrize(("entry", "place"), [(0, 0), (2, 0), (3, 0), (9, 0), (10, 1), (99, 1)])
def test_an_entry_belongs_to_the_last_handshake_before_it(entry: int, place: int) -> None:
    assert Handshakes([(3, ""), (10, "")]).position_for(entry) == place


def test_an_invalid_report_is_an_error() -> None:
    with pytest.raises(ReportError):
        Handshakes([(0, "{")]).report(0)
