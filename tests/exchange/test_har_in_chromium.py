"""Chrome's DevTools open what is exported as HAR."""

from __future__ import annotations

from spacebeam.net.close_reason import CloseCause
from spacebeam.net.events import Closed, Connected, event
from spacebeam.protocol.batch import Direction, Kind, single
from tests.exchange.exporting import BEGAN, connected_at, exported, text
from tests.support.devtools import opened_in_devtools

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED


def test_the_network_panel_shows_each_connection_and_its_messages() -> None:
    url = "wss://h.example/feed?a=%20b"
    request = "GET /feed?a=%20b HTTP/1.1\nHost: h.example\nCookie: secret=1\nX-Test: 1"
    awkward = 'Grüße "🚀"\n</script>\u2028\x00\ud7ff'
    pieces, _losses = exported(
        "har",
        event(BEGAN, Connected(url)),
        single(BEGAN + 1, _SENT, Kind.TEXT, awkward.encode()),
        single(BEGAN + 2.25, _RECEIVED, Kind.BINARY, b"\x00\xff"),
        single(BEGAN + 3, _RECEIVED, Kind.TEXT, b""),
        event(BEGAN + 4, Closed(CloseCause.STREAM_CLOSED, 1006)),
        event(BEGAN + 5, Connected(url)),
        single(BEGAN + 6, _RECEIVED, Kind.TEXT, b"again"),
        also=connected_at(url, request, 0, 5),
    )
    first, second = opened_in_devtools(text(pieces))
    assert (first["url"], first["status"], first["type"]) == (url, 101, "websocket")
    assert ["X-Test", "1"] in first["headers"]
    assert all("secret=1" not in value for _name, value in first["headers"])
    *messages, error = first["frames"]
    assert messages == [
        ["send", BEGAN + 1, 1, awkward],
        ["receive", BEGAN + 2.25, 2, "AP8="],
        ["receive", BEGAN + 3, 1, ""],
    ]
    assert error[0] == "error"
    assert second["frames"] == [["receive", BEGAN + 6, 1, "again"]]
