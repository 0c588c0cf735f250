"""What was talked about becomes a scenario, which is run, broken, and run again."""

from __future__ import annotations

from functools import partial

from tests.journeys.keyboard import CONTROL, focus_top_window, press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, Widget, until
from tests.journeys.test_expert import shown_item


def _is_said_twice(window: Widget, words: str) -> bool:
    return window.says(words) == 2


def test_a_scenario_is_made_of_a_filtered_conversation_and_run() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        for words in ("a needle", "some hay"):
            say(window, words)
            until(partial(_is_said_twice, window, words), "the echo")
        press(CONTROL, "f")
        window.find(TEXT, "Filter").write("needle")
        window.reads("2 of 5")
        press(CONTROL, "e")
        until(lambda: shown_item(window, "Make a Scenario…"), "the item").press()
        until(lambda: len(program.windows()) == 2, "the scenario's window")
        scenario = next(one for one in program.windows() if one.name.startswith("•"))
        focus_top_window()
        text = scenario.find(TEXT, "Scenario")
        assert "a needle" in text.text
        assert "hay" not in text.text
        scenario.reads("1 scenario")
        press(CONTROL, "Return")
        scenario.reads("1 passed")
        text.write(text.text.replace("# @expect", "# @timeout 100ms\n# @expect json:id=9 "))
        press(CONTROL, "Return")
        scenario.reads("1 did not pass")
        scenario.reads("What came instead:")
        scenario.find(BUTTON, f"Show Conversation of “{url}/echo”").press()
        window.reads("Recording")
