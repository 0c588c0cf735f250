""".env files are read as values, and nothing in them is run or replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.exchange.env_file import MAX_FILE, parse_env, read_env_file


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1\nB = two words  \n", {"A": "1", "B": "two words"}),
        ("export A=1\r\n  B=2\r\n", {"A": "1", "B": "2"}),
        ("# A=1\nB=2 # comment\nC=a#b\nD=#\n", {"B": "2", "C": "a#b", "D": ""}),
        ('A=\'x # y\'\nB="a\\nb\\"c\\\\" # d\n', {"A": "x # y", "B": 'a\nb"c\\'}),
        ("A='one\ntwo'\nB=`it's`\n", {"A": "one\ntwo", "B": "it's"}),
        ("A=$(rm -rf /)\nB=${HOME}\nC=`id\n", {"A": "$(rm -rf /)", "B": "${HOME}", "C": "`id"}),
        ("A='open\nB=2\n", {"A": "'open", "B": "2"}),
        ("no value\n=x\n1A=2\nA=1\nA=2", {"A": "2"}),
        ("A=", {"A": ""}),
        ("", {}),
    ],
)
def test_values_are_read(text: str, values: dict[str, str]) -> None:
    assert parse_env(text) == values


def test_a_file_is_limited_and_utf8(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"\xef\xbb\xbfA=\xc3\xa9\n")
    assert read_env_file(path) == {"A": "é"}
    for data in (b"A=\xff", b"A" * (MAX_FILE + 1)):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=r"large|utf-8"):
            read_env_file(path)
