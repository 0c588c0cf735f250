"""Addresses with passwords: no command prints one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import spacebeam


@pytest.mark.parametrize(
    "address",
    [
        "ws://ada:s3cret@127.0.0.1:1/",
        "ws://ada:x@s3cret/s3cret#s3cret@127.0.0.1:1/",  # not escaped
        "ws://ada:8s3cret/s3cret@127.0.0.1:1/",  # no port
        "ws://ada:x@s3cret s3cret/s3cret@h/",  # no host
        "ada:s3cret@a..b",
    ],
)
def test_a_password_in_an_address_is_not_printed(address: str) -> None:
    finished = spacebeam("connect", "--verbose", "--debug", address)
    assert finished.returncode in (1, 2)
    assert b"s3cret" not in finished.stdout + finished.stderr


@pytest.mark.parametrize("options", [("connect",), ("probe",), ("probe", "--json"), ("record",)])
def test_no_command_prints_the_password_of_an_address(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = [str(tmp_path / "r.beam")] if "record" in options else []
    finished = spacebeam(*options, "ws://ada:s3/s3cret@127.0.0.1:1/", *file)
    assert finished.returncode == 1
    assert b"127.0.0.1:1" in finished.stdout + finished.stderr
    assert b"s3" not in finished.stdout + finished.stderr


@pytest.mark.parametrize("address", ["ws://ada:s3cret@h/", "ada:s3 s3cret/s3cret@h"])
def test_a_password_in_a_superfluous_address_is_not_printed(address: str) -> None:
    finished = spacebeam("connect", "ws://127.0.0.1:1/", address)
    assert finished.returncode == 2
    assert "Got unexpected extra argument (…@h" in finished.stderr.decode()
    assert b"s3" not in finished.stderr


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_address_is_no_name(address: str) -> None:
    finished = spacebeam("connect", address)
    assert finished.returncode == 2
    assert b"Enter an address" in finished.stderr
