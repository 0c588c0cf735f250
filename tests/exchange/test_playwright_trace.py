"""Playwright's viewer opens what is exported as its trace, and so does an import."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from spacebeam.net.close_reason import CloseCause
from spacebeam.net.events import Closed, Connected, event
from spacebeam.protocol.batch import Direction, Kind, single
from tests.exchange.exporting import BEGAN, connected_at, exported
from tests.exchange.importing import imported
from tests.support.chromium import ChromiumPage, chromium_page
from tests.support.processes import LOOPBACK
from tests.support.waiting import PATIENCE

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED
_URL = "wss://h.example/feed?a=1"
_AWKWARD = 'Grüße "🚀"\n</script>'
_VIEWER = Path("build/peers/node_modules/playwright-core/lib/vite/traceViewer").absolute()
_PRESS = """
(() => {
  const found = [...document.querySelectorAll('%s')].filter(one => one.innerText.includes('%s'));
  found[0]?.click();
  return found.length;
})()
"""
_ROWS = ".network-websocket-message-row"
_MESSAGES = f"[...document.querySelectorAll('{_ROWS}')].map(one => one.innerText)"


def _trace() -> bytes:
    request = "GET /feed?a=1 HTTP/1.1\nHost: h.example\nCookie: secret=1"
    pieces, losses = exported(
        "playwright",
        event(BEGAN, Connected(_URL)),
        single(BEGAN + 1, _SENT, Kind.TEXT, _AWKWARD.encode()),
        single(BEGAN + 2.25, _RECEIVED, Kind.BINARY, b"\x00\xff"),
        single(BEGAN + 3, _SENT, Kind.PING, b"p"),
        single(BEGAN + 3.5, _RECEIVED, Kind.TEXT, b""),
        event(BEGAN + 4, Closed(CloseCause.STREAM_CLOSED, 1006)),
        event(BEGAN + 6, Connected(_URL)),
        single(BEGAN + 7, _RECEIVED, Kind.TEXT, b"again"),
        also=connected_at(_URL, request, 0, 6),
    )
    assert losses == {"secrets": 2}
    return b"".join(piece.data for piece in pieces)


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@contextmanager
def _viewer(folder: Path) -> Iterator[str]:
    """Serve Playwright's viewer, with the files of a folder beside it."""
    if not _VIEWER.is_dir():
        pytest.skip("playwright-core is not installed")
    (folder / "viewer").symlink_to(_VIEWER)
    handler = partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


def _press(page: ChromiumPage, selector: str, words: str) -> None:
    while not page.value(_PRESS % (selector, words)):
        pass


@pytest.mark.timeout(4 * PATIENCE)
def test_the_viewer_shows_each_connection_and_its_messages(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(_trace())
    with (
        _viewer(tmp_path) as site,
        chromium_page(f"{site}/viewer/index.html?trace={site}/a.zip") as page,
    ):
        _press(page, "[role=tab]", "Network")
        _press(page, "[role=listitem], [role=option], .list-view-entry", "feed?a=1")
        while not (rows := page.value(_MESSAGES)):
            pass
    lines = [row.split("\n") for row in rows]
    assert [line[-3] for line in lines] == ["Text", "Binary", "Ping", "Text"]
    assert lines[0] == ['Grüße "🚀" </script>', "Text", "24", "0ms"]
    assert [line[-1] for line in lines] == ["0ms", "1.3s", "2.0s", "2.5s"]


def test_a_trace_is_imported_again() -> None:
    found = imported(_trace())
    assert found.error is None
    first, second = found.conversations
    assert first.messages == [
        (_SENT, Kind.TEXT, _AWKWARD.encode()),
        (_RECEIVED, Kind.BINARY, b"\x00\xff"),
        (_SENT, Kind.PING, b"p"),
        (_RECEIVED, Kind.TEXT, b""),
    ]
    assert second.messages == [(_RECEIVED, Kind.TEXT, b"again")]
    assert b"secret=1" not in _trace()
