"""The filters that were used lately, walked through with the arrow keys."""

from __future__ import annotations

_KEPT = 30


class FilterHistory:
    """Filters, the newest first, and a place among them. Before the first is what is typed."""

    def __init__(self) -> None:
        self._used: list[str] = []
        self._place = -1
        self._typed = ""

    def remember(self, text: str) -> None:
        """A filter was used."""
        text = text.strip()
        self._place = -1
        if text:
            self._used = [text, *(one for one in self._used if one != text)][:_KEPT]

    def older(self, text: str) -> str | None:
        """The filter used before the one in `text`, if there is one."""
        if not self._is_at(text):
            self._place, self._typed = -1, text
        place = self._place + 1
        if place < len(self._used) and self._used[place] == text.strip():
            place += 1  # it stands there already
        if place >= len(self._used):
            return None
        self._place = place
        return self._used[place]

    def newer(self, text: str) -> str | None:
        """The filter used after the one in `text`, and in the end what was typed."""
        if not self._is_at(text) or self._place < 0:
            return None
        self._place -= 1
        return self._typed if self._place < 0 else self._used[self._place]

    def _is_at(self, text: str) -> bool:
        """Whether `text` is what was shown last, and not typed since."""
        return 0 <= self._place < len(self._used) and self._used[self._place] == text
