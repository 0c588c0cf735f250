"""What differs between two entries, in words."""

from __future__ import annotations

from spacebeam.compare.comparison import MAX_SIZE, Comparison
from spacebeam.compare.difference import MAX_DIFFERENCES, Difference, Differences, Mark
from spacebeam.compare.lines import MAX_LINES, LineDifferences
from spacebeam.compare.partner import REACH, Partner
from spacebeam.compare.tree_marks import TreeMark
from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.wording.i18n import _, ngettext


def mark_words(mark: Mark) -> str:
    """Return how a value differs, in a word or two."""
    return {
        Mark.ADDED: _("added"),
        Mark.REMOVED: _("removed"),
        Mark.CHANGED: _("changed"),
        Mark.INSIDE: "",
        Mark.LEFT_OUT: _("left out"),
    }[mark]


def change_words(found: Difference) -> str:
    """Return what became of a value, as a row says it."""
    place = found.place or _("message")
    if found.mark is Mark.INSIDE:
        return _("{path}: differs inside").format(path=place)
    before, after = found.before_text, found.after_text
    if not before:
        words = _("{path}: {after} is new").format(path=place, after=after)
    elif not after:
        words = _("{path}: {before} is gone").format(path=place, before=before)
    else:
        words = _("{path}: {before} is now {after}").format(path=place, before=before, after=after)
    return f"{words} ({mark_words(found.mark)})" if found.mark is Mark.LEFT_OUT else words


def left_out_words(path: str) -> str:
    """Return what leaves a path out."""
    return _("Leave out {path}").format(path=one_line(path))


def put_back_words(path: str) -> str:
    """Return what compares a path again that is left out."""
    return _("Compare {path} again").format(path=one_line(path))


def tree_mark_words(mark: TreeMark) -> str:
    """Return what became of a value since the entry before, beside the value."""
    parts = []
    if mark.mark is Mark.ADDED:
        parts.append(_("new"))
    elif mark.mark is Mark.CHANGED:
        parts.append(_("was {value}").format(value=mark.before))
    elif mark.inside:
        parts.append(_("changed inside"))
    if mark.removed:
        parts.append(_("without {keys}").format(keys=", ".join(mark.removed)))
    return ", ".join(parts)


def since_words(count: int, number: int) -> str:
    """Return how many values changed since an entry, which counts from 0."""
    if not count:
        return _("unchanged since #{number}").format(number=f"{number + 1:,}")
    words = ngettext("{count} change since #{number}", "{count} changes since #{number}", count)
    return words.format(count=f"{count:,}", number=f"{number + 1:,}")


def left_out_count_words(count: int) -> str:
    """Return how many paths are left out."""
    words = ngettext("{count} path left out", "{count} paths left out", count)
    return words.format(count=f"{count:,}")


def differences_words(found: Differences, comparison: Comparison) -> str:
    """Return how many values differ."""
    if not found.is_complete:
        return _("The first {count} differences").format(count=f"{MAX_DIFFERENCES:,}")
    if found.count:
        words = ngettext("{count} difference", "{count} differences", found.count)
        return words.format(count=f"{found.count:,}") + _left_out_words(found.left_out)
    if found.left_out:
        return _("The same") + _left_out_words(found.left_out)
    if comparison.is_same_payload:
        return _("The same")
    return _("The same values; they are written differently, as the text shows")


def _left_out_words(count: int) -> str:
    if not count:
        return ""
    words = ngettext(", {count} more is left out", ", {count} more are left out", count)
    return words.format(count=f"{count:,}")


def lines_words(found: LineDifferences) -> str:
    """Return how many lines differ."""
    if not found.is_complete:
        return _("The first {count} lines of the differences").format(count=f"{MAX_LINES:,}")
    if not found.lines:
        return _("The same")
    removed = ngettext("{count} line removed", "{count} lines removed", found.removed)
    added = ngettext("{count} added", "{count} added", found.added)
    return ", ".join(
        words.format(count=f"{count:,}")
        for words, count in ((removed, found.removed), (added, found.added))
        if count
    )


def too_long_words(number: int) -> str:
    """Return that an entry, which counts from 0, is too long to be compared."""
    return _("Entry #{number} is longer than {size}, and is not compared").format(
        number=f"{number + 1:,}", size=size(MAX_SIZE)
    )


def no_partner_words(partner: Partner, length: int) -> str:
    """Return that there is no entry to compare with, in a recording of `length` entries."""
    if length <= REACH:
        if partner is Partner.PREVIOUS:
            return _("No entry before it is of its kind")
        return _("No entry is its echo")
    if partner is Partner.PREVIOUS:
        return _("None of the {count} entries before is of its kind").format(count=f"{REACH:,}")
    return _("None of the {count} entries around is its echo").format(count=f"{REACH:,}")
