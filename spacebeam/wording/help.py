"""The words of the help's window; its pages are in English."""

from __future__ import annotations

from spacebeam.wording.i18n import _, ngettext


def match_words(current: int, count: int, elsewhere: int) -> str:
    """Return how many matches a page has, and which of them is shown; `current` is from 0 on.

    `elsewhere` counts the other topics with matches, which is said if the page has none.
    """
    if count:
        return _("{place} of {count}").format(place=current + 1, count=count)
    if elsewhere:
        words = ngettext("Only in {count} other topic", "Only in {count} other topics", elsewhere)
        return words.format(count=elsewhere)
    return _("No matches")


def no_conversation_words() -> str:
    """Return why a filter cannot be tried now."""
    return _("Connect, or open a recording, to try a filter.")
