"""A client certificate as it is written for curl's option `--cert`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.options import split_certificate, written_certificate


@pytest.mark.parametrize(
    ("written", "file", "password"),
    [
        ("own.p12", "own.p12", None),
        ("own.p12:", "own.p12", ""),
        ("own.p12:word", "own.p12", "word"),
        ("own.p12:wo:rd\\:", "own.p12", "wo:rd\\:"),
        (r"a\:b.p12", "a:b.p12", None),
        (r"a\:b.p12:word", "a:b.p12", "word"),
        (r"a\\:word", "a\\", "word"),
        (r"a\b.p12", r"a\b.p12", None),
        (r"a\b.p12:word", r"a\b.p12", "word"),
        (":word", "", "word"),
        ("", "", None),
        ("a\n:b", "a\n", "b"),
    ],
)
def test_file_and_password_are_split_as_by_curl(
    written: str, file: str, password: str | None
) -> None:
    assert split_certificate(written) == (file, password)


@given(st.text(st.sampled_from("a\\:.\n")), st.text(st.sampled_from("b\\:")))
def test_what_is_written_is_read(file: str, password: str) -> None:
    assert split_certificate(written_certificate(file, password)) == (file, password or None)
