"""Chromium without a window, told by its DevTools protocol what to do."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.browser import HEADLESS
from tests.support.processes import binary, end

_TIMEOUT_S = 30.0


class ChromiumPage:
    """One page of the browser."""

    def __init__(self, browser: ClientConnection, url: str) -> None:
        self._browser = browser
        self._count = 0
        self._session = ""
        target = self._call("Target.createTarget", url=url)["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def value(self, expression: str) -> Any:
        """Return the value of an expression; None while another page is loaded."""
        return self.evaluated(expression).get("result", {}).get("value")

    def evaluated(self, expression: str) -> dict[str, Any]:
        """Return what the protocol answers to an expression."""
        return self._call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        told: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            told["sessionId"] = self._session
        self._browser.send(json.dumps(told))
        while True:
            answer = json.loads(self._browser.recv(_TIMEOUT_S))
            if answer.get("id") == self._count:
                result: dict[str, Any] = answer.get("result", {})
                return result


@contextlib.contextmanager
def chromium_page(url: str) -> Iterator[ChromiumPage]:
    """Open a page in a new browser. Skip the test without Chromium."""
    command = [binary("chromium"), *HEADLESS, "--remote-debugging-port=0"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        child = subprocess.Popen(
            [*command, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            with connect(_address(child), max_size=None) as browser:
                yield ChromiumPage(browser, url)
        finally:
            end(child)


def _address(child: subprocess.Popen[bytes]) -> str:
    assert child.stderr is not None
    for line in child.stderr:
        if b"DevTools listening on" in line:
            return line.decode().split()[-1]
    pytest.fail("Chromium did not start")
