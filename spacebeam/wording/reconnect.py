"""Progress of reconnecting, and why it was given up."""

from __future__ import annotations

import math

from spacebeam.net.backoff import ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.i18n import _, ngettext


def lost_words(why: CloseReason | Failure, face: Face = Face.WINDOW) -> str:
    """Return why the connection was lost, or why an attempt failed, as sentences."""
    return close_words(why) if isinstance(why, CloseReason) else failure_words(why, face)


def progress_words(progress: ReconnectProgress, now: float) -> str:
    """Return what reconnecting does; `now` is a time of time.monotonic."""
    if progress.stage is ReconnectStage.TRYING:
        return attempt_words(progress.attempt, progress.attempts)
    if progress.stage is ReconnectStage.OFFLINE:
        words = (
            _("No network. Reconnecting when it is back (attempt {attempt} of {attempts})")
            if progress.attempts
            else _("No network. Reconnecting when it is back (attempt {attempt})")
        )
    else:
        words = (
            _("Reconnecting in {seconds} s (attempt {attempt} of {attempts})")
            if progress.attempts
            else _("Reconnecting in {seconds} s (attempt {attempt})")
        )
    return words.format(
        seconds=_seconds_left(progress, now), attempt=progress.attempt, attempts=progress.attempts
    )


def attempt_words(attempt: int, attempts: int) -> str:
    """Return that an attempt is under way; `attempts` is the maximum, 0 if unlimited."""
    words = (
        _("Reconnecting (attempt {attempt} of {attempts})…")
        if attempts
        else _("Reconnecting (attempt {attempt})…")
    )
    return words.format(attempt=attempt, attempts=attempts)


def given_up_words(attempts: int) -> str:
    """Return that no further attempt is made; `attempts` were made, 0 if none can succeed."""
    if not attempts:
        return _("Not reconnecting: the server's refusal is final.")
    return ngettext(
        "Gave up reconnecting after {attempts} attempt.",
        "Gave up reconnecting after {attempts} attempts.",
        attempts,
    ).format(attempts=attempts)


def _seconds_left(progress: ReconnectProgress, now: float) -> int:
    left = progress.deadline - now
    return max(math.ceil(left), 0) if math.isfinite(left) else 0
