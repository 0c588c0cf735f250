"""What a copied connection has and has not."""

from __future__ import annotations

import pytest

from spacebeam.exchange.copied_sign_in import CopyPart
from spacebeam.exchange.copy_connection import CopiedConnection
from spacebeam.wording.copying import copied_words, part_words


@pytest.mark.parametrize(
    ("parts", "lacks", "words"),
    [
        ((), False, "Connection copied"),
        ((), True, "Copied without its secrets"),
        ((CopyPart.AWS,), False, "Copied without the signature for AWS"),
        (
            (CopyPart.OAUTH, CopyPart.PROXY),
            True,
            "Copied without its secrets, the sign-in with OAuth 2, the proxy",
        ),
    ],
)
def test_a_copy_says_what_it_lacks(parts: tuple[CopyPart, ...], lacks: bool, words: str) -> None:
    assert copied_words(CopiedConnection("x", parts, lacks)) == words


def test_every_part_has_words() -> None:
    assert all(map(part_words, CopyPart))
