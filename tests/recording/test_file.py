"""A recording's file: one writer, any readers; other files are refused."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording import file, schema
from spacebeam.recording.errors import (
    FileInUseError,
    FileRemovedError,
    RecordingError,
    RecordingFault,
)
from spacebeam.recording.file import FileLock, is_being_written, open_to_read, open_to_write
from tests.support.batches import check_numbers
from tests.support.disks import unwritable
from tests.support.recordings import Feed, new_recording, opened_recording, until_written

_NOBODY = 65_534
PROJECT = Path(__file__).parents[2]

_ASK = """
import sys
from pathlib import Path
from spacebeam.recording.errors import FileInUseError
from spacebeam.recording.file import FileLock, is_being_written
path = Path(sys.argv[1])
print(is_being_written(path))
try:
    FileLock(path).take()
except FileInUseError:
    print("taken")
"""


def ask_another(path: Path) -> list[str]:
    """Ask another program whether a file is being written, and whether it can be locked."""
    command = [sys.executable, "-c", _ASK, str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def made(path: Path, *statements: str) -> None:
    """Make a recording without entries, changed by these statements."""
    with closing(open_to_write(path)) as connection:
        for statement in statements:
            connection.execute(statement)


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Run the block as the user nobody if the tests run as root."""
    if os.geteuid():
        yield
        return
    os.setresuid(_NOBODY, _NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_file_has_one_writer(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    assert not is_being_written(path)
    lock = FileLock(path)
    lock.take()
    assert path.stat().st_mode & 0o777 == 0o600
    assert ask_another(path) == ["True", "taken"]
    assert is_being_written(path)
    with pytest.raises(FileInUseError):
        FileLock(path).take()
    assert ask_another(path) == ["True", "taken"]
    lock.close()
    assert ask_another(path) == ["False"]
    assert not is_being_written(path)
    again = FileLock(path)
    again.take()
    again.close()


def test_a_removed_or_replaced_file_is_detected(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "x.beam", tmp_path / "y.beam"
    lock = FileLock(path)
    lock.take()
    lock.check()
    path.rename(elsewhere)
    with pytest.raises(FileRemovedError):
        lock.check()
    path.touch()
    with pytest.raises(FileRemovedError):
        lock.check()
    elsewhere.rename(path)
    lock.check()
    lock.close()


@pytest.mark.parametrize("cached_bytes", [2**20, 2**30])
def test_dropping_from_the_cache_loses_nothing(
    cached_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_CACHED_BYTES", cached_bytes)
    path = tmp_path / "one.beam"
    lock = FileLock(path)
    lock.take()
    with closing(open_to_write(path)) as connection:
        for number in range(5):
            payload = bytes((number,)) * 12 * 2**20
            connection.execute("INSERT INTO content VALUES(?, x'', ?)", (number, payload))
            lock.trim_cache()
        query = "SELECT length(payload), substr(payload, -1) FROM content ORDER BY first"
        found = connection.execute(query).fetchall()
    lock.close()
    assert found == [(12 * 2**20, bytes((number,))) for number in range(5)]


def test_reading_a_file_that_is_written_retains_sqlite_s_locks(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    lock = FileLock(path)
    lock.take()
    with closing(open_to_write(path)) as connection:
        connection.execute("INSERT INTO fact VALUES('title', 'one')")
        open_to_read(path).close()
        assert is_being_written(path)
        with pytest.raises(FileInUseError):
            FileLock(path).take()
        # The last program to close removes the WAL: this one must still count.
        command = [
            sys.executable,
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
            "print(c.execute('SELECT value FROM fact').fetchall()); c.close()",
            str(path),
        ]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert output == "[('one',)]\n"
        assert path.with_name("x.beam-wal").exists()
    lock.close()


def test_a_recording_is_created_in_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    path.touch()
    with pytest.raises(RecordingError, match="is empty"):
        open_to_read(path)
    made(path)
    with closing(open_to_read(path)) as connection:
        assert connection.execute("PRAGMA page_size").fetchone() == (schema.PAGE_SIZE,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_path_that_is_no_recording_is_refused_with_its_fault(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("These are my notes.\n" * 100)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE block(first)")
    cases = {
        text: RecordingFault.NOT_A_RECORDING,
        other: RecordingFault.NOT_A_RECORDING,
        tmp_path: RecordingFault.IS_FOLDER,
        tmp_path / "nowhere.beam": RecordingFault.NOT_FOUND,
        text / "x": RecordingFault.CANNOT_OPEN,
    }
    for path, fault in cases.items():
        with pytest.raises(RecordingError) as caught:
            open_to_read(path)
        assert (caught.value.fault, caught.value.path) == (fault, path)
    contents = text.read_bytes(), other.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        open_to_write(text)
    with pytest.raises(RecordingError):
        open_to_write(other)
    assert (text.read_bytes(), other.read_bytes()) == contents


def test_file_names_with_special_characters_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a?b#c%20 ü&mode=memory.beam"
    made(path, "INSERT INTO fact VALUES('title', 'one')")
    with closing(open_to_read(path)) as connection:
        assert connection.execute("SELECT value FROM fact").fetchone() == ("one",)
    assert sorted(found.name for found in tmp_path.iterdir()) == [path.name]


def test_a_newer_file_is_neither_read_nor_written(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    made(path, "PRAGMA user_version = 3")
    for opening in (open_to_read, open_to_write):
        with pytest.raises(RecordingError, match="newer format"):
            opening(path)


def test_an_older_file_is_migrated_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.beam"
    made(path)
    monkeypatch.setattr(schema, "VERSION", 3)
    monkeypatch.setattr(schema, "READABLE", (3,))
    monkeypatch.setitem(schema.MIGRATIONS, 2, "INSERT INTO fact VALUES('step', 1)")
    with unwritable(tmp_path), closing(open_to_read(path)) as connection:
        assert connection.execute("SELECT value FROM fact").fetchall() == [(1,)]
    for _ in range(2):
        with closing(open_to_read(path)) as connection:
            assert connection.execute("SELECT value FROM fact").fetchall() == [(1,)]
            assert schema.version(connection) == 3


def test_a_failed_migration_leaves_the_file_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.beam"
    made(path)
    before = path.read_bytes()
    with monkeypatch.context() as planted:
        planted.setattr(schema, "VERSION", 3)
        planted.setattr(schema, "READABLE", (3,))
        planted.setitem(schema.MIGRATIONS, 2, "INSERT INTO fact VALUES('a', 1); DROP TABLE missing")
        with pytest.raises(RecordingError, match="no such table"):
            open_to_read(path)
        with pytest.raises(sqlite3.Error):
            open_to_write(path)
    assert path.read_bytes() == before
    open_to_read(path).close()


def test_a_file_in_an_unwritable_folder_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    made(path, "INSERT INTO fact VALUES('title', 'one')")
    with unwritable(tmp_path), closing(open_to_read(path)) as connection:
        assert connection.execute("SELECT value FROM fact").fetchone() == ("one",)
    assert [found.name for found in tmp_path.iterdir()] == ["x.beam"]


async def test_an_incomplete_recording_in_an_unwritable_folder_can_be_read(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with new_recording(tmp_path / "x.beam") as recording:
        Feed(recording).add(3)
        await until_written(recording)
        # Copied by another program: opening the file here would release its locks.
        left = [str(tmp_path / f"x.beam{ending}") for ending in ("", "-wal")]
        subprocess.run(["cp", *left, str(there)], check=True)
    with (there / "x.beam").open("ab") as copy:
        copy.write(b"a page that was being written")
    with unwritable(there), opened_recording(there / "x.beam") as read:
        assert check_numbers(read) == 3
    assert sorted(found.name for found in there.iterdir()) == ["x.beam", "x.beam-wal"]
    with opened_recording(there / "x.beam") as read:
        assert check_numbers(read) == 3
    with opened_recording(there / "x.beam") as read:
        assert check_numbers(read) == 3


def test_a_schema_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    made(path)
    contents = path.read_bytes()
    path.write_bytes(contents.replace(b"tableblockblock", b"table\xecl\xffckblock"))
    with pytest.raises(RecordingError, match="a text is not UTF-8"):
        open_to_read(path)


@pytest.mark.parametrize("size", [1, 100, 5000, 40_000, -20_000])
async def test_a_truncated_file_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        Feed(recording).add(500, 1000)
    os.truncate(path, size if size > 0 else path.stat().st_size + size)
    with pytest.raises(RecordingError), opened_recording(path) as read:
        check_numbers(read, 1000)


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    made(path)
    path.chmod(0)
    with unprivileged(), pytest.raises(RecordingError) as caught:
        open_to_read(path)
    assert caught.value.fault is RecordingFault.PERMISSION_DENIED
