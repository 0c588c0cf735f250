"""What a search could not do, as sentences."""

from __future__ import annotations

from spacebeam.wording.i18n import ngettext


def unsearched_words(count: int) -> str:
    """Return the sentence on messages whose JSON is nested too deeply for the filter."""
    words = ngettext(
        "{count} message could not be searched: the JSON is nested too deeply.",
        "{count} messages could not be searched: the JSON is nested too deeply.",
        count,
    )
    return words.format(count=f"{count:,}")
