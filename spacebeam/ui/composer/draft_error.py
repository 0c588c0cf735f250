"""Why a text is not a message."""

from __future__ import annotations


class DraftError(ValueError):
    """The text is not a message; the error's text says why, and `offset` where, if it is known."""

    def __init__(self, words: str, offset: int | None = None) -> None:
        super().__init__(words)
        self.offset = offset  # in characters of the text
