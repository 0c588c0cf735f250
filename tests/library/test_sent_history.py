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
    MAX_SIZE,
    Message,
    SentHistory,
    SentMessage,
    default_folder,
    remove_expired,
)

ADDRESS = "wss://example.com/chat"
NOW = 1_700_000_000.0  # Unix time


def loaded(folder: Path, address: str = ADDRESS) -> SentHistory:
    """Return what was sent to an address, as another program finds it."""
    history = SentHistory(folder, address)
    history.load()
    return history


def found(history: SentHistory, typed: str) -> list[Message]:
    """Return the messages that contain the typed words."""
    return [sent.message for sent in history.search(typed) if sent is not None]


def test_messages_are_there_later_newest_last(tmp_path: Path) -> None:
    history = SentHistory(tmp_path / "sent", ADDRESS)
    assert history.messages() == []
    for message in ("one", b"\x00\xff", "two", "one"):
        history.add(message, NOW)
    assert history.messages() == [b"\x00\xff", "two", "one"]
    assert loaded(tmp_path / "sent").messages() == history.messages()
    assert loaded(tmp_path / "sent", ADDRESS + "2").messages() == []


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    SentHistory(tmp_path / "sent", ADDRESS).add("secret", NOW)
    (tmp_path / "sent").chmod(0o755)  # as of a folder that was there
    (file,) = (tmp_path / "sent").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_its_folder_is_the_owners_alone(tmp_path: Path) -> None:
    SentHistory(tmp_path / "sent", ADDRESS).add("secret", NOW)
    assert (tmp_path / "sent").stat().st_mode & 0o077 == 0
    assert "example" not in "".join(path.name for path in tmp_path.rglob("*"))


def test_repeated_messages_take_no_space(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for _ in range(100):
        history.add("again", NOW)
    (file,) = tmp_path.iterdir()
    assert len(file.read_bytes().splitlines()) == 1


def test_old_messages_are_removed(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for number in range(2 * MAX_MESSAGES + 1):
        history.add(str(number), NOW + number)
    newest = [str(n) for n in range(MAX_MESSAGES + 1, 2 * MAX_MESSAGES + 1)]
    assert history.messages() == newest
    assert loaded(tmp_path).messages() == newest
    (file,) = tmp_path.iterdir()
    assert len(file.read_bytes().splitlines()) == MAX_MESSAGES


def test_long_messages_are_bounded_together(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for number in range(3 * MAX_SIZE // MAX_MESSAGE_SIZE):
        history.add(f"{number} ".ljust(MAX_MESSAGE_SIZE), NOW + number)
    assert sum(map(len, history.messages())) == MAX_SIZE
    later = loaded(tmp_path)
    assert later.messages() == history.messages()
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size <= 2 * MAX_SIZE


@pytest.mark.parametrize("message", ["", "x" * (MAX_MESSAGE_SIZE + 1)])
def test_empty_and_very_long_messages_are_not_saved(tmp_path: Path, message: str) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    history.add(message, NOW)
    assert history.messages() == []


def test_messages_are_searched_by_words_in_either_case_newest_first(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for message in ('{"op":"subscribe"}', "ping", '{"OP":"unsubscribe"}', b"subscribe"):
        history.add(message, NOW)
    assert found(history, "Subscribe") == ['{"OP":"unsubscribe"}', '{"op":"subscribe"}']
    assert found(history, " un OP ") == ['{"OP":"unsubscribe"}']
    assert found(history, "73 75") == [b"subscribe"]
    assert found(history, "") == history.messages()[::-1]
    assert len(list(history.search("ping"))) == 4  # a step for each message


def test_the_time_of_a_message_is_that_of_its_last_sending(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for later, message in enumerate(("one", "two", "one")):
        history.add(message, NOW + later)
    for one in (history, loaded(tmp_path)):
        assert list(one.search("")) == [SentMessage("one", NOW + 2), SentMessage("two", NOW + 1)]


def test_files_of_earlier_versions_have_no_times(tmp_path: Path) -> None:
    SentHistory(tmp_path, ADDRESS).add("new", NOW)
    (file,) = tmp_path.iterdir()
    odd = b'{"time": 1e999, "text": "odd"}\n'
    file.write_bytes(b'{"text": "old"}\n{"binary": "AP8="}\n' + odd + file.read_bytes())
    assert loaded(tmp_path).messages() == ["old", b"\x00\xff", "odd", "new"]
    assert [one.time for one in loaded(tmp_path).search("") if one] == [NOW, 0, 0, 0]


@pytest.mark.parametrize("message", ["pass word", b"\x00pass word", 'a "quote"', "ü \n"])
def test_a_removed_message_leaves_no_byte_in_the_file(tmp_path: Path, message: Message) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    for one in ("before", message, f"{message!r} too", message, "after"):
        history.add(one, NOW)
    (file,) = tmp_path.iterdir()
    history.remove(message)
    rest = ["before", f"{message!r} too", "after"]
    assert history.messages() == rest
    assert loaded(tmp_path).messages() == rest
    assert len([line for line in file.read_bytes().splitlines() if line.strip()]) == 3
    history.add(message, NOW)
    assert loaded(tmp_path).messages() == [*rest, message]


def test_a_message_can_be_removed_that_was_never_saved(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    history.remove("one")
    history.add("two", NOW)
    history.remove("one")
    assert history.messages() == ["two"]


def test_what_another_program_sent_is_noticed_and_taken_up(tmp_path: Path) -> None:
    one, other = SentHistory(tmp_path, ADDRESS), SentHistory(tmp_path, ADDRESS)
    one.add("from one", NOW)
    assert not one.is_outdated()
    other.add("from the other", NOW + 1)
    assert one.is_outdated()
    assert other.is_outdated()
    one.add("again", NOW + 2)
    for each in (one, other):
        each.load()
        assert not each.is_outdated()
        assert each.messages() == ["from one", "from the other", "again"]


def test_what_is_sent_and_removed_while_the_file_is_read_stays_so(tmp_path: Path) -> None:
    before = SentHistory(tmp_path, ADDRESS)
    before.add("stays", NOW)
    before.add("goes", NOW)
    history = SentHistory(tmp_path, ADDRESS)
    read = history.read()
    history.add("new", NOW + 1)
    history.remove("goes")
    history.take_up(*read)
    assert history.messages() == ["stays", "new"]


def test_a_history_is_forgotten(tmp_path: Path) -> None:
    history = SentHistory(tmp_path, ADDRESS)
    history.add("one", NOW)
    history.forget()
    assert history.messages() == []
    assert list(tmp_path.iterdir()) == []
    history.forget()


def test_what_was_sent_stays_as_long_as_recordings_do(tmp_path: Path) -> None:
    for address, age in ((ADDRESS, 29), ("wss://old.test/", 31)):
        SentHistory(tmp_path, address).add("one", NOW)
        newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (NOW - age * DAY_S,) * 2)
    remove_expired(tmp_path, RetentionPolicy(max_age=None), NOW)
    assert len(list(tmp_path.iterdir())) == 2
    remove_expired(tmp_path, RetentionPolicy(max_age=30), NOW)
    assert loaded(tmp_path).messages() == ["one"]
    assert loaded(tmp_path, "wss://old.test/").messages() == []
    remove_expired(tmp_path / "missing", RetentionPolicy(max_age=30), NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_a_damaged_file_does_no_harm(tmp_path: Path, damage: bytes) -> None:
    SentHistory(tmp_path, ADDRESS).forget()
    history = SentHistory(tmp_path, ADDRESS)
    history.add("first", NOW)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + damage + b"\n")
    later = loaded(tmp_path)
    assert "first" in later.messages()
    later.add("last", NOW)
    assert loaded(tmp_path).messages()[-1] == "last"


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = SentHistory(tmp_path / "file", ADDRESS)
    history.add("one", NOW)
    assert history.messages() == ["one"]


def test_the_folder_is_that_of_the_desktop() -> None:
    assert default_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/spacebeam/sent")
    assert (
        default_folder({"XDG_STATE_HOME": "s"})
        == Path("~/.local/state/spacebeam/sent").expanduser()
    )
