"""Progress of reconnecting as sentences."""

from __future__ import annotations

import pytest

from spacebeam.net.backoff import ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.net.failures import Failure, FailureCause
from spacebeam.wording.reconnect import lost_words, progress_words

LOST = CloseReason(CloseCause.STREAM_CLOSED)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (96.2, "Reconnecting in 4 s (attempt 2 of 10)"),
        (100.5, "Reconnecting in 0 s (attempt 2 of 10)"),
    ],
)
def test_a_wait_counts_down_to_its_deadline(now: float, words: str) -> None:
    waiting = ReconnectProgress(ReconnectStage.WAITING, 2, 10, LOST, 100.0)
    assert progress_words(waiting, now) == words


def test_other_stages_need_no_time() -> None:
    trying = ReconnectProgress(ReconnectStage.TRYING, 2, 0, LOST)
    assert progress_words(trying, 0) == "Reconnecting (attempt 2)…"
    offline = ReconnectProgress(ReconnectStage.OFFLINE, 1, 3, LOST)
    words = "No network. Reconnecting when it is back (attempt 1 of 3)"
    assert progress_words(offline, 0) == words


def test_a_reconnect_names_its_close_reason_or_failure() -> None:
    assert lost_words(LOST).startswith("Connection lost")
    assert lost_words(Failure(FailureCause.REFUSED, "h")).startswith("Connection refused")
