"""The progress line of a recording."""

from __future__ import annotations

from spacebeam.cli.progress import ProgressLine


def test_progress_has_the_count_size_and_rate_of_the_last_second() -> None:
    counts = iter(range(0, 1400, 200))
    progress = ProgressLine(lambda: (next(counts), 2**20))
    assert progress.words(10.0) == "0 entries, 1.0 MiB, 0/s"
    assert progress.words(10.2) == "200 entries, 1.0 MiB, 1,000/s"
    for look in range(2, 6):
        progress.words(10.0 + look * 0.2)
    # Readings older than a second are not counted.
    assert progress.words(12.2) == "1,200 entries, 1.0 MiB, 500/s"


def test_progress_is_not_shown_without_a_terminal() -> None:
    progress = ProgressLine(lambda: (0, 0))
    progress.is_wanted = False
    progress.start()
    printed: list[str] = []
    progress.print_above(lambda: printed.append("words"))
    progress.stop()
    assert printed == ["words"]
