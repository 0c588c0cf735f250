"""Chromium's own DevTools, without a window: its network panel opens a HAR."""

from __future__ import annotations

import json
import subprocess
import tempfile
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.browser import HEADLESS
from tests.support.processes import binary, end

_FRONT_END = "devtools://devtools/bundled/devtools_app.html"
_TIMEOUT_S = 30.0
# Loads the file as the panel's button does, and waits for its requests.
_OPEN = """
(async () => {
  const from = path => import('devtools://devtools/bundled/' + path);
  const {NetworkPanel} = await from('panels/network/network.js');
  const {NetworkLog} = await from('models/logs/logs.js');
  const {ViewManager} = await from('ui/legacy/legacy.js');
  await ViewManager.ViewManager.instance().showView('network');
  const view = NetworkPanel.NetworkPanel.instance().networkLogView;
  await view.onLoadFromFile(new File([HAR], 'a.har'));
  const log = NetworkLog.NetworkLog.instance();
  while (!log.requests().length) await new Promise(done => setTimeout(done, 20));
  return log.requests().map(one => ({
    url: one.url(),
    status: one.statusCode,
    type: one.resourceType().name(),
    headers: one.requestHeaders().map(header => [header.name, header.value]),
    frames: one.frames().map(frame => [frame.type, frame.time, frame.opCode, frame.text]),
  }));
})()
"""


def opened_in_devtools(har: str) -> list[dict[str, Any]]:
    """Open a HAR in the network panel; return the requests that it shows.

    Skip the test without Chromium, or if its DevTools have other modules.
    """
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
                return _Devtools(browser).opened(har)
        finally:
            end(child)


def _address(child: subprocess.Popen[bytes]) -> str:
    assert child.stderr is not None
    for line in child.stderr:
        if b"DevTools listening on" in line:
            return line.decode().split()[-1]
    pytest.fail("Chromium did not start")


class _Devtools:
    def __init__(self, browser: ClientConnection) -> None:
        self._browser = browser
        self._count = 0
        target = self._call("Target.createTarget", url=_FRONT_END)["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def opened(self, har: str) -> list[dict[str, Any]]:
        while self._value("document.readyState") != "complete":
            pass
        found = self._evaluated(_OPEN.replace("[HAR]", f"[{json.dumps(har)}]"))
        if "exceptionDetails" in found:
            pytest.skip(f"this Chromium has other DevTools: {found['exceptionDetails']}")
        requests: list[dict[str, Any]] = found["result"]["value"]
        return requests

    def _value(self, expression: str) -> Any:
        return self._evaluated(expression)["result"].get("value")

    def _evaluated(self, expression: str) -> dict[str, Any]:
        return self._call(
            "Runtime.evaluate",
            self._session,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )

    def _call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        self._count += 1
        told: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if session:
            told["sessionId"] = session
        self._browser.send(json.dumps(told))
        while True:
            answer = json.loads(self._browser.recv(_TIMEOUT_S))
            if answer.get("id") == self._count:
                result: dict[str, Any] = answer["result"]
                return result
