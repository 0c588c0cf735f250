"""The size and the fragments of a message on the wire, in words."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Origin
from spacebeam.ui.inspector.origin_words import origin_words


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin(700, (698,), True), "700 B on the wire, 2.0 KiB unpacked"),
        (
            Origin(2060, (2000, 48), False),
            "2.0 KiB on the wire · 2 fragments: 2,000 and 48 bytes",
        ),
        (
            Origin(700, (400, 200, 90), True),
            "700 B on the wire, 2.0 KiB unpacked · 3 fragments: 400, 200 and 90 bytes",
        ),
        (
            Origin(90_000, (1,) * 30_012, False),
            "87.9 KiB on the wire · 30,012 fragments: "
            "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 and 30,000 more",
        ),
    ],
)
def test_size_on_the_wire_and_fragments_are_shown(origin: Origin, words: str) -> None:
    assert origin_words(origin, 2048) == words
