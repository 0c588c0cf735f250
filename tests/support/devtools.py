"""Chromium's own DevTools, without a window: its network panel opens a HAR."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.chromium import chromium_page

_FRONT_END = "devtools://devtools/bundled/devtools_app.html"
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
    with chromium_page(_FRONT_END) as page:
        while page.value("document.readyState") != "complete":
            pass
        found = page.evaluated(_OPEN.replace("[HAR]", f"[{json.dumps(har)}]"))
    if "exceptionDetails" in found:
        pytest.skip(f"this Chromium has other DevTools: {found['exceptionDetails']}")
    requests: list[dict[str, Any]] = found["result"]["value"]
    return requests
