"""The recorded answers to a message beside the new ones, with what differs by path."""

from __future__ import annotations

from gi.repository import Gtk, Pango

from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import lines, one_line
from spacebeam.exchange.copy_as import formatted
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.replay.comparing import AnswerPair, Comparable, PairVerdict
from spacebeam.scenario.replay.player import TurnResult
from spacebeam.ui.hyphens import no_hyphens
from spacebeam.ui.template import template
from spacebeam.wording.fault_account import cut
from spacebeam.wording.i18n import _
from spacebeam.wording.replay import pair_lines, verdict_words

_MAX_PAIRS = 12  # widgets are made for each
_MAX_TEXT = 3000  # characters of an answer
_MAX_FORMATTED = 64 * 1024  # bytes of a document that is indented
_SIDES = (_("Recorded"), _("New"))
_STYLES = {
    PairVerdict.EQUAL: "success",
    PairVerdict.EQUAL_BUT: "success",
    PairVerdict.DIFFERENT: "warning",
    PairVerdict.MISSING: "error",
    PairVerdict.MORE: "warning",
}


@template("answers_view.ui")
class AnswersView(Gtk.Box):
    """Shows one turn's answers; those that are not equal come first."""

    __gtype_name__ = "SpacebeamAnswersView"

    _pairs_box: Gtk.Box = Gtk.Template.Child()

    def show_answers(self, result: TurnResult) -> None:
        """Show the answers to a message."""
        while (child := self._pairs_box.get_first_child()) is not None:
            self._pairs_box.remove(child)
        good = (PairVerdict.EQUAL, PairVerdict.EQUAL_BUT)
        pairs = sorted(result.pairs, key=lambda one: one.verdict in good)
        for pair in pairs[:_MAX_PAIRS]:
            self._pairs_box.append(_pair_widget(pair))
        if len(pairs) > _MAX_PAIRS:
            self._pairs_box.append(
                _label(
                    _("{count:,} more answers").format(count=len(pairs) - _MAX_PAIRS), "dim-label"
                )
            )
        if not pairs:
            self._pairs_box.append(_label(_("No answers, neither recorded nor new"), "dim-label"))
        self.set_visible(True)


def _pair_widget(pair: AnswerPair) -> Gtk.Widget:
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=4)
    verdict = _label(verdict_words(pair.verdict).capitalize(), _STYLES[pair.verdict])
    verdict.add_css_class("heading")
    box.append(verdict)
    for line in pair_lines(pair):
        box.append(_label(cut(line)))
    sides = Gtk.Box(homogeneous=True, spacing=9)
    for name, message in zip(_SIDES, (pair.recorded, pair.new), strict=True):
        side = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        side.append(_label(name, "dim-label"))
        text = _label("nothing" if message is None else _text(message))
        text.set_selectable(True)
        text.set_valign(Gtk.Align.FILL)
        text.set_vexpand(True)
        text.set_yalign(0)
        text.add_css_class("result-account")
        text.update_property([Gtk.AccessibleProperty.LABEL], [f"{name}: {text.get_text()[:200]}"])
        side.append(text)
        sides.append(side)
    box.append(sides)
    return box


def _label(words: str, style: str = "") -> Gtk.Label:
    label = Gtk.Label(label=words, xalign=0, wrap=True, wrap_mode=Pango.WrapMode.WORD_CHAR)
    label.set_attributes(no_hyphens())
    if style:
        label.add_css_class(style)
    return label


def _text(message: Comparable) -> str:
    """Return an answer: a JSON document with indentation, another payload as its decoder says."""
    payload = message.payload
    shown = formatted(payload) if len(payload) <= _MAX_FORMATTED else None
    if shown is None:
        context = Context(Kind(message.kind).name.lower(), "received")
        return one_line(REGISTRY.summary(payload, context))[:_MAX_TEXT]
    shown = lines(shown)
    return shown if len(shown) <= _MAX_TEXT else f"{shown[:_MAX_TEXT]}…"
