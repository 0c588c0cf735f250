"""A web page in a real browser, Chromium without a window."""

from __future__ import annotations

import http.server
import subprocess
import tempfile
import threading
import urllib.parse
from queue import Empty, Queue

import pytest

from tests.support.processes import LOOPBACK, binary, end

SITE = "app.example"  # the page's site, which is not on this computer as far as a server can tell
_PATIENCE = 30.0
HEADLESS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_CHROMIUM = (
    *HEADLESS,
    f"--host-resolver-rules=MAP {SITE} {LOOPBACK}",
)


class _Page(http.server.BaseHTTPRequestHandler):
    """Serves the page at `/`, and hears at `/told` what it tells."""

    page: bytes
    told: Queue[str]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if path == "/told":
            self.told.put(urllib.parse.unquote(query))
        elif path == "/":
            self.wfile.write(self.page)

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


def told_by_page(script: str, host: str = LOOPBACK) -> str:
    """Run the script of a page of `host` in a browser; return what the page `tell`s.

    Skip the test without Chromium.
    """
    chromium = binary("chromium")
    told: Queue[str] = Queue()
    page = f'<script>const tell = words => fetch("/told?" + escape(words));{script}</script>'
    handler = type("Page", (_Page,), {"page": page.encode(), "told": told})
    with (
        http.server.ThreadingHTTPServer((LOOPBACK, 0), handler) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        child = subprocess.Popen(
            [
                chromium,
                *_CHROMIUM,
                f"--user-data-dir={profile}",
                f"http://{host}:{server.server_port}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return told.get(timeout=_PATIENCE)
        except Empty:
            pytest.fail("the page did not say anything")
        finally:
            end(child)
            server.shutdown()
