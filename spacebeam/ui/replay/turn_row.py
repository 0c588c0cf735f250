"""A row of a replay: what was sent, how its answers compare, how long they took."""

from __future__ import annotations

from collections import Counter

from gi.repository import Gtk, Pango

from spacebeam.scenario.replay.comparing import PairVerdict
from spacebeam.scenario.replay.player import TurnResult
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.i18n import _
from spacebeam.wording.replay import verdict_words
from spacebeam.wording.replay_report import is_good, sent_words


class TurnRow(Gtk.Box):
    """One row."""

    __gtype_name__ = "SpacebeamTurnRow"

    def __init__(self) -> None:
        super().__init__(spacing=8, css_classes=["result-row"])
        self._sign = Gtk.Label(width_chars=2)
        self._sent = Gtk.Label(xalign=0, hexpand=True, ellipsize=Pango.EllipsizeMode.END)
        self._sent.add_css_class("monospace")
        self._verdicts = Gtk.Label(xalign=1, ellipsize=Pango.EllipsizeMode.END, max_width_chars=26)
        self._seconds = Gtk.Label(xalign=1, width_chars=8, css_classes=["dim-label", "numeric"])
        for widget in (self._sign, self._sent, self._verdicts, self._seconds):
            self.append(widget)

    def show_result(self, result: TurnResult) -> str:
        """Show a turn; return what the row says."""
        counts = Counter(pair.verdict for pair in result.pairs)
        words = [
            f"{counts[verdict]:,} {_short(verdict)}" for verdict in PairVerdict if counts[verdict]
        ]
        good = is_good(result)
        self._sign.set_text("✓" if good else "✗")
        self._sign.set_css_classes(["success" if good else "error"])
        sent, verdicts = sent_words(result), ", ".join(words) or _("no answers")
        seconds = rounded_words(result.seconds)
        self._sent.set_text(sent)
        self._verdicts.set_text(verdicts)
        self._seconds.set_text(seconds)
        return f"{sent}: {verdicts}, {seconds}"


def _short(verdict: PairVerdict) -> str:
    return _("left out") if verdict is PairVerdict.EQUAL_BUT else verdict_words(verdict)
