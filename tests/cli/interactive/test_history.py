"""What was sent to an address: recalled at the input line, and shared with the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.sent_history import SentHistory
from tests.cli.interactive.terminal import Terminal, connected


def history(state: Path, address: str) -> list[str | bytes]:
    saved = SentHistory(state / "spacebeam" / "sent", address)
    saved.load()
    return saved.messages()


def leave(terminal: Terminal) -> None:
    terminal.press("C-d")
    assert terminal.wait_for_exit()[0] == 0


def test_what_was_sent_is_recalled_and_searched_in_the_next_run(
    served: str, tmp_path: Path
) -> None:
    url = f"{served}/echo"
    with connected(url, state=tmp_path) as terminal:
        for line in ("first", "//slash", "/binary 00ff", "two words", "/ping", "/nick"):
            terminal.enter(line)
        terminal.wait_for("“/nick” is not a command")
        terminal.press("C-e", "C-u")
        terminal.wait_for("< two words")
        leave(terminal)
    assert history(tmp_path, url) == ["first", "/slash", b"\x00\xff", "two words"]
    with connected(url, state=tmp_path) as terminal:
        for recalled in ("two words", "/binary 00ff", "//slash", "first"):
            terminal.press("Up")
            terminal.wait_for_line(recalled)
        terminal.press("Down", "Enter")
        terminal.wait_for("\n< /slash")
        terminal.press("C-r")
        terminal.type("rst")
        terminal.wait_for("\n> first")
        terminal.press("Enter", "Enter")
        terminal.wait_for("\n< first")
        leave(terminal)
    assert history(tmp_path, url) == [b"\x00\xff", "two words", "/slash", "first"]
    with connected(f"{served}/echo?other", state=tmp_path) as terminal:
        terminal.press("Up")
        terminal.enter("not recalled here")
        terminal.wait_for("\n< not recalled here")
        leave(terminal)


def test_what_the_window_has_sent_is_recalled(served: str, tmp_path: Path) -> None:
    url = f"{served}/echo"
    SentHistory(tmp_path / "spacebeam" / "sent", url).add("from\nthe window", 1.0)
    with connected(url, state=tmp_path) as terminal:
        terminal.press("Up", "Enter")
        terminal.wait_for("\n< from\n  the window")
        leave(terminal)


def test_nothing_is_saved_without_a_history(served: str, tmp_path: Path) -> None:
    url = f"{served}/echo"
    SentHistory(tmp_path / "spacebeam" / "sent", url).add("earlier", 1.0)
    with connected(url, "--no-history", state=tmp_path) as terminal:
        terminal.enter("hush")
        terminal.wait_for("\n< hush")
        terminal.press("Up")
        terminal.wait_for_line("hush")
        terminal.press("Up", "C-e", "C-u")
        leave(terminal)
    assert history(tmp_path, url) == ["earlier"]


@pytest.mark.parametrize(
    "option", [("--bearer", "hush-token"), ("-H", "X-Auth: hush-token"), ("-b", "sid=hush-token")]
)
def test_a_secret_of_the_connection_is_not_saved(
    option: tuple[str, str], served: str, tmp_path: Path
) -> None:
    url = f"{served}/echo?token=hush-in-address"
    with connected(url, *option, state=tmp_path) as terminal:
        for line in ('{"login":"hush-token"}', "hush-in-address", "plain"):
            terminal.enter(line)
        terminal.wait_for("\n< plain")
        leave(terminal)
    [file] = (tmp_path / "spacebeam" / "sent").iterdir()
    assert b"hush" not in file.read_bytes()
    assert b"plain" in file.read_bytes()


def test_a_message_that_was_not_sent_is_not_saved(served: str, tmp_path: Path) -> None:
    url = f"{served}/echo"
    with connected(url, state=tmp_path) as terminal:
        terminal.enter("/binary 0g")
        terminal.wait_for("Not sent")
        terminal.press("C-c")
        terminal.wait_for_exit()
    assert history(tmp_path, url) == []


def test_variables_are_replaced_as_it_is_sent_and_saved_by_name(
    served: str, tmp_path: Path
) -> None:
    url = f"{served}/echo"
    with connected(url, "--expand", "--var", "who=world", state=tmp_path) as terminal:
        terminal.enter("hello {{who}}")
        terminal.wait_for("\n< hello world")
        terminal.enter("hello {{nobody}}")
        terminal.wait_for("Not sent: ")
        terminal.wait_for_line("hello {{nobody}}")
        terminal.press("C-u")
        leave(terminal)
    assert history(tmp_path, url) == ["hello {{who}}"]
