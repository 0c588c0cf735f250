"""The account of a replayed message in lines, and the report of a replay as JUnit's XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import one_line
from spacebeam.scenario.replay.comparing import AnswerPair, Comparable, PairVerdict
from spacebeam.scenario.replay.player import ReplayResult, TurnResult
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.fault_account import cut
from spacebeam.wording.i18n import _
from spacebeam.wording.replay import change_words, verdict_words

GOOD = (PairVerdict.EQUAL, PairVerdict.EQUAL_BUT)


def _plain(pair: AnswerPair) -> str:
    return verdict_words(pair.verdict)


def sent_words(result: TurnResult) -> str:
    """Return what was sent, on one line, with its number in the recording."""
    if result.turn.sent is None:
        return _("Before the first message")
    message = result.sent if result.sent is not None else result.turn.sent.message
    is_text = isinstance(message, str)
    data = message.encode() if isinstance(message, str) else message
    summary = REGISTRY.summary(data, Context("text" if is_text else "binary", "sent"))
    return f"#{result.turn.sent.number:,} {cut(summary)}"


def pair_account(
    pairs: Sequence[AnswerPair], verdict: Callable[[AnswerPair], str] = _plain
) -> Iterator[str]:
    """Yield lines of answers and what differs; `verdict` returns a pair's verdict in words."""
    for pair in pairs:
        shown = pair.new if pair.recorded is None else pair.recorded
        assert shown is not None
        yield f"  {verdict(pair)}: {cut(_summary(shown))}"
        for change in pair.changes:
            yield f"    {cut(change_words(change))}"


def is_good(result: TurnResult) -> bool:
    """Whether all answers are equal, but for what is left out."""
    return all(pair.verdict in GOOD for pair in result.pairs)


def replay_junit(result: ReplayResult, file: str) -> str:
    """Return the report of a replay: a case for each sent message."""
    failures = [one for one in result.turns if not is_good(one)]
    facts = {
        "name": one_line(file),
        "tests": str(len(result.turns) + result.unsent),
        "failures": str(len(failures)),
        "errors": str(result.unsent),
        "time": f"{sum(one.seconds for one in result.turns):.3f}",
    }
    root = Element("testsuites", {**facts, "name": "spacebeam"})
    suite = SubElement(root, "testsuite", facts)
    for one in result.turns:
        case = SubElement(
            suite,
            "testcase",
            {"name": sent_words(one), "classname": one_line(file), "time": f"{one.seconds:.3f}"},
        )
        if not is_good(one):
            bad = [pair for pair in one.pairs if pair.verdict not in GOOD]
            words = ", ".join(verdict_words(pair.verdict) for pair in bad)
            failure = SubElement(case, "failure", {"type": bad[0].verdict.value, "message": words})
            head = f"{sent_words(one)}  {rounded_words(one.seconds)}"
            failure.text = "\n".join((head, *pair_account(bad)))
    for number in range(result.unsent):
        case = SubElement(
            suite, "testcase", {"name": f"unsent {number + 1}", "classname": one_line(file)}
        )
        SubElement(case, "error", {"type": "unsent", "message": "the connection had ended"})
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _summary(message: Comparable) -> str:
    return REGISTRY.summary(message.payload, Context(message.kind.name.lower(), "received"))
