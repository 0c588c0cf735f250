"""A profile's fields are read and replaced by their paths."""

from __future__ import annotations

import pytest

from spacebeam.profiles.profile import (
    DEFAULTS,
    NUMBER_LIMITS,
    PAIRS,
    SECRETS,
    Limits,
    Profile,
    TlsSettings,
    is_secret,
    value_at,
    with_values,
)
from tests.profiles.examples import CHANGED


def test_values_are_replaced_in_several_groups() -> None:
    values = {"tls.verify": False, "tls.ca_file": "/ca.pem", "limits.close_timeout": 9}
    assert with_values(Profile(), {**values, "record": False}) == Profile(
        tls=TlsSettings(verify=False, ca_file="/ca.pem"),
        limits=Limits(close_timeout=9),
        record=False,
    )


def test_every_value_is_found_by_its_path() -> None:
    values = {path: value_at(CHANGED, path) for path in DEFAULTS}
    assert with_values(Profile(), values) == CHANGED
    assert {path: value_at(Profile(), path) for path in DEFAULTS} == DEFAULTS


def test_every_path_in_a_table_is_a_field() -> None:
    assert set(NUMBER_LIMITS) | SECRETS | PAIRS <= set(DEFAULTS)


@pytest.mark.parametrize("path", NUMBER_LIMITS)
def test_default_numbers_are_within_their_limits(path: str) -> None:
    least, most = NUMBER_LIMITS[path]
    assert least <= DEFAULTS[path] <= most


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", "x", True),
        ("Proxy-Authorization", "x", True),
        ("Cookie", "x", True),
        ("X-API-Key", "x", True),
        ("key", "x", True),
        ("sessionId", "x", True),
        ("X-Anything", "bearer x", True),
        ("X-Client", "x", False),
        ("Origin", "https://one.test", False),
        ("keyword", "x", False),
        ("X-Client", None, True),
    ],
)
def test_names_and_values_of_credentials_are_secret(
    name: str, value: str | None, expected: bool
) -> None:
    assert is_secret("request.headers", name, value) is expected
    assert is_secret("request.cookies", name, value) is True
