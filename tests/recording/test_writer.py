"""The writer thread writes jobs in order and retries until it succeeds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from spacebeam.recording import writer as writer_room
from spacebeam.recording.block import Block
from spacebeam.recording.codec import encode
from spacebeam.recording.errors import StorageCause, StorageError, storage_error
from spacebeam.recording.file import FileLock, Identity, identity, open_to_read, open_to_write
from spacebeam.recording.jobs import (
    DeleteFact,
    WriteBlock,
    WriteFact,
)
from spacebeam.recording.writer import Writer
from spacebeam.wording.recordings import storage_explanation
from tests.support.batches import packed
from tests.support.disks import unwritable

_TIMEOUT_S = 15.0  # seconds


def fact(name: str, value: int = 0) -> WriteFact:
    return WriteFact(name, value)


@dataclass
class Reports:
    """Collects what a writer reports; `until` waits for it."""

    written: int = 0
    errors: list[StorageError | None] = field(default_factory=list)
    moves: list[tuple[Path, StorageError | None]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def on_written(self, count: int) -> None:
        with self.changed:
            self.written += count
            self.changed.notify()

    def on_storage_error(self, error: StorageError | None) -> None:
        with self.changed:
            self.errors.append(error)
            self.changed.notify()

    def on_moved(self, path: Path, error: StorageError | None) -> None:
        with self.changed:
            self.moves.append((path, error))
            self.changed.notify()

    @property
    def why_not_moved(self) -> list[str]:
        return ["" if error is None else storage_explanation(error) for _path, error in self.moves]

    def until(self, condition: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, _TIMEOUT_S)


@contextmanager
def writing(path: Path, expected: Identity | None = None) -> Iterator[tuple[Writer, Reports]]:
    reports = Reports()
    writer = Writer(path, reports.on_written, reports.on_storage_error, reports.on_moved, expected)
    try:
        yield writer, reports
    finally:
        writer.stop()
        writer.join(_TIMEOUT_S)


def facts(path: Path) -> dict[str, int]:
    with closing(open_to_read(path)) as connection:
        return dict(connection.execute("SELECT name, value FROM fact ORDER BY name"))


def block(first: int, payload: bytes | None = None) -> WriteBlock:
    """Return a job that writes a block of one message."""
    payload = b"%d" % first if payload is None else payload
    made = Block(first, packed([payload]))
    return WriteBlock(first, made.summary(), encode(made), payload)


def blocks(path: Path) -> dict[int, bytes]:
    """Return the payloads in a file by the blocks' first numbers."""
    query = "SELECT first, payload FROM content JOIN block USING (first) ORDER BY first"
    with closing(open_to_read(path)) as connection:
        return dict(connection.execute(query))


def test_jobs_are_written_in_order(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with writing(path) as (writer, reports):
        for number in range(100):
            writer.put(fact("newest", number))
            writer.put(fact(f"of {number}", number))
        reports.until(lambda: reports.written == 200)
        assert facts(path)["newest"] == 99
        assert len(facts(path)) == 101
        writer.put(DeleteFact("of 7"))
        writer.stop()
        assert writer.join(_TIMEOUT_S)
    assert len(facts(path)) == 100
    assert "of 7" not in facts(path)
    assert reports.errors == []
    assert sorted(found.name for found in tmp_path.iterdir()) == ["x.beam"]


def test_a_block_is_written_with_its_summary_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with writing(path) as (writer, reports):
        writer.put(fact("first"))
        reports.until(lambda: reports.written == 1)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("ALTER TABLE block RENAME TO away")
        writer.put(block(0))
        reports.until(lambda: reports.errors)
        assert "no such table" in str(reports.errors[-1])
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM content").fetchone() == (0,)
            connection.execute("ALTER TABLE away RENAME TO block")
        writer.retry()
        reports.until(lambda: reports.written == 2)
        assert reports.errors[-1] is None
    assert blocks(path) == {0: b"0"}


def test_a_storage_error_is_reported_once_and_once_when_it_is_resolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_room, "_RETRY_DELAY_S", 0.01)
    tries = threading.Semaphore(0)

    def counted(error: Exception, path: Path) -> StorageError:
        tries.release()
        return storage_error(error, path)

    monkeypatch.setattr(writer_room, "storage_error", counted)
    folder = tmp_path / "there"
    with writing(folder / "x.beam") as (writer, reports):
        writer.put(fact("first"))
        for _time in range(5):
            assert tries.acquire(timeout=_TIMEOUT_S)
        folder.mkdir()
        reports.until(lambda: reports.written == 1)
        assert [one and one.cause for one in reports.errors] == [StorageCause.NOT_WRITABLE, None]


def test_each_retry_reports_its_result(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    with writing(folder / "x.beam") as (writer, reports):
        writer.put(fact("first"))
        for count in range(1, 4):
            reports.until(lambda: len(reports.errors) == count)  # noqa: B023  it is called here only
            writer.retry()
        reports.until(lambda: len(reports.errors) == 4)
        assert [one and one.cause for one in reports.errors] == [StorageCause.NOT_WRITABLE] * 4
        folder.mkdir()


def test_pending_jobs_are_tried_once_more_at_a_stop(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    reports = Reports()
    writer = Writer(
        folder / "x.beam", reports.on_written, reports.on_storage_error, reports.on_moved
    )
    writer.put(fact("first"))
    reports.until(lambda: reports.errors)
    folder.mkdir()
    writer.stop()
    assert writer.join(_TIMEOUT_S) is True
    assert facts(folder / "x.beam") == {"first": 0}


def test_a_writer_stops_despite_a_storage_error(tmp_path: Path) -> None:
    reports = Reports()
    path = tmp_path / "there" / "x.beam"
    writer = Writer(path, reports.on_written, reports.on_storage_error, reports.on_moved)
    writer.put(fact("first"))
    reports.until(lambda: reports.errors)
    writer.stop()
    assert writer.join(5.0) is False
    assert not writer._thread.is_alive()


def test_a_move_copies_what_is_written_and_continues_there(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    with writing(path) as (writer, reports):
        writer.put(fact("first"))
        reports.until(lambda: reports.written == 1)
        writer.move(other)
        writer.put(fact("second"))
        reports.until(lambda: reports.moves and reports.written == 2)
        assert reports.moves == [(other, None)]
    assert set(facts(other)) == {"first", "second"}
    assert [found.name for found in tmp_path.iterdir()] == ["y.beam"]  # the earlier file is gone


def test_a_move_resolves_a_storage_error(tmp_path: Path) -> None:
    folder, other = tmp_path / "there", tmp_path / "y.beam"
    with writing(folder / "x.beam") as (writer, reports):
        writer.put(fact("first"))
        reports.until(lambda: reports.errors)
        writer.move(other)
        reports.until(lambda: reports.moves)
        assert reports.errors[-1] is None
    assert facts(other) == {"first": 0}


def test_a_move_does_not_remove_a_file_that_replaced_the_recording(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    with writing(path) as (writer, reports):
        writer.put(fact("first"))
        reports.until(lambda: reports.written == 1)
        path.rename(tmp_path / "mine.beam")
        path.write_text("another's")
        writer.move(other)
        reports.until(lambda: reports.moves)
    assert path.read_text() == "another's"
    assert facts(other) == {"first": 0}


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """Hold the lock of a file, as another program that writes it."""
    lock = FileLock(path)
    lock.take()
    try:
        yield
    finally:
        lock.close()


def made(path: Path, *names: str) -> Path:
    """Make a file with these facts."""
    with writing(path) as (writer, reports):
        for name in names:
            writer.put(fact(name))
        reports.until(lambda: reports.written == len(names))
    return path


def test_an_existing_file_that_cannot_be_written_is_moved_completely(tmp_path: Path) -> None:
    path, other = made(tmp_path / "x.beam", "first"), tmp_path / "y.beam"
    with taken(path), writing(path, identity(path)) as (writer, reports):
        writer.put(fact("second"))
        reports.until(lambda: reports.errors)
        writer.move(other)
        reports.until(lambda: reports.written == 1)
        assert reports.moves == [(other, None)]
    assert facts(other) == {"first": 0, "second": 0}
    assert facts(path) == {"first": 0}  # it was there before the writer, so it stays


@pytest.mark.parametrize("is_replaced", [False, True])
def test_facts_of_an_existing_file_are_written_to_no_other_file(
    is_replaced: bool, tmp_path: Path
) -> None:
    path, elsewhere = made(tmp_path / "x.beam", "first"), tmp_path / "moved.beam"
    with writing(path, identity(path)) as (writer, reports):
        path.rename(elsewhere)
        if is_replaced:
            made(path, "another")
        writer.put(fact("second"))
        reports.until(lambda: reports.errors)
        assert reports.errors[-1] is not None
        assert reports.errors[-1].cause is StorageCause.FILE_REMOVED
        writer.move(tmp_path / "y.beam")
        reports.until(lambda: reports.moves)
        assert reports.why_not_moved[0]
        assert not (tmp_path / "y.beam").exists()
        if is_replaced:
            assert facts(path) == {"another": 0}
            path.unlink()
        else:
            assert not path.exists()
        elsewhere.rename(path)
        writer.retry()
        reports.until(lambda: reports.written == 1)
    assert facts(path) == {"first": 0, "second": 0}


def test_a_move_is_done_even_if_the_writer_is_stopped_right_after(tmp_path: Path) -> None:
    other = tmp_path / "y.beam"
    reports = Reports()
    path = tmp_path / "there" / "x.beam"
    writer = Writer(path, reports.on_written, reports.on_storage_error, reports.on_moved)
    writer.put(fact("first"))
    reports.until(lambda: reports.errors)
    writer.move(other)
    writer.stop()
    assert writer.join(_TIMEOUT_S) is True
    assert facts(other) == {"first": 0}


def test_a_move_does_not_overwrite_a_file(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    other.write_text("mine")
    with writing(path) as (writer, reports):
        writer.put(fact("first"))
        writer.move(other)
        reports.until(lambda: reports.moves)
        writer.move(path)
        reports.until(lambda: len(reports.moves) == 2)
        writer.put(fact("second"))
        reports.until(lambda: reports.written == 2)
        assert [target for target, _error in reports.moves] == [other, path]
        assert reports.why_not_moved == [
            f"There is already a file {other}.",
            "Another program or tab is writing this recording.",
        ]
        assert reports.errors == []
    assert other.read_text() == "mine"
    assert set(facts(path)) == {"first", "second"}


def test_a_move_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path, there = tmp_path / "x.beam", tmp_path / "there"
    there.mkdir()
    with writing(path) as (writer, reports), unwritable(there):
        writer.put(fact("first"))
        writer.move(there / "y.beam")
        reports.until(lambda: reports.moves)
        assert reports.why_not_moved == [f"Nothing can be written in {there}."]
        writer.put(fact("second"))
        reports.until(lambda: reports.written == 2)
    assert list(there.iterdir()) == []
    assert set(facts(path)) == {"first", "second"}


def test_a_new_recording_is_not_written_into_an_existing_one(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with closing(open_to_write(path)) as connection:
        connection.execute("INSERT INTO block VALUES(0, 1, 1.0, 1.0, 0, 0, 1, 1)")
    with writing(path) as (writer, reports):
        writer.put(fact("first"))
        reports.until(lambda: reports.errors)
        assert reports.errors[0] is not None
        assert reports.errors[0].cause is StorageCause.FILE_EXISTS
    assert facts(path) == {}
    with writing(path, identity(path)) as (writer, reports):
        writer.put(fact("first"))
        reports.until(lambda: reports.written == 1)
    assert facts(path) == {"first": 0}


def test_a_flood_is_written_completely(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with writing(path) as (writer, reports):
        for number in range(2000):
            writer.put(fact(f"{number}"))
        reports.until(lambda: reports.written == 2000)
        assert len(facts(path)) == 2000


def test_jobs_before_one_that_fails_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    path = folder / "x.beam"
    reports = Reports()
    writer = Writer(path, reports.on_written, reports.on_storage_error, reports.on_moved)
    for number in range(20):
        writer.put(fact(f"{number}"))
    writer.put(WriteFact("impossible", object()))  # type: ignore[arg-type]
    writer.put(fact("last"))
    reports.until(lambda: reports.errors)
    folder.mkdir()
    writer.stop()
    assert writer.join(_TIMEOUT_S) is False
    assert reports.written == 20
    assert len(facts(path)) == 20
