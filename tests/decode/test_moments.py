"""Which values are surely a time."""

from __future__ import annotations

import json

import pytest

from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.moments import Moment, moment_of


def moment(document: str) -> Moment | None:
    tree = JsonTree(document.encode())
    for _step in tree.read():
        pass
    return moment_of(tree, len(tree) - 1)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('"2026-11-30T02:13:25.025Z"', (1_796_004_805, 25_000_000)),
        ('{"any":"2026-11-30 03:13:25+01:00"}', (1_796_004_805, 0)),
        ('{"$timestamp":"1969-12-31T23:59:59Z"}', (-1, 0)),
        ('{"time":1795995133}', (1_795_995_133, 0)),
        ('{"time":"1795995133"}', (1_795_995_133, 0)),
        ('{"timestamp":1795995133.5}', (1_795_995_133, 500_000_000)),
        ('{"eventTime":1795995133025}', (1_795_995_133, 25_000_000)),
        ('{"created_at":1795995133025017}', (1_795_995_133, 25_017_000)),
        ('{"ts_ns":1795995133025017019}', (1_795_995_133, 25_017_019)),
        ('{"updatedAtMs":1795995133025}', (1_795_995_133, 25_000_000)),
        ('{"E":1795995133025}', (1_795_995_133, 25_000_000)),
        ('{"exp":1795995133}', (1_795_995_133, 0)),
        ('{"TS":1795995133}', (1_795_995_133, 0)),
    ],
)
def test_a_time_is_known(document: str, expected: Moment) -> None:
    assert moment(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        '{"id":1795995133}',
        '{"price":1795995133025}',
        '{"timeout":1795995133}',
        '{"runtime_id":1795995133}',
        '{"E":1795995133}',
        '{"time":179599513}',  # 1975
        '{"time":9995995133}',  # after 2100
        '{"time":17959951330}',
        '{"time":-1795995133}',
        '{"time":1.795995133e9}',
        '{"time":0}',
        "[1795995133025]",
        '"2026-11-30"',
        '"2026-11-30T02:13:25"',  # in which zone?
        '"2026-02-30T02:13:25Z"',
        '"2026-11-30T02:13:25Z and more"',
        json.dumps("x" * 100),
        '{"time":true}',
        '{"time":{"a":[]}}',
    ],
)
def test_what_only_looks_like_a_time_is_none(document: str) -> None:
    assert moment(document) is None
