"""What a search could not do, as sentences."""

from __future__ import annotations

from spacebeam.wording.i18n import ngettext


def unsearched_words(count: int) -> str:
    """Return the sentence on messages that are too long or nested too deeply for the filter."""
    words = ngettext(
        "{count} message could not be searched: it is too long or nested too deeply.",
        "{count} messages could not be searched: they are too long or nested too deeply.",
        count,
    )
    return words.format(count=f"{count:,}")
