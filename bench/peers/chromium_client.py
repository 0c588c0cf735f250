"""Headless Chromium counting the flood: `chromium_client PROGRAM URL COUNT`.

A bare page counts and says how long it took from the first message to the last, which is the last
line on standard error.
"""

from __future__ import annotations

import http.server
import subprocess
import sys
import tempfile

_PAGE = """\
<!DOCTYPE html>
<script>
const socket = new WebSocket("URL");
let received = 0, start = 0;
socket.onmessage = () => {
  received += 1;
  if (received === 1) start = performance.now();
  if (received === COUNT) fetch("/", {method: "POST", body: performance.now() - start});
};
</script>
"""
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-dev-shm-usage",
)


class _Handler(http.server.BaseHTTPRequestHandler):
    page = b""
    told: list[float] = []  # noqa: RUF012  the server makes an instance a request

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.append(float(body) / 1000)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the last line is for the time."""


def main(program: str, url: str, count: str) -> None:
    """Show Chromium the page and say what it measured."""
    _Handler.page = _PAGE.replace("URL", url).replace("COUNT", count).encode()
    with (
        http.server.HTTPServer(("127.0.0.1", 0), _Handler) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
    ):
        address = f"http://127.0.0.1:{server.server_port}/"
        command = [program, *_FLAGS, f"--user-data-dir={profile}", address]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not _Handler.told:
                server.handle_request()
        finally:
            browser.terminate()
            browser.wait()
    # Its many processes' processor time is nobody's business here.
    print(f'{{"seconds": {_Handler.told[0]}, "processor": 0}}', file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
