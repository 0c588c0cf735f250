"""The handshakes that a recording has, to be read one at a time.

A recording keeps them without what signed the person in; that of the connection that is being
recorded is still there as it was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import kept_json
from spacebeam.net.report_reading import from_json


class Handshakes:
    """Those that were `kept` (before which entry, and the JSON), the oldest first.

    `report` is the newest connection's, if there is one: of this recording, or of another.
    """

    def __init__(
        self, kept: Sequence[tuple[int, str]], report: HandshakeReport | None = None
    ) -> None:
        self._kept = tuple(kept)
        is_newest = report is not None and kept and kept[-1][1] == kept_json(report)
        self._whole = report if is_newest else None

    def __len__(self) -> int:
        return len(self._kept)

    def is_whole(self, place: int) -> bool:
        """Whether nothing was left out of the one at this place, counted from 0."""
        return self._whole is not None and place == len(self) - 1

    def report(self, place: int) -> HandshakeReport:
        """The one at this place. Raises ReportError."""
        if self._whole is not None and self.is_whole(place):
            return self._whole
        return from_json(self._kept[place][1])

    def place_for(self, entry: int) -> int:
        """Where the handshake is that an entry belongs to: the last one before it."""
        return max(0, bisect_right(self._kept, entry, key=itemgetter(0)) - 1)

    @property
    def newest(self) -> int:
        """The place of the newest one."""
        return len(self) - 1
