"""How far a repetition is, and why it ended by itself."""

from __future__ import annotations

from spacebeam.wording.i18n import _


def repeat_words(sent: int, times: int | None, skipped: int) -> str:
    """Return how many messages were sent, and how many were skipped; `times` may be unlimited."""
    words = _("{sent} of {times} sent") if times is not None else _("{sent} sent")
    if skipped:
        words = (
            _("{sent} of {times} sent, {skipped} skipped")
            if times is not None
            else _("{sent} sent, {skipped} skipped")
        )
    return words.format(sent=f"{sent:,}", times=f"{times or 0:,}", skipped=f"{skipped:,}")


def repeat_end_words(stall: float | None) -> str:
    """Return why a repetition ended before its time.

    `stall` is how long the server did not read, in seconds; None: the connection ended.
    """
    if stall is None:
        return _("Repeating ended with the connection.")
    return _("Repeating ended: the server has not read for {seconds} s.").format(
        seconds=f"{stall:g}"
    )
