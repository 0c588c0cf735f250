"""The writer's thread writes in order, all or nothing, and tries again until it can."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from spacebeam.recording import writer as writer_room
from spacebeam.recording.errors import StorageError, storage_error
from spacebeam.recording.file import FileLock, Identity, identity, open_to_read, open_to_write
from spacebeam.recording.writer import WriteJob, Writer
from tests.support.disks import unwritable

_PATIENCE = 15.0  # seconds
_FACT = "INSERT OR REPLACE INTO fact VALUES(?, ?)"


def fact(name: str, value: int = 0) -> WriteJob:
    return WriteJob(_FACT, (name, value))


@dataclass
class Told:
    """What a writer told, and waiting for it."""

    written: int = 0
    faults: list[StorageError | None] = field(default_factory=list)
    moves: list[tuple[Path, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def on_written(self, count: int) -> None:
        with self.changed:
            self.written += count
            self.changed.notify()

    def on_fault(self, fault: StorageError | None) -> None:
        with self.changed:
            self.faults.append(fault)
            self.changed.notify()

    def on_moved(self, path: Path, why_not: str) -> None:
        with self.changed:
            self.moves.append((path, why_not))
            self.changed.notify()

    def until(self, condition: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, _PATIENCE)


@contextmanager
def writing(path: Path, expected: Identity | None = None) -> Iterator[tuple[Writer, Told]]:
    told = Told()
    writer = Writer(path, told.on_written, told.on_fault, told.on_moved, expected)
    try:
        yield writer, told
    finally:
        writer.stop()
        writer.join(_PATIENCE)


def facts(path: Path) -> dict[str, int]:
    with closing(open_to_read(path)) as connection:
        return dict(connection.execute("SELECT name, value FROM fact ORDER BY name"))


def test_jobs_are_written_in_order(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with writing(path) as (writer, told):
        for number in range(100):
            writer.put([fact("newest", number), fact(f"of {number}", number)])
        told.until(lambda: told.written == 100)
        assert facts(path)["newest"] == 99
        assert len(facts(path)) == 101
        writer.put([WriteJob("DELETE FROM fact WHERE name != 'newest'", ())])
        writer.stop()
        assert writer.join(_PATIENCE)
    assert facts(path) == {"newest": 99}
    assert told.faults == []
    assert sorted(found.name for found in tmp_path.iterdir()) == ["x.beam"]


def test_jobs_that_belong_together_are_written_together(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with writing(path) as (writer, told):
        writer.put([fact("first")])
        told.until(lambda: told.written == 1)
        writer.put([fact("half"), WriteJob("INSERT INTO nothing_at_all VALUES(1)", ())])
        told.until(lambda: told.faults)
        assert facts(path) == {"first": 0}
        assert "no such table" in str(told.faults[-1])
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE nothing_at_all(x)")
        writer.try_again()
        told.until(lambda: told.written == 2)
        assert facts(path) == {"first": 0, "half": 0}
        assert told.faults[-1] is None


def test_a_fault_is_told_once_and_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_room, "_RETRY_TIME", 0.01)
    tries = threading.Semaphore(0)

    def counted(error: Exception, path: Path) -> StorageError:
        tries.release()
        return storage_error(error, path)

    monkeypatch.setattr(writer_room, "storage_error", counted)
    folder = tmp_path / "there"
    with writing(folder / "x.beam") as (writer, told):
        writer.put([fact("first")])
        for _time in range(5):
            assert tries.acquire(timeout=_PATIENCE)
        folder.mkdir()
        told.until(lambda: told.written == 1)
        assert [one and one.what for one in told.faults] == [
            f"Nothing can be written in {folder}.",
            None,
        ]


def test_who_asks_to_try_again_is_told_how_it_went(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    with writing(folder / "x.beam") as (writer, told):
        writer.put([fact("first")])
        for count in range(1, 4):
            told.until(lambda: len(told.faults) == count)  # noqa: B023  it is called here alone
            writer.try_again()
        told.until(lambda: len(told.faults) == 4)
        assert [one and one.what for one in told.faults] == [
            f"Nothing can be written in {folder}."
        ] * 4
        folder.mkdir()


def test_what_waits_when_it_is_stopped_is_tried_once_more(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    told = Told()
    writer = Writer(folder / "x.beam", told.on_written, told.on_fault, told.on_moved)
    writer.put([fact("first")])
    told.until(lambda: told.faults)
    folder.mkdir()
    writer.stop()
    assert writer.join(_PATIENCE) is True
    assert facts(folder / "x.beam") == {"first": 0}


def test_a_stop_with_a_fault_comes_to_an_end(tmp_path: Path) -> None:
    told = Told()
    path = tmp_path / "there" / "x.beam"
    writer = Writer(path, told.on_written, told.on_fault, told.on_moved)
    writer.put([fact("first")])
    told.until(lambda: told.faults)
    writer.stop()
    assert writer.join(5.0) is False
    assert not writer._thread.is_alive()


def test_it_moves_with_all_that_was_written_and_goes_on_there(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    with writing(path) as (writer, told):
        writer.put([fact("first")])
        told.until(lambda: told.written == 1)
        writer.move(other)
        writer.put([fact("second")])
        told.until(lambda: told.moves and told.written == 2)
        assert told.moves == [(other, "")]
    assert set(facts(other)) == {"first", "second"}
    assert [found.name for found in tmp_path.iterdir()] == ["y.beam"]  # room is made


def test_when_it_has_moved_all_is_well(tmp_path: Path) -> None:
    folder, other = tmp_path / "there", tmp_path / "y.beam"
    with writing(folder / "x.beam") as (writer, told):
        writer.put([fact("first")])
        told.until(lambda: told.faults)
        writer.move(other)
        told.until(lambda: told.moves)
        assert told.faults[-1] is None
    assert facts(other) == {"first": 0}


def test_what_is_another_s_by_now_is_not_removed_when_it_moves(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    with writing(path) as (writer, told):
        writer.put([fact("first")])
        told.until(lambda: told.written == 1)
        path.rename(tmp_path / "mine.beam")
        path.write_text("another's")
        writer.move(other)
        told.until(lambda: told.moves)
    assert path.read_text() == "another's"
    assert facts(other) == {"first": 0}


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """While the block runs, the file is written elsewhere."""
    lock = FileLock(path)
    lock.take()
    try:
        yield
    finally:
        lock.close()


def made(path: Path, *names: str) -> Path:
    """A file of earlier, with these facts."""
    with writing(path) as (writer, told):
        writer.put([fact(name) for name in names])
        told.until(lambda: told.written == 1)
    return path


def test_one_of_earlier_that_cannot_be_written_moves_with_all_of_it(tmp_path: Path) -> None:
    path, other = made(tmp_path / "x.beam", "first"), tmp_path / "y.beam"
    with taken(path), writing(path, identity(path)) as (writer, told):
        writer.put([fact("second")])
        told.until(lambda: told.faults)
        writer.move(other)
        told.until(lambda: told.written == 1)
        assert told.moves == [(other, "")]
    assert facts(other) == {"first": 0, "second": 0}
    assert facts(path) == {"first": 0}  # what was there before is not removed


@pytest.mark.parametrize("is_replaced", [False, True])
def test_what_is_said_of_a_file_of_earlier_goes_into_no_other(
    is_replaced: bool, tmp_path: Path
) -> None:
    path, elsewhere = made(tmp_path / "x.beam", "first"), tmp_path / "moved.beam"
    with writing(path, identity(path)) as (writer, told):
        path.rename(elsewhere)
        if is_replaced:
            made(path, "another")
        writer.put([fact("second")])
        told.until(lambda: told.faults)
        assert "was moved or removed" in str(told.faults[-1])
        writer.move(tmp_path / "y.beam")
        told.until(lambda: told.moves)
        assert told.moves[0][1]
        assert not (tmp_path / "y.beam").exists()
        if is_replaced:
            assert facts(path) == {"another": 0}
            path.unlink()
        else:
            assert not path.exists()
        elsewhere.rename(path)
        writer.try_again()
        told.until(lambda: told.written == 1)
    assert facts(path) == {"first": 0, "second": 0}


def test_it_moves_when_it_is_stopped_right_after(tmp_path: Path) -> None:
    other = tmp_path / "y.beam"
    told = Told()
    path = tmp_path / "there" / "x.beam"
    writer = Writer(path, told.on_written, told.on_fault, told.on_moved)
    writer.put([fact("first")])
    told.until(lambda: told.faults)
    writer.move(other)
    writer.stop()
    assert writer.join(_PATIENCE) is True
    assert facts(other) == {"first": 0}


def test_it_does_not_move_onto_another_file(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    other.write_text("mine")
    with writing(path) as (writer, told):
        writer.put([fact("first")])
        writer.move(other)
        told.until(lambda: told.moves)
        writer.move(path)
        told.until(lambda: len(told.moves) == 2)
        writer.put([fact("second")])
        told.until(lambda: told.written == 2)
        assert told.moves == [
            (other, f"There is already a file {other}."),
            (path, "This recording is being written elsewhere."),
        ]
        assert told.faults == []
    assert other.read_text() == "mine"
    assert set(facts(path)) == {"first", "second"}


def test_a_move_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path, there = tmp_path / "x.beam", tmp_path / "there"
    there.mkdir()
    with writing(path) as (writer, told), unwritable(there):
        writer.put([fact("first")])
        writer.move(there / "y.beam")
        told.until(lambda: told.moves)
        assert told.moves[0][1] == f"Nothing can be written in {there}."
        writer.put([fact("second")])
        told.until(lambda: told.written == 2)
    assert list(there.iterdir()) == []
    assert set(facts(path)) == {"first", "second"}


def test_a_new_recording_is_not_written_into_another(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with closing(open_to_write(path)) as connection:
        connection.execute("INSERT INTO block VALUES(0, 1, 1.0, 1.0, 0, 0, 1, 1)")
    with writing(path) as (writer, told):
        writer.put([fact("first")])
        told.until(lambda: told.faults)
        assert str(told.faults[0]) == (
            f"There is already a file {path}. Save the recording elsewhere."
        )
    assert facts(path) == {}
    with writing(path, identity(path)) as (writer, told):
        writer.put([fact("first")])
        told.until(lambda: told.written == 1)
    assert facts(path) == {"first": 0}


@pytest.mark.parametrize("count", [1, 40])
def test_a_flood_is_written_whole(tmp_path: Path, count: int) -> None:
    path = tmp_path / "x.beam"
    with writing(path) as (writer, told):
        for number in range(count):
            rows = [fact(f"{number} {place}") for place in range(50)]
            writer.put(rows)
        told.until(lambda: told.written == count)
        assert len(facts(path)) == 50 * count


def test_what_can_be_written_is_written_though_what_follows_cannot(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    path = folder / "x.beam"
    told = Told()
    writer = Writer(path, told.on_written, told.on_fault, told.on_moved)
    for number in range(20):
        writer.put([fact(f"{number}")])
    writer.put([WriteJob("INSERT INTO nothing_at_all VALUES(1)", ())])
    writer.put([fact("last")])
    told.until(lambda: told.faults)
    folder.mkdir()
    writer.stop()
    assert writer.join(_PATIENCE) is False
    assert told.written == 20
    assert len(facts(path)) == 20
