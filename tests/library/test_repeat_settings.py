"""How a message was repeated last is remembered; a wrong value does no harm."""

from __future__ import annotations

import pytest

from spacebeam.library.repeat_settings import RepeatSettings, from_json


def test_the_values_are_there_again() -> None:
    settings = RepeatSettings(250, 7, True, 0, True)
    assert from_json(settings.as_json()) == settings


@pytest.mark.parametrize("values", [None, [], "x", {}, {"interval_ms": 0, "times": "3"}])
def test_wrong_values_are_left_at_their_defaults(values: object) -> None:
    assert from_json(values) == RepeatSettings()


def test_a_wrong_value_leaves_the_others() -> None:
    values = {"interval_ms": True, "times": 5, "is_endless": 1, "first_number": -1}
    assert from_json(values) == RepeatSettings(times=5)
