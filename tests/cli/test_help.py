"""`spacebeam help`: topics, commands, nearest names, and the pager of a terminal."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from spacebeam.cli.help_text import page_text
from spacebeam.help.page import CodeBlock
from spacebeam.help.parsing import parse_page
from spacebeam.help.topics import TOPICS, page
from tests.cli.program import PATIENCE, command, read_all, spacebeam
from tests.cli.test_completion import completed


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Return what a terminal receives from `spacebeam help`."""
    ours, theirs = os.openpty()
    usual = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        command("help", *arguments),
        stdout=theirs,
        stderr=theirs,
        env={**usual, "TERM": "xterm", **environment},
    ) as child:
        os.close(theirs)
        shown = read_all(ours)  # before it ends: a terminal takes few kilobytes that none reads
        assert child.wait(PATIENCE) == 0
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def printed(*arguments: str) -> str:
    """Return what `spacebeam help` prints into a pipe."""
    finished = spacebeam("help", *arguments)
    assert (finished.returncode, finished.stderr) == (0, b"")
    return finished.stdout.decode()


def test_all_topics_are_listed() -> None:
    shown = printed()
    listed = [line for line in shown.splitlines() if line.startswith("  ") and line[2] != " "]
    assert [line.split()[0] for line in listed] == [*TOPICS]
    assert page("keys").summary in shown


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_plain_text_in_a_pipe(topic: str) -> None:
    shown = page_text(page(topic), 80, is_styled=False)
    code = {
        line
        for one in page(topic).blocks
        if isinstance(one, CodeBlock)
        for line in one.text.split("\n")
    }
    long = [line for line in shown.splitlines() if len(line) > 80 and line.strip() not in code]
    assert [line for line in long if line[4:] not in code] == []
    assert "\x1b" not in shown
    assert not any(line.endswith(" ") for line in shown.splitlines())


def test_a_topic_is_printed_in_a_pipe() -> None:
    assert printed("decoders") == page_text(page("decoders"), 80, is_styled=False)


def test_text_tables_and_lists_are_laid_out() -> None:
    body = """# Title

Summary.

## Section

A paragraph with *several* words, `code` and a [link](keys.md) that is as long as two lines.

- an item with so many words that it does not fit
- another

| a | long title |
|---|---|
| `x` | a cell with many words in it, which are wrapped |

```
code
```
"""
    shown = page_text(parse_page("topic", body), 40, is_styled=False)
    assert (
        shown
        == """Title

  Summary.

Section

  A paragraph with several words, code
  and a link that is as long as two
  lines.

  - an item with so many words that it
    does not fit
  - another

  a  long title
  x  a cell with many words in it, which
     are wrapped

    code

See also

  spacebeam help keys
"""
    )


def test_a_command_shows_its_options() -> None:
    assert printed("connect") == spacebeam("connect", "--help").stdout.decode()


def test_a_topic_with_the_name_of_a_command_leads_to_its_options() -> None:
    shown = printed("search")
    assert "The filter language" in shown
    assert shown.endswith("The options of the command are in “spacebeam search --help”.\n")


@pytest.mark.parametrize(
    ("name", "near"),
    [("serach", " Did you mean “search”?"), ("prob", " Did you mean “probe”?"), ("q", "")],
)
def test_an_unknown_name_is_an_error_with_the_nearest_ones(name: str, near: str) -> None:
    finished = spacebeam("help", name)
    assert (finished.returncode, finished.stdout) == (2, b"")
    first = finished.stderr.decode().splitlines()[0]
    assert first == f"spacebeam: There is no topic or command “{name}”.{near}"


def test_control_characters_of_an_unknown_name_are_visible() -> None:
    assert b"\x1b" not in spacebeam("help", "\x1b[31m").stderr


def test_json_lists_the_topics_and_has_the_text_of_one() -> None:
    every = [json.loads(line) for line in printed("--json").splitlines()]
    assert [one["topic"] for one in every] == [*TOPICS]
    assert every[0] == {
        "topic": "start",
        "title": page("start").title,
        "summary": page("start").summary,
    }
    one = json.loads(printed("chat", "--json"))
    assert one["text"] == page_text(page("chat"), 80, is_styled=False)
    assert spacebeam("help", "connect", "--json").returncode == 2


def test_headings_are_bold_on_a_terminal() -> None:
    assert "\x1b[1mDecoders\x1b[0m" in on_a_terminal("decoders", PAGER="cat")


def test_the_pager_is_used_on_a_terminal_only(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    environment = {"PAGER": f"tee {seen} | head -n 1"}
    shown = on_a_terminal("keys", **environment)
    assert "Keys" in shown
    assert "Ctrl+F" not in shown
    assert "Ctrl+F" in seen.read_text()
    seen.unlink()
    env = os.environ | environment
    subprocess.run(command("help", "keys"), env=env, stdout=subprocess.PIPE, check=True)
    assert not seen.exists()


@pytest.mark.parametrize("pager", ["", "cat", "a-pager-that-does-not-exist"])
def test_without_a_pager_the_text_is_printed(pager: str) -> None:
    assert "JSON" in on_a_terminal("decoders", PAGER=pager)


def test_leaving_the_pager_early_is_no_error() -> None:
    assert on_a_terminal("recording-format", PAGER="true") == ""


def test_topics_and_commands_are_completed() -> None:
    assert {"plain,search", "plain,keys", "plain,connect"} <= set(completed("help", ""))
    assert completed("help", "decoder") == ["plain,decoders"]
