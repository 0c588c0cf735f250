"""Headless Chromium counting the flood: `chromium_client PROGRAM URL COUNT`.

A page counts the messages and reports the time from the first message to the last; the last line on
standard error has it.
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
    results: list[float] = []  # noqa: RUF012  shared by all instances, one a request

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.results.append(float(body) / 1000)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Print nothing: the last line must be the result."""


def main(program: str, url: str, count: str) -> None:
    """Open the page in Chromium and print its result."""
    _Handler.page = _PAGE.replace("URL", url).replace("COUNT", count).encode()
    with (
        http.server.HTTPServer(("127.0.0.1", 0), _Handler) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
    ):
        address = f"http://127.0.0.1:{server.server_port}/"
        command = [program, *_FLAGS, f"--user-data-dir={profile}", address]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not _Handler.results:
                server.handle_request()
        finally:
            browser.terminate()
            browser.wait()
    # The processor time of Chromium's many processes is not measured.
    print(f'{{"seconds": {_Handler.results[0]}, "processor": 0}}', file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
