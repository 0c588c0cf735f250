"""The chips of the filter bar: terms that a click adds or removes.

The filter's text is the only state: a chip is pressed while the text contains its terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.search.edits import has_term, with_term, without_term
from spacebeam.search.filter import Quality
from spacebeam.wording.i18n import _, pgettext

DIRECTIONS = (Quality.SENT, Quality.RECEIVED)
KINDS = (
    Quality.TEXT,
    Quality.BINARY,
    Quality.PING,
    Quality.PONG,
    Quality.CLOSE,
    Quality.EVENT,
)
_NO_HEARTBEAT = ("-is:ping", "-is:pong")


@dataclass(frozen=True, slots=True)
class Chip:
    """A named set of filter terms."""

    name: str
    explanation: str
    terms: tuple[str, ...]
    rivals: tuple[str, ...] = ()  # terms with which no entry could match

    def is_in(self, text: str) -> bool:
        """Return whether a filter's text contains all its terms."""
        return all(has_term(text, term) for term in self.terms)

    def toggled(self, text: str) -> str:
        """Return the filter's text with its terms added, or removed if it had them."""
        if self.is_in(text):
            for term in self.terms:
                text = without_term(text, term)
            return text
        for rival in self.rivals:
            text = without_term(text, rival)
        for term in self.terms:
            text = with_term(text, term)
        return text


_NAMES = {
    Quality.SENT: _("Sent"),
    Quality.RECEIVED: _("Received"),
    Quality.TEXT: _("Text"),
    Quality.BINARY: _("Binary"),
    Quality.PING: _("Ping"),
    Quality.PONG: _("Pong"),
    Quality.CLOSE: pgettext("frame", "Close"),
    Quality.EVENT: _("Event"),
    Quality.STARRED: _("Starred"),
}


def _of_group(quality: Quality, group: tuple[Quality, ...], explanation: str) -> Chip:
    others = tuple(f"is:{other}" for other in group if other is not quality)
    return Chip(_NAMES[quality], explanation, (f"is:{quality}",), (*others, f"-is:{quality}"))


CHIPS = (
    Chip("Aa", _("Match case: upper and lower case differ in words"), ("case:yes",), ("case:no",)),
    _of_group(Quality.SENT, DIRECTIONS, _("Only sent entries")),
    _of_group(Quality.RECEIVED, DIRECTIONS, _("Only received entries")),
    _of_group(Quality.TEXT, KINDS, _("Only text messages")),
    _of_group(Quality.BINARY, KINDS, _("Only binary messages")),
    Chip(
        _("No pings"),
        _("All entries except pings and pongs"),
        _NO_HEARTBEAT,
        ("is:ping", "is:pong"),
    ),
    _of_group(Quality.PING, KINDS, _("Only pings")),
    _of_group(Quality.PONG, KINDS, _("Only pongs")),
    _of_group(Quality.CLOSE, KINDS, _("Only close frames")),
    _of_group(Quality.EVENT, KINDS, _("Only events, such as connected or connection lost")),
    _of_group(Quality.STARRED, (Quality.STARRED,), _("Only entries with a star")),
)
