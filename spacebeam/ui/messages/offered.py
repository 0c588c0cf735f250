"""A saved message as it is offered in a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.profiles.collection import SavedMessage


@dataclass(frozen=True, slots=True)
class OfferedMessage:
    """A message of the connection, or of a folder that it is in."""

    message: SavedMessage
    owner: str  # the path of the connection or folder that has it
    place: int  # among the owner's messages
    origin: str = ""  # the folder's name; "" for the connection's own

    def matches(self, words: list[str]) -> bool:
        """Whether all words, without case, are in name, folder or text."""
        one = self.message
        text = f"{one.name} {one.folder} {self.origin} {one.text[:10_000]}".casefold()
        return all(word in text for word in words)
