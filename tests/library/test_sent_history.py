"""What was sent to an address is there on another day, and to no other address."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacebeam.library.retention import DAY_S, RetentionPolicy
from spacebeam.library.sent_history import (
    MAX_MESSAGE_SIZE,
    MAX_MESSAGES,
    SentHistory,
    default_folder,
    remove_expired,
)

ADDRESS = "wss://example.com/chat"
NOW = 1_700_000_000.0  # Unix time


def test_messages_are_there_later_newest_last(tmp_path: Path) -> None:
    history = SentHistory(tmp_path / "sent", ADDRESS)
    assert history.messages() == []
    for message in ("one", b"\x00\xff", "two", "one"):
        history.add(message)
    assert history.messages() == [b"\x00\xff", "two", "one"]
    assert SentHistory(tmp_path / "sent", ADDRESS).messages() == history.messages()
    assert SentHistory(tmp_path / "sent", ADDRESS + "2").messages() == []


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    SentHistory(tmp_path / "sent", ADDRESS).add("secret")
    assert (tmp_path / "sent").stat().st_mode & 0o077 == 0
    assert "example" not in "".join(path.name for path in tmp_path.rglob("*"))


def test_repeated_messages_take_no_space(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for _ in range(100):
        history.add("again")
    (file,) = tmp_path.iterdir()
    assert len(file.read_bytes().splitlines()) == 1


def test_old_messages_are_removed(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for number in range(3 * MAX_MESSAGES):
        history.add(str(number))
    later = SentHistory(tmp_path, ADDRESS)
    assert later.messages() == [str(n) for n in range(2 * MAX_MESSAGES, 3 * MAX_MESSAGES)]
    (file,) = tmp_path.iterdir()
    assert len(file.read_bytes().splitlines()) == MAX_MESSAGES


@pytest.mark.parametrize("message", ["", "x" * (MAX_MESSAGE_SIZE + 1)])
def test_empty_and_very_long_messages_are_not_saved(tmp_path: Path, message: str) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    history.add(message)
    assert history.messages() == []


def test_messages_are_searched_in_either_case(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for message in ('{"op":"subscribe"}', "ping", '{"OP":"unsubscribe"}', b"subscribe"):
        history.add(message)
    assert history.matching("Subscribe") == ['{"OP":"unsubscribe"}', '{"op":"subscribe"}']


def test_a_history_is_forgotten(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    history.add("one")
    history.forget()
    assert history.messages() == []
    assert list(tmp_path.iterdir()) == []
    history.forget()


def test_what_was_sent_stays_as_long_as_recordings_do(tmp_path: Path) -> None:
    for address, age in ((ADDRESS, 29), ("wss://old.test/", 31)):
        SentHistory(tmp_path, address).add("one")
        newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (NOW - age * DAY_S,) * 2)
    remove_expired(tmp_path, RetentionPolicy(max_age=None), NOW)
    assert len(list(tmp_path.iterdir())) == 2
    remove_expired(tmp_path, RetentionPolicy(max_age=30), NOW)
    assert SentHistory(tmp_path, ADDRESS).messages() == ["one"]
    assert SentHistory(tmp_path, "wss://old.test/").messages() == []
    remove_expired(tmp_path / "missing", RetentionPolicy(max_age=30), NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_a_damaged_file_does_no_harm(tmp_path: Path, damage: bytes) -> None:
    SentHistory(tmp_path, ADDRESS).forget()
    history = SentHistory(tmp_path, ADDRESS)
    history.add("first")
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + damage + b"\n")
    later = SentHistory(tmp_path, ADDRESS)
    assert "first" in later.messages()
    later.add("last")
    assert SentHistory(tmp_path, ADDRESS).messages()[-1] == "last"


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = SentHistory(tmp_path / "file", ADDRESS)
    history.add("one")
    assert history.messages() == ["one"]


def test_the_folder_is_that_of_the_desktop() -> None:
    assert default_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/spacebeam/sent")
    assert (
        default_folder({"XDG_STATE_HOME": "s"})
        == Path("~/.local/state/spacebeam/sent").expanduser()
    )
