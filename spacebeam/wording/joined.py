"""What is said of an entry whose message has several payloads."""

from __future__ import annotations

from spacebeam.wording.i18n import _, ngettext


def attachment_words(attachment: int, count: int, first: int) -> str:
    """Return which attachment an entry is, and of which entry (counted from 1)."""
    words = _("Attachment {attachment} of {count} of #{number}")
    return words.format(attachment=attachment, count=count, number=f"{first:,}")


def awaiting_words(received: int, count: int) -> str:
    """Return how many attachments of a message are missing."""
    missing = count - received
    words = ngettext(
        "{missing} of {count} attachments missing",
        "{missing} of {count} attachments missing",
        missing,
    )
    return words.format(missing=missing, count=count)


def continued_words(first: int) -> str:
    """Return in which entry (counted from 1) a message begins that ends in another."""
    return _("Continued from #{number}").format(number=f"{first:,}")
