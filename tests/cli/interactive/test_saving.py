"""`/save NAME`: a message that was sent becomes one of its saved connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.cli.interactive.commands import CommandError, MessageToSave, TypedForm
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import SavedConnection, SavedMessage
from tests.cli.interactive.terminal import connected
from tests.cli.program import spacebeam


def sent_by_name(name: str, *options: str) -> bytes:
    """Return the echo of a saved message."""
    finished = spacebeam("connect", "feed", "--message", name, "--expect", "1", *options)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_a_message_is_saved_and_sent_again_by_its_name(served: str, tmp_path: Path) -> None:
    library = ("--library", str(tmp_path))
    saved = spacebeam("connect", f"{served}/echo", "--save-as", "feed", *library)
    assert saved.returncode == 0, saved.stderr
    with connected("feed", *library, size=(120, 30)) as terminal:
        terminal.enter("/save nothing yet")
        terminal.wait_for("Not saved: No message was typed yet.")
        terminal.press("C-u")
        for line, name in (
            ('{"op": "subscribe", "of": "{{braces}}"}', "subscribe"),
            ("/binary 00ff", "bytes"),
            ("first", "greeting"),
            ("second", "greeting"),
        ):
            terminal.enter(line)
            terminal.enter(f"/save {name}")
            terminal.wait_for(f"Saved as “{name}”.")
        terminal.wait_for(lambda shown: shown.count("Saved as “greeting”.") == 2)
        terminal.press("C-d")
        assert terminal.wait_for_exit()[0] == 0
    assert sent_by_name("subscribe", *library) == b'{"op": "subscribe", "of": "{{braces}}"}\n'
    assert sent_by_name("bytes", *library) == b"00ff\n"
    assert sent_by_name("greeting", *library) == b"second\n"


def test_variables_are_saved_by_name_where_they_are_replaced(served: str, tmp_path: Path) -> None:
    library = ("--library", str(tmp_path))
    assert spacebeam("connect", f"{served}/echo", "--save-as", "feed", *library).returncode == 0
    with connected("feed", *library, "--expand", "--var", "who=one") as terminal:
        terminal.enter("hello {{who}}")
        terminal.wait_for("< hello one")
        terminal.enter("/save hello")
        terminal.wait_for("Saved as “hello”.")
        terminal.press("C-d")
        terminal.wait_for_exit()
    assert sent_by_name("hello", *library, "--var", "who=two") == b"hello two\n"


def test_an_address_has_no_place_for_messages(served: str) -> None:
    with connected(f"{served}/echo", size=(120, 30)) as terminal:
        terminal.enter("hello")
        terminal.enter("/save greeting")
        terminal.wait_for("Not saved: This is not a saved connection. Save it with --save-as NAME")
        terminal.wait_for_line("/save greeting")
        terminal.press("C-c")
        terminal.wait_for_exit()


def test_a_message_that_was_sent_on_connect_is_not_the_typed_one(
    served: str, tmp_path: Path
) -> None:
    messages = (SavedMessage("Login", "login", on_connect=True),)
    connection = SavedConnection("feed", f"{served}/echo", messages=messages)
    OpenFolder(tmp_path).create_connection(ROOT, connection)
    with connected("feed", "--library", str(tmp_path), size=(120, 30)) as terminal:
        shown = terminal.wait_for("< login")
        assert shown.index("Connected to") < shown.index("Ctrl+D") < shown.index("> login")
        terminal.enter("/save")
        terminal.wait_for("Not saved: Write a name after “/save”.")
        terminal.type(" who")
        terminal.press("Enter")
        terminal.wait_for("Not saved: No message was typed yet. Messages that are typed can be")
        assert "Not sent" not in terminal.screen()
        terminal.press("C-c")
        terminal.wait_for_exit()


def test_a_message_is_saved_under_a_name() -> None:
    assert TypedForm().action("/save  a name ") == MessageToSave("a name")
    with pytest.raises(CommandError, match="Write a name"):
        TypedForm().action("/save ")
