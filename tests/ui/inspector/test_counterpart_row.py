"""From a question to its answer and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spacebeam.protocol.batch import Direction, Kind, single
from tests.cli.recordings import write_entries
from tests.support.waiting import eventually
from tests.ui.pageobjects.tab import opened_tab

_ENTRIES = (
    (1.0, Direction.SENT, {"jsonrpc": "2.0", "id": 1, "method": "getBook"}),
    (1.2, Direction.RECEIVED, {"jsonrpc": "2.0", "method": "tick"}),
    (1.5, Direction.RECEIVED, {"jsonrpc": "2.0", "id": 1, "result": []}),
    (1.6, Direction.SENT, {"jsonrpc": "2.0", "id": 2, "method": "slow"}),
)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    batches = (
        single(time, direction, Kind.TEXT, json.dumps(value).encode())
        for time, direction, value in _ENTRIES
    )
    return Path(write_entries(tmp_path / "calls.beam", *batches))


async def test_one_key_leads_to_the_answer_and_back(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        page = tab.session_page
        row = page.widget.inspector.counterpart_row
        await eventually(lambda: page.timeline.length == 4)
        await page.select(0)
        await eventually(lambda: row.words == "Answered by #3 after 500 ms")
        tab.do("tab.pair")
        await eventually(lambda: row.words == "Answers #1 (getBook) after 500 ms")
        tab.do("tab.pair")
        await eventually(lambda: row.words == "Answered by #3 after 500 ms")
        await page.select(3)
        await eventually(lambda: row.words == "No answer so far")
        await page.select(1)
        await eventually(lambda: row.words == "")
