"""A scenario is edited, checked while it is typed, saved, and run with a verdict a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from gi.repository import Adw, Gio, Gtk

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.library import default_library
from spacebeam.profiles.collection import Environment, Variable
from tests.scenario.feed import feed
from tests.support.waiting import eventually
from tests.ui.doing import descendants, words
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.scenario import ScenarioPage, opened_scenario, scenario_pages
from tests.ui.pageobjects.window import WindowPage, answer, opened_window, questions

GOOD = """\
### Subscribe
WEBSOCKET ws://{host}/feed

{{"op": "sub", "id": 7, "ticks": 1}}
# @expect json:type=subscribed
"""
BAD = """\

### Wrong
WEBSOCKET ws://{host}/feed
# @timeout 200ms

{{"op": "who", "id": 8, "token": "<b>t</b>"}}
# @expect json:id=9
"""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


async def _opened(window: WindowPage, path: Path, text: str) -> ScenarioPage:
    path.write_text(text)
    assert window.drop([Gio.File.new_for_path(str(path))])
    return await opened_scenario()


async def test_each_line_gets_its_verdict_and_what_came_instead_is_told(
    host: str, tmp_path: Path
) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", (GOOD + BAD).format(host=host))
        assert page.status == "2 scenarios"
        await page.run()
        assert [page.beside(line) for line in (4, 5, 11, 12)] == ["✓", "✓", "✓", "✗"]
        assert page.status.startswith("1 passed · 1 did not pass")
        good, bad = page.rows
        assert good.startswith("✓\nSubscribe\npassed")
        assert "line 12: expect json:id=9" in bad
        assert "json:id=9: it is 8" in bad
        assert "<b>t</b>" in bad
        assert page.is_editable


async def test_only_the_scenario_at_the_cursor_is_run(host: str, tmp_path: Path) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", (GOOD + BAD).format(host=host))
        page.place_cursor(4)
        await page.run("scenario.run-here")
        assert page.status.startswith("1 passed")
        assert len(page.rows) == 1
        assert page.beside(12) == ""


async def test_verdicts_stay_at_their_lines_while_the_text_is_edited(
    host: str, tmp_path: Path
) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", (GOOD + BAD).format(host=host))
        await page.run()
        page.insert("# a comment\n", 1)
        assert [page.beside(line) for line in (4, 5, 6, 13)] == ["", "✓", "✓", "✗"]
        page.activate_row(1)
        assert page.cursor_line == 13


async def test_a_problem_is_told_while_typing_and_a_row_leads_to_its_line(
    host: str, tmp_path: Path
) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", GOOD.format(host=host))
        page.type_text(page.text.replace("@expect", "@expekt"))
        await page.until_checked("1 problem")
        assert page.beside(5) == "!"
        assert "@expekt" in page.explained(5)
        assert "@expekt" in page.rows[0]
        page.place_cursor(1)
        page.activate_row(0)
        assert page.cursor_line == 5
        page.place_cursor(1)
        page.do("scenario.run")
        await eventually(lambda: page.cursor_line == 5)
        assert not page.is_running
        page.type_text(page.text.replace("@expekt", "@expect"))
        await page.until_checked("1 scenario")
        await eventually(lambda: not page.rows)
        assert page.beside(5) == ""


async def test_a_conversation_of_a_run_is_shown_in_a_tab(host: str, tmp_path: Path) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", GOOD.format(host=host))
        await page.run()
        page.press("Show Conversation")
        await eventually(lambda: window.tab.widget.is_conversation)
        payloads = [window.tab.recording.entry(at).payload for at in range(5)]
        assert any(b'"subscribed"' in one for one in payloads)
        shown = "Expected json:type=subscribed: met"
        await eventually(lambda: any(shown in one for one in window.tab.timeline.previews_in_sight))
        assert len(list((tmp_path / "data").rglob("*.beam"))) == 1


async def test_the_parts_of_the_text_have_colours_in_light_and_dark(
    host: str, tmp_path: Path
) -> None:
    parts = ("WEBSOCKET", "ws://", "Origin:", "# @expect", '"op"', '"sub"', "7", "# said", "===")
    head = GOOD.format(host=host).replace("/feed\n", "/feed\nOrigin: http://a\n")
    manager = Adw.StyleManager.get_default()
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", f"{head}# said\n===\nhello\n")
        light = [page.colours_of(part) for part in parts]
        assert all(light)
        assert page.colours_of("hello") == ()
        manager.set_color_scheme(Adw.ColorScheme.FORCE_DARK)
        try:
            dark = [page.colours_of(part) for part in parts]
        finally:
            manager.set_color_scheme(Adw.ColorScheme.DEFAULT)
        assert all(dark)
        assert light[:-1] != dark[:-1]


async def test_a_run_can_be_stopped(host: str, tmp_path: Path) -> None:
    async with opened_window() as window:
        text = GOOD.format(host=host) + "# @expect json:type=never\n# @timeout 60s\n"
        page = await _opened(
            window, tmp_path / "a.http", text.replace("# @expect", "# @delay 60s\n# @expect")
        )
        page.do("scenario.run")
        await eventually(lambda: page.beside(4) == "✓")
        assert not page.is_editable
        page.press("S_top")
        await page.until_checked("Stopped")
        assert page.is_editable


async def test_values_that_no_file_has_are_asked_for_and_remembered(
    host: str, tmp_path: Path
) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", GOOD.format(host="{{host}}"))
        for _time in range(2):
            page.do("scenario.run")
            dialog = await dialog_of(page.widget, Adw.MessageDialog)
            (row,) = descendants(dialog, Adw.EntryRow)
            assert row.get_title() == "host"
            row.set_text(row.get_text() or host)
            dialog.response("done")
            await page.until_checked("1 passed")


async def test_the_chosen_environment_gives_the_values(host: str, tmp_path: Path) -> None:
    environments = {"dev": {"host": host}, "broken": {"host": "127.0.0.1:1"}}
    (tmp_path / "http-client.env.json").write_text(json.dumps(environments))
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", GOOD.format(host="{{host}}"))
        await eventually(lambda: page.environments == ["No Environment", "dev", "broken"])
        page.choose_environment("broken")
        await page.run()
        assert page.status.startswith("1 did not pass")
        assert "Connection refused" in page.rows[0]
        page.choose_environment("dev")
        await page.run()
        assert page.status.startswith("1 passed")


async def test_environments_of_saved_connections_are_offered_too(
    host: str, tmp_path: Path, settings_path: Path
) -> None:
    EnvironmentFiles(default_library()).save(Environment("Test", (Variable("host", host),)))
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", GOOD.format(host="{{host}}"))
        await eventually(lambda: page.environments == ["No Environment", "Test"])
        page.choose_environment("Test")
        await page.run()
        assert page.status.startswith("1 passed")


async def test_a_text_is_saved_and_run_again_if_that_is_on(host: str, tmp_path: Path) -> None:
    path = tmp_path / "a.http"
    async with opened_window() as window:
        page = await _opened(window, path, GOOD.format(host=host).replace("\n", "\r\n"))
        page.type_text(page.text.replace('"id": 7', '"id": 8'))
        assert page.title == "• a.http"
        page.do("scenario.save")
        await eventually(lambda: page.title == "a.http")
        assert (
            path.read_bytes()
            == GOOD.format(host=host).replace('"id": 7', '"id": 8').replace("\n", "\r\n").encode()
        )
        assert page.beside(4) == ""
        page.do("scenario.run-on-save")
        page.do("scenario.save")
        await page.until_checked("1 passed")


async def test_closing_asks_once_before_changes_are_lost(host: str, tmp_path: Path) -> None:
    path = tmp_path / "a.http"
    async with opened_window() as window:
        page = await _opened(window, path, GOOD.format(host=host))
        page.type_text("### changed")
        page.widget.close()
        await answer("cancel", "lost")
        assert scenario_pages() == [page]
        page.widget.close()
        await answer("save")
        await eventually(lambda: not scenario_pages())
        assert path.read_text() == "### changed"
        assert not questions()


async def test_a_file_is_opened_in_one_window_and_an_unreadable_one_says_why(
    host: str, tmp_path: Path
) -> None:
    async with opened_window() as window:
        await _opened(window, tmp_path / "a.http", GOOD.format(host=host))
        window.drop([Gio.File.new_for_path(str(tmp_path / "a.http"))])
        await window.finish_opening()
        assert len(scenario_pages()) == 1
        (tmp_path / "b.http").write_bytes(b"\xff\xfe")
        window.drop([Gio.File.new_for_path(str(tmp_path / "b.http"))])
        await answer("close", "not UTF-8")
        await window.finish_opening()
        assert len(scenario_pages()) == 1


async def test_long_lines_are_whole_in_the_file_and_their_marks_are_right(
    host: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.http"
    long = "x" * 9000
    text = GOOD.format(host=host).replace(
        "}\n", '}\n===\n"' + long + '"\n===\n{"op": "who"}\n# @expect json:token\n', 1
    )
    async with opened_window() as window:
        page = await _opened(window, path, text)
        await page.run()
        assert page.rows
        assert [page.beside(line) for line in (4, 6, 8)] == ["✓", "✓", "✓"]
        page.insert(" ", 1)
        page.do("scenario.save")
        await eventually(lambda: page.title == "a.http")
        assert path.read_text() == " " + text


async def test_the_window_is_usable_when_it_is_narrow(host: str, tmp_path: Path) -> None:
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", (GOOD + BAD).format(host=host))
        await page.run()
        assert page.widget.measure(Gtk.Orientation.HORIZONTAL, -1)[0] <= 400


async def test_a_new_scenario_is_an_example_that_can_be_closed_without_a_question() -> None:
    async with opened_window() as window:
        window.do("win.new-scenario")
        page = await opened_scenario()
        assert page.status == "1 scenario"
        assert page.title == "Scenario"
        page.widget.close()
        await eventually(lambda: not scenario_pages())


async def test_variables_are_given_other_values_for_the_runs_of_the_window(
    host: str, tmp_path: Path
) -> None:
    text = f"@host = 127.0.0.1:1\n@token = first\n{GOOD}".replace(
        '"ticks"', '"t": "{{{{token}}}}", "ticks"'
    )
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", text.format(host="{{host}}"))
        page.press("_Variables")
        dialog = await dialog_of(page.widget, Adw.MessageDialog)
        fields = {row.get_title(): row for row in descendants(dialog, Adw.EntryRow)}
        assert list(fields) == ["host (127.0.0.1:1)", "token (has a value)"]
        fields["host (127.0.0.1:1)"].set_text(host)
        dialog.response("done")
        await eventually(lambda: "_Variables (1 changed)" in page.buttons)
        await page.run()
        assert page.status.startswith("1 passed")
        page.press("_Variables (1 changed)")
        dialog = await dialog_of(page.widget, Adw.MessageDialog)
        next(iter(descendants(dialog, Adw.EntryRow))).set_text("")
        dialog.response("done")
        await eventually(lambda: "_Variables" in page.buttons)
        await page.run()
        assert page.status.startswith("1 did not pass")


async def test_a_snapshot_is_approved_after_what_differs_is_shown(
    host: str, tmp_path: Path
) -> None:
    text = GOOD.format(host=host) + "# @snapshot Subscribed without token\n"
    snapshot = tmp_path / "snapshots" / "a" / "Subscribed.txt"
    async with opened_window() as window:
        page = await _opened(window, tmp_path / "a.http", text)
        await page.run()
        page.press("Approve…")
        dialog = await dialog_of(page.widget, Adw.MessageDialog)
        assert any('+  "id": 7' in one for one in words(dialog))
        dialog.response("cancel")
        await eventually(lambda: find_dialog(page.widget, Adw.MessageDialog) is None)
        assert not snapshot.exists()
        page.press("Approve…")
        (await dialog_of(page.widget, Adw.MessageDialog)).response("approve")
        await eventually(lambda: not page.shows_button("Approve…"))
        assert json.loads(snapshot.read_text())["id"] == 7
        await page.run()
        assert page.status.startswith("1 passed")
        page.type_text(page.text.replace('"id": 7', '"id": 8'))
        await page.run()
        page.press("Approve…")
        dialog = await dialog_of(page.widget, Adw.MessageDialog)
        (difference,) = (one for one in words(dialog) if '+  "id": 8' in one)
        assert '-  "id": 7' in difference
        dialog.response("approve")
        await eventually(lambda: json.loads(snapshot.read_text())["id"] == 8)


async def test_a_file_that_another_program_changes_is_shown_at_once_and_run(
    host: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.http"
    async with opened_window() as window:
        page = await _opened(window, path, GOOD.format(host=host))
        page.do("scenario.run-on-save")
        other = tmp_path / "other"
        other.write_text((GOOD + BAD).format(host=host))
        other.replace(path)  # as editors save
        await eventually(lambda: "### Wrong" in page.text)
        await page.until_checked("1 passed · 1 did not pass")
        assert page.title == "a.http"
        path.write_text(GOOD.format(host=host))
        await eventually(lambda: "### Wrong" not in page.text)
        await page.until_checked("1 passed")


async def test_a_change_by_another_program_asks_before_changes_are_lost(
    host: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.http"
    async with opened_window() as window:
        page = await _opened(window, path, GOOD.format(host=host))
        page.type_text("### mine")
        path.write_text("### theirs")
        await eventually(lambda: page.asks_about_outside)
        page.press("_Keep Mine")
        assert not page.asks_about_outside
        assert page.text == "### mine"
        path.write_text("### theirs again")
        await eventually(lambda: page.asks_about_outside)
        page.press("_Reload")
        await eventually(lambda: page.text == "### theirs again")
        assert not page.asks_about_outside
        assert page.title == "a.http"
        page.type_text("### mine")
        page.do("scenario.save")
        await eventually(lambda: path.read_text() == "### mine")
        assert not page.asks_about_outside
