"""The fuzzers' targets: they run without the fuzzer and find planted errors."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.files import check_block, check_recording
from fuzz.streams import check_frame_decoder
from fuzz.target import pieces
from fuzz.targets import TARGETS
from fuzz.values import check_endpoint
from spacebeam.protocol import host
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frames import Opcode, Role, encode
from spacebeam.recording import codec, file, reader
from spacebeam.recording.block import Block
from spacebeam.recording.codec import encode as encode_block

PROJECT = Path(__file__).resolve().parent.parent
_MANY_SEEDS = 500


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_passes_for_its_seeds_and_small_changes(name: str) -> None:
    target, dice = TARGETS[name], random.Random(name)
    seeds = list(target.seeds)
    changes = 3 if len(seeds) < _MANY_SEEDS else 1
    for seed in seeds:
        target.check(seed)
        for _ in range(changes):
            data = bytearray(seed)
            for _ in range(dice.randrange(1, 4)):
                place = dice.randrange(len(data) + 1)
                data[place : place + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
            target.check(bytes(data))


def test_pieces_join_to_the_whole_for_any_pattern() -> None:
    for pattern in range(300):
        data = bytes(range(pattern % 200))
        assert b"".join(pieces(data, pattern)) == data
        assert all(pieces(data, pattern))


def test_an_ignored_size_limit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    unpack = Deflate.unpack

    def careless(self: Deflate, piece: bytes, limit: int, *, last: bool) -> bytes:
        return unpack(self, piece, limit + 10, last=last)

    monkeypatch.setattr(Deflate, "unpack", careless)
    packed = Deflate(Agreement(), Role.SERVER).pack(b"hello")
    limit_of_1_byte = b"\x02\0\0\0\1"
    with pytest.raises(AssertionError):
        check_frame_decoder(limit_of_1_byte + encode(Opcode.BINARY, packed, rsv=4))


def test_an_address_that_does_not_round_trip_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host, "_ZONE", re.compile(".*"))
    with pytest.raises(AssertionError):
        check_endpoint("ws://[fe80::1%ü]/".encode())


def test_an_accepted_invalid_block_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(codec, "_is_sound", lambda _block, _size: True)
    block = Block(7, single(1.0, Direction.SENT, Kind.TEXT, b"hello"))
    size_of_4_bytes = b"\0\4"
    with pytest.raises(AssertionError):
        check_block(size_of_4_bytes + encode_block(block))


def test_an_unexpected_error_for_a_damaged_file_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "READING_ERRORS", (OSError,))
    monkeypatch.setattr(file, "READING_ERRORS", (OSError,))
    change_of_the_first_bytes = b"\0\0\1S"
    check_recording(change_of_the_first_bytes)
    change_of_the_first_bytes = b"\0\0\1T"
    with pytest.raises(sqlite3.DatabaseError):
        check_recording(change_of_the_first_bytes)


def test_the_fuzzer_runs() -> None:
    pytest.importorskip("atheris")
    result = subprocess.run(
        [sys.executable, "-m", "fuzz", "headers"],
        cwd=PROJECT,
        env={**os.environ, "FUZZ_SECONDS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Done " in result.stdout
