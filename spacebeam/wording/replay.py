"""What became of a replay, in words."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.scenario.replay.comparing import AnswerPair, Change, PairVerdict
from spacebeam.scenario.replay.player import ReplayResult
from spacebeam.wording.closing import close_words
from spacebeam.wording.i18n import _, ngettext


def verdict_words(verdict: PairVerdict) -> str:
    """Return how an answer compares, in a word or two."""
    return {
        PairVerdict.EQUAL: _("equal"),
        PairVerdict.EQUAL_BUT: _("equal but for what is left out"),
        PairVerdict.DIFFERENT: _("different"),
        PairVerdict.MISSING: _("missing"),
        PairVerdict.MORE: _("more"),
    }[verdict]


def change_words(change: Change) -> str:
    """Return a difference at a path."""
    path = change.path or _("message")
    if change.before is None:
        return _("{path}: {after} is new").format(path=path, after=change.after)
    if change.after is None:
        return _("{path}: {before} is gone").format(path=path, before=change.before)
    return _("{path}: {before} is now {after}").format(
        path=path, before=change.before, after=change.after
    )


def summary_words(result: ReplayResult) -> str:
    """Return the counts of a replay, as a sentence."""
    sent = sum(one.sent is not None for one in result.turns)
    parts = [
        f"{count:,} {verdict_words(verdict)}"
        for verdict in PairVerdict
        if (count := result.count(verdict))
    ]
    words = ngettext("{count} message sent", "{count} messages sent", sent)
    answers = _("; answers: {list}").format(list=", ".join(parts)) if parts else ""
    return f"{words.format(count=f'{sent:,}')}{answers}."


def unsent_words(result: ReplayResult) -> str:
    """Return that some messages were not sent, and why; "" if all were."""
    if not result.unsent:
        return ""
    words = ngettext(
        "{count} message was not sent: the connection had ended.",
        "{count} messages were not sent: the connection had ended.",
        result.unsent,
    ).format(count=f"{result.unsent:,}")
    reason = result.close_reason
    return words if reason is None else f"{words} {close_words(reason)}"


def pair_lines(pair: AnswerPair) -> Iterator[str]:
    """Yield what differs in a pair."""
    for change in pair.changes:
        yield change_words(change)
