"""Standard input: lines from pipes, files and terminals."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.cli.loop import run
from spacebeam.cli.standard_input import (
    LINES,
    WHOLE,
    Framing,
    InputError,
    has_unread,
    messages,
)
from tests.cli.program import PATIENCE, read_until, spacebeam, started


def read(source: int, limit: int = 1000, framing: Framing = LINES) -> list[bytes]:
    async def work() -> list[bytes]:
        async with asyncio.timeout(PATIENCE):
            return [line async for line in messages(source, limit, framing)]

    return run(work())


def read_bytes(data: bytes, limit: int = 1000, framing: Framing = LINES) -> list[bytes]:
    """Read lines through a pipe; `data` must fit its buffer."""
    reader, writer = os.pipe()
    os.write(writer, data)
    os.close(writer)
    try:
        return read(reader, limit, framing)
    finally:
        os.close(reader)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", []),
        (b"\n", [b""]),
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\r\n\r\nb", [b"a", b"", b"b"]),
        (b"a\rb\n\xff\x00", [b"a\rb", b"\xff\x00"]),
    ],
)
def test_lines_end_with_lf_or_cr_lf_and_the_last_with_nothing(
    data: bytes, wanted: list[bytes]
) -> None:
    assert read_bytes(data) == wanted


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"").rstrip(b"\r"))))
def test_any_lines_are_read(written: list[bytes]) -> None:
    assert read_bytes(b"".join(line + b"\n" for line in written)) == written


@given(
    st.lists(st.binary(max_size=9).map(lambda one: one.replace(b"ab", b"")), max_size=9),
    st.lists(st.integers(1, 9), max_size=5),
)
def test_a_delimiter_is_found_wherever_the_input_is_cut(
    written: list[bytes], sizes: list[int]
) -> None:
    data = b"".join(one + b"ab" for one in written)
    reader, writer = os.pipe()

    async def collect() -> list[bytes]:
        return [one async for one in messages(reader, 1000, Framing(b"ab"))]

    async def work() -> list[bytes]:
        collecting = asyncio.create_task(collect())
        left = data
        for size in sizes:
            os.write(writer, left[:size])
            left = left[size:]
            while select.select([reader], [], [], 0)[0]:  # until this piece is read alone
                await asyncio.sleep(0.006)  # a shorter timer would starve the reading
        os.write(writer, left)
        os.close(writer)
        return await collecting

    try:
        assert run(work()) == data.split(b"ab")[:-1]
    finally:
        os.close(reader)


@pytest.mark.parametrize(
    ("framing", "data", "wanted"),
    [
        (Framing(b"\0"), b"a\r\nb\0\0c\n\0", [b"a\r\nb", b"", b"c\n"]),
        (Framing(b"\n--\n"), b"a\nb\n--\nc\n", [b"a\nb", b"c\n"]),
        (WHOLE, b"a\r\n\0b\n", [b"a\r\n\0b\n"]),
        (WHOLE, b"", []),
    ],
)
def test_messages_of_several_lines_are_unchanged(
    framing: Framing, data: bytes, wanted: list[bytes]
) -> None:
    assert read_bytes(data, framing=framing) == wanted


@pytest.mark.parametrize(
    ("framing", "words"),
    [(Framing(b"\0"), "Message 2 of standard input is"), (WHOLE, "Standard input is")],
)
def test_a_message_over_the_limit_is_an_error(framing: Framing, words: str) -> None:
    with pytest.raises(InputError, match=f"{words} longer than 2,000 bytes"):
        read_bytes(b"short\0" + b"x\n" * 2000, 2000, framing)


def test_a_line_as_long_as_the_limit_is_read() -> None:
    assert read_bytes(b"x" * 40_000 + b"\r\n" + b"y" * 10, 40_000) == [b"x" * 40_000, b"y" * 10]


@pytest.mark.parametrize("end", [b"", b"\n", b"\nshort\n"])
def test_a_line_over_the_limit_is_an_error(end: bytes) -> None:
    with pytest.raises(InputError, match="Line 2 of standard input is longer than 30,000 bytes"):
        read_bytes(b"short\n" + b"x" * 30_001 + end, 30_000)


def test_a_line_over_the_limit_is_not_read_to_its_end() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"x" * 50_000)  # a line without an end
    try:
        with pytest.raises(InputError):
            read(reader, 20_000)
    finally:
        os.close(reader)
        os.close(writer)


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"line\n" * 100_000)
    with (tmp_path / "in").open("rb") as file:
        assert read(file.fileno()) == [b"line"] * 100_000


def test_an_unreadable_input_is_an_error(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(InputError, match="Standard input cannot be read: Is a directory"):
            read(descriptor)
    finally:
        os.close(descriptor)


def test_a_pipe_has_unread_bytes_until_they_are_read() -> None:
    reader, writer = os.pipe()
    try:
        assert not has_unread(reader)
        os.write(writer, b"x")
        assert has_unread(reader)
        os.read(reader, 1)
        assert not has_unread(reader)
        os.close(writer)
        assert not has_unread(reader)
    finally:
        os.close(reader)


def test_a_device_has_no_unread_bytes() -> None:
    with open(os.devnull, "rb") as nothing:
        assert not has_unread(nothing.fileno())


def test_a_terminal_is_read_line_by_line(served: str) -> None:
    keyboard, terminal = os.openpty()
    try:
        with started("connect", f"{served}/echo", stdin=terminal, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            os.write(keyboard, b"typed\n")
            assert read_until(child.stdout.fileno(), b"\n") == b"typed\n"
            os.write(keyboard, b"\x04")  # Ctrl+D
            assert child.wait(PATIENCE) == 0
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_messages_are_received_while_input_continues(served: str) -> None:
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
        try:
            assert endless.stdout is not None
            finished = spacebeam(
                "connect", f"{served}/ticker?interval=50", "--expect", "3", stdin=endless.stdout
            )
        finally:
            endless.kill()
    assert finished.returncode == 0


def test_a_file_is_sent_completely(served: str, tmp_path: Path) -> None:
    written = b"".join(b"%d\n" % number for number in range(5000))
    (tmp_path / "in").write_bytes(written)
    with (tmp_path / "in").open("rb") as file:
        finished = spacebeam("connect", f"{served}/echo", "--expect", "5000", stdin=file)
    assert (finished.returncode, finished.stdout) == (0, written)
