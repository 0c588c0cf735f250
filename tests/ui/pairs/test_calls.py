"""Questions and answers in the window: on rows, in the filter, and as calls by method."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from gi.repository import Gtk

from spacebeam.ui.pairs.calls_window import CallsWindow
from tests.cli.recordings import write_entries
from tests.support.calls import CALLS, RECEIVED, SENT, Line, call, result, text
from tests.support.waiting import eventually
from tests.ui.doing import descendants, serving
from tests.ui.pageobjects.calls import CallsPage
from tests.ui.pageobjects.page import dialog_of
from tests.ui.pageobjects.tab import TabPage, opened_tab

_NOW = time.time()
_YOUNG = ((_NOW - 60, SENT, call(1, "old")), (_NOW + 3600, SENT, call(2, "new")))
_OPEN = ((1.0, SENT, call(1, "a")), (1.0, SENT, call(2, "b")))
_BY_PATHS = ((1.0, SENT, {"id": 7, "cmd": "open"}), (1.5, RECEIVED, {"reply_to": 7}))


@pytest.fixture
def calls(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A file with CALLS, or with the test's own messages."""
    lines: tuple[Line, ...] = getattr(request, "param", CALLS)
    return Path(write_entries(tmp_path / "calls.beam", *(text(*line) for line in lines)))


def grow(tab: TabPage, *line: Any) -> None:
    """Add a message to the shown recording."""
    tab.recording.append(text(*line))
    tab.session.emit("grown")


def notes(tab: TabPage) -> dict[int, str]:
    """What the rows say of questions, by the number of the entry."""
    rows = (row for _cell, row in tab.timeline.cells)
    return {row.number: row.pair_text for row in rows if row.pair_text}


async def opened_calls(tab: TabPage) -> CallsPage:
    tab.do("tab.calls")
    return CallsPage(await dialog_of(tab.widget.get_root(), CallsWindow))


async def test_a_row_names_the_question_of_an_answer_and_marks_a_missing_one(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        expected = {
            2: "ping · 250 ms",
            3: "getBook · 1 s",
            6: "getBook · 125 ms",
            7: "no answer",
        }
        await eventually(lambda: notes(tab) == expected)
        row = next(row for _cell, row in tab.timeline.cells if row.number == 7)
        tooltips = [label.get_tooltip_text() for label in descendants(row, Gtk.Label)]
        assert "This question has had no answer for more than 5 s" in tooltips


@pytest.mark.parametrize("calls", [_YOUNG], indirect=True)
async def test_a_question_is_not_marked_while_its_answer_may_come(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        await eventually(lambda: notes(tab) == {0: "no answer"})
        grow(tab, _NOW + 3602, RECEIVED, result(2))
        await eventually(lambda: notes(tab) == {0: "no answer", 2: "new · 2 s"})


async def test_the_filter_finds_slow_answers_and_one_call(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        page = tab.session_page
        tab.do("tab.find")
        page.filter.type_filter("latency>200ms")
        await eventually(lambda: tab.timeline.numbers == [2, 3])
        page.filter.type_filter("pair:getbook")
        await eventually(lambda: tab.timeline.numbers == [0, 3, 5, 6])
        await page.select(1)
        tab.do("tab.filter-pair")
        await eventually(lambda: tab.timeline.numbers == [0, 3])
        assert page.filter.text == "pair:#1"


@pytest.mark.parametrize("calls", [_OPEN], indirect=True)
async def test_an_answered_question_leaves_the_unanswered_ones(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        tab.do("tab.find")
        tab.session_page.filter.type_filter("is:unanswered")
        await eventually(lambda: tab.timeline.numbers == [0, 1])
        grow(tab, 2.0, RECEIVED, result(1))
        await eventually(lambda: tab.timeline.numbers == [1])


async def test_the_calls_are_sorted_live_and_lead_to_the_slowest(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        window = await opened_calls(tab)
        await eventually(lambda: window.names == ["getBook", "ping", "slow"])
        assert [(one.count, one.errors, one.unanswered) for one in window.items] == [
            (2, 0, 0),
            (1, 1, 0),
            (1, 0, 1),
        ]
        assert window.items[0].slowest == pytest.approx(1.0)
        await eventually(lambda: window.counts == "4 calls · 1 without an answer")
        window.sort_by("Errors")
        assert window.names[0] == "ping"
        window.choose("getBook")
        await eventually(lambda: tab.timeline.numbers == [0, 3, 5, 6])
        await eventually(lambda: tab.timeline.selected == 3)
        grow(tab, 9.0, RECEIVED, result(4))
        window.sort_by("Slowest")
        await eventually(lambda: window.names == ["slow", "getBook", "ping"])


@pytest.mark.parametrize("calls", [_BY_PATHS], indirect=True)
async def test_calls_are_paired_by_two_paths(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        window = await opened_calls(tab)
        window.pair_by("id")
        assert window.error == "Write two paths, such as json:id=json:reply_to."
        window.pair_by("json:id=json:reply_to")
        await eventually(lambda: window.names == ["open"])
        assert window.error == ""
        await eventually(lambda: notes(tab) == {1: "open · 500 ms"})


async def test_a_live_conversation_is_paired_while_it_goes_on() -> None:
    async with opened_tab() as tab, serving() as url:
        await tab.connect(f"{url}/echo")
        window = await opened_calls(tab)
        tab.composer.say(json.dumps(call(1, "ask")))  # its echo is a question of the server
        await eventually(lambda: window.names == ["ask"])
        tab.composer.say(json.dumps(result(1)))
        await eventually(lambda: window.counts == "2 calls")
        await eventually(lambda: [note[:6] for note in notes(tab).values()] == ["ask · "] * 2)


async def test_the_filter_proposes_the_names_of_questions(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        await eventually(lambda: len(notes(tab)) == 4)
        tab.do("tab.find")
        entry = tab.session_page.filter.entry
        await eventually(entry.get_mapped)
        entry.grab_focus_without_selecting()
        next(descendants(entry, Gtk.Text)).emit("insert-at-cursor", "pair:")
        expected = ["pair:getBook", "pair:ping", "pair:slow"]
        await eventually(lambda: entry.proposed == expected)


async def test_the_slowest_answer_is_shown_though_it_was_cleared(calls: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(calls)
        await eventually(lambda: tab.timeline.length == len(CALLS))
        tab.do("tab.clear")
        await eventually(lambda: tab.timeline.length == 0)
        window = await opened_calls(tab)
        await eventually(lambda: ("getBook", 3) in window.slowest)
        window.choose("getBook")
        await eventually(lambda: tab.timeline.selected == 3)
