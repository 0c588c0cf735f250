"""The rows of a replay: what was sent, how its answers compare, how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from gi.repository import Gio, GObject, Gtk, Pango

from spacebeam.scenario.replay.comparing import PairVerdict
from spacebeam.scenario.replay.player import TurnResult
from spacebeam.ui.compat import name_row
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.wording.replay import verdict_words
from spacebeam.wording.replay_report import is_good, sent_words
from spacebeam.wording.scenarios import rounded_words


class TurnItem(GObject.Object):
    """A turn in the list's model."""

    __gtype_name__ = "SpacebeamTurnItem"

    def __init__(self, result: TurnResult) -> None:
        super().__init__()
        self.result = result


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
        sent, verdicts = sent_words(result), ", ".join(words) or "no answers"
        seconds = rounded_words(result.seconds)
        self._sent.set_text(sent)
        self._verdicts.set_text(verdicts)
        self._seconds.set_text(seconds)
        return f"{sent}: {verdicts}, {seconds}"


def _short(verdict: PairVerdict) -> str:
    return "left out" if verdict is PairVerdict.EQUAL_BUT else verdict_words(verdict)


@weak_handlers
class TurnList:
    """Fills a list view; `on_chosen` is called with the turn of the chosen row, bound weakly."""

    def __init__(self, view: Gtk.ListView, on_chosen: Callable[[TurnResult], object]) -> None:
        self._view = view
        self._chosen = weakly(on_chosen)
        self._store = Gio.ListStore.new(TurnItem)
        self._selection = Gtk.SingleSelection(
            model=self._store, autoselect=False, can_unselect=True
        )
        self._selection.connect("notify::selected-item", self._on_selection_notify_selected_item)
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        view.set_factory(factory)
        view.set_model(self._selection)

    def clear(self) -> None:
        """Remove all rows."""
        self._store.remove_all()

    def add(self, results: list[TurnResult]) -> None:
        """Add rows."""
        self._store.splice(self._store.get_n_items(), 0, [TurnItem(one) for one in results])

    def close(self) -> None:
        """Release the model, which is Python's."""
        self._view.set_model(None)

    def _on_selection_notify_selected_item(
        self, selection: Gtk.SingleSelection, _property: GObject.ParamSpec
    ) -> None:
        item = selection.get_selected_item()
        if isinstance(item, TurnItem):
            self._chosen(item.result)

    def _on_factory_setup(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        list_item.set_child(TurnRow())

    def _on_factory_bind(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        row, item = list_item.get_child(), list_item.get_item()
        if isinstance(row, TurnRow) and isinstance(item, TurnItem):
            name_row(list_item, row.show_result(item.result))
