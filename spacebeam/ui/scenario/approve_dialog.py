"""Shows how what came differs from a snapshot, and asks whether it is to become the snapshot."""

from __future__ import annotations

from gi.repository import Adw, GLib, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.scenario.checks import MAX_LINES
from spacebeam.scenario.verdict import Fault, FaultKind
from spacebeam.ui.compat import set_parent
from spacebeam.ui.hyphens import no_hyphens
from spacebeam.ui.recordings.dialogs import answer
from spacebeam.ui.scenario.line_marks import verdict_colour
from spacebeam.wording.i18n import _

_APPROVE = "approve"
_MAX_LINE = 500  # characters


async def ask_approval(parent: Gtk.Window, fault: Fault) -> bool:
    """Return whether the person approves of what came."""
    is_new = fault.kind is FaultKind.NOT_APPROVED
    words = (
        _("There is no snapshot yet. This came:")
        if is_new
        else _("What came differs from the snapshot (- approved, + what came):")
    )
    name = one_line(", ".join(fault.names))
    question = _("Approve the snapshot “{name}”?").format(name=name)
    dialog = Adw.MessageDialog.new(None, question, words)
    set_parent(dialog, parent)
    dialog.set_extra_child(_scroller(_shown_lines(fault)))
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response(_APPROVE, _("_Approve"))
    dialog.set_response_appearance(_APPROVE, Adw.ResponseAppearance.SUGGESTED)
    dialog.set_close_response("cancel")
    return await answer(dialog) == _APPROVE


def _shown_lines(fault: Fault) -> list[str]:
    lines = list(fault.difference)
    if fault.snapshot is not None and not lines:
        lines = [f"+{line}" for line in fault.snapshot.text[: MAX_LINES * _MAX_LINE].splitlines()]
    shown = [one_line(line)[:_MAX_LINE] for line in lines[:MAX_LINES]]
    return [*shown, "…"] if len(lines) >= MAX_LINES else shown


def _scroller(lines: list[str]) -> Gtk.ScrolledWindow:
    label = Gtk.Label(xalign=0, yalign=0, wrap=True, selectable=True)
    label.set_wrap_mode(Pango.WrapMode.WORD_CHAR)
    label.set_markup("\n".join(map(_markup, lines)))
    label.set_attributes(no_hyphens())
    label.set_width_chars(30)
    label.set_max_width_chars(70)
    label.add_css_class("monospace")
    label.update_property([Gtk.AccessibleProperty.LABEL], [_("Difference")])
    scroller = Gtk.ScrolledWindow(child=label)
    scroller.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
    scroller.set_propagate_natural_height(True)
    scroller.set_max_content_height(320)
    return scroller


def _markup(line: str) -> str:
    escaped = GLib.markup_escape_text(line)
    if line[:1] not in ("+", "-"):
        return escaped
    return f'<span foreground="{verdict_colour(is_good=line[0] == "+")}">{escaped}</span>'
