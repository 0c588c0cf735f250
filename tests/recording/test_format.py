"""The example, tables and program of spacebeam/help/topics/recording-format.md match the files."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from spacebeam.protocol.batch import Direction, Kind, Origin, single
from spacebeam.recording import schema
from spacebeam.recording.block import Block
from spacebeam.recording.codec import encode
from tests.cli.recordings import EXAMPLE, write_example

_DOCUMENT = (Path(__file__).parents[2] / "spacebeam/help/topics/recording-format.md").read_text(
    "utf-8"
)


def _samples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", _DOCUMENT, re.M | re.S)


def _bytes(sample: str) -> bytes:
    """Return the bytes of the hexadecimal columns, without the words after them."""
    lines = (re.match(r"(?:[0-9a-f]{2} {0,2})*", line) for line in sample.splitlines())
    return bytes.fromhex("".join(line[0] for line in lines if line is not None))


def test_the_documented_example_is_what_is_written() -> None:
    block = Block(0, single(1_700_000_000.0, Direction.SENT, Kind.TEXT, b"hi"))
    fragmented = Origin(12, (2, 4), False)
    block.gather(
        single(1_700_000_000.5, Direction.RECEIVED, Kind.TEXT, "héllo".encode(), fragmented)
    )
    block.gather(single(1_700_000_001.0, Direction.RECEIVED, Kind.TEXT, b"a" * 8))
    block.origins[2] = 6
    payload, entries = map(_bytes, _samples("hex"))
    assert payload == bytes(block.data)
    assert entries == encode(block)


def test_the_documented_tables_are_those_of_a_file(tmp_path: Path) -> None:
    def shape(connection: sqlite3.Connection) -> list[tuple[str, str]]:
        rows = connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
        return [
            (name, re.sub(r"\s+", "", re.sub(r"--.*", "", statement or "")))
            for name, statement in rows
        ]

    (statements,) = _samples("sql")
    with (
        closing(sqlite3.connect(write_example(tmp_path / "a.beam"))) as ours,
        closing(sqlite3.connect(":memory:")) as documented,
    ):
        documented.executescript(statements)
        assert shape(ours) == shape(documented)


def test_the_documented_header_fields_are_those_of_a_file(tmp_path: Path) -> None:
    head = Path(write_example(tmp_path / "a.beam")).read_bytes()[:100]
    assert f"0x{int.from_bytes(head[68:72], 'big'):08X}" in _DOCUMENT
    assert head[68:72] == b"SBEM"
    assert int.from_bytes(head[60:64], "big") == schema.VERSION
    assert f"`{schema.PAGE_SIZE}`" in _DOCUMENT


def test_the_documented_program_reads_every_entry(tmp_path: Path) -> None:
    (program,) = _samples("python")
    finished = subprocess.run(
        [sys.executable, "-c", program, write_example(tmp_path / "a.beam")],
        capture_output=True,
        check=True,
        text=True,
    )
    assert finished.stdout.splitlines() == [
        f"{number} {batch.time} {batch.direction:d} {batch.kinds[0]} {batch.payload(0)!r}"
        for number, batch in enumerate(EXAMPLE)
    ]
