"""Close codes, in numbers and in words."""

from __future__ import annotations

import pytest

from spacebeam.protocol.close import CloseCode, is_legal, meaning


def test_every_code_says_what_it_means() -> None:
    meanings = [meaning(code) for code in CloseCode]
    assert len(set(meanings)) == len(CloseCode)
    assert all(meanings)
    assert meaning(1000) == "normal closure"
    assert meaning(1009) == "message too big"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (3000, "a code registered by a library or framework"),
        (3999, "a code registered by a library or framework"),
        (4000, "a code of the application's own"),
        (4999, "a code of the application's own"),
        (0, "unknown code"),
        (1004, "unknown code"),
        (2999, "unknown code"),
        (5000, "unknown code"),
    ],
)
def test_codes_outside_the_registry_are_told_apart(code: int, words: str) -> None:
    assert meaning(code) == words


def test_only_codes_meant_for_the_wire_are_legal() -> None:
    # RFC 6455, section 7.4.2; 1012 to 1014 came later, with the registry.
    legal = {code for code in range(65_536) if is_legal(code)}
    on_the_wire = {*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)}
    assert legal == on_the_wire
