"""The account of a replay: for a person, as JSON Lines, and as JUnit's XML."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import click

from spacebeam.cli.messages import print_text
from spacebeam.cli.run_report.account import rounded
from spacebeam.cli.terminal import colored_json, is_styled
from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import one_line
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.replay.comparing import AnswerPair, Comparable, PairVerdict
from spacebeam.scenario.replay.player import ReplayResult, TurnResult
from spacebeam.wording.fault_account import cut
from spacebeam.wording.replay import change_words, summary_words, verdict_words

_COLORS = {
    PairVerdict.EQUAL: "green",
    PairVerdict.EQUAL_BUT: "green",
    PairVerdict.DIFFERENT: "yellow",
    PairVerdict.MISSING: "red",
    PairVerdict.MORE: "yellow",
}
_GOOD = (PairVerdict.EQUAL, PairVerdict.EQUAL_BUT)


class ReplayAccount:
    """Prints the messages whose answers are not equal, and a summary."""

    def __init__(self, *, shows_all: bool) -> None:
        self._shows_all = shows_all

    def add(self, result: TurnResult) -> None:
        """Print a message and its answers."""
        pairs = [one for one in result.pairs if self._shows_all or one.verdict not in _GOOD]
        if pairs or self._shows_all:
            print_text("".join(f"{line}\n" for line in _lines(result, pairs)))

    def end(self, result: ReplayResult) -> None:
        """Print the summary."""
        print_text(f"{summary_words(result)}\n")


def _lines(result: TurnResult, pairs: list[AnswerPair]) -> Iterator[str]:
    yield f"{_sent_words(result)}  {_style(rounded(result.seconds), dim=True)}"
    for pair in pairs:
        shown = pair.new if pair.recorded is None else pair.recorded
        assert shown is not None
        word = _style(verdict_words(pair.verdict), fg=_COLORS[pair.verdict])
        yield f"  {word}: {cut(_summary(shown))}"
        for change in pair.changes:
            yield f"    {cut(change_words(change))}"


def _sent_words(result: TurnResult) -> str:
    if result.turn.sent is None:
        return "Before the first message"
    message = result.sent if result.sent is not None else result.turn.sent.message
    is_text = isinstance(message, str)
    data = message.encode() if isinstance(message, str) else message
    summary = REGISTRY.summary(data, Context("text" if is_text else "binary", "sent"))
    return f"#{result.turn.sent.number:,} {cut(summary)}"


def _summary(message: Comparable) -> str:
    return REGISTRY.summary(message.payload, Context(message.kind.name.lower(), "received"))


class ReplayJson:
    """Prints an object for each sent message, and a summary."""

    def add(self, result: TurnResult) -> None:
        """Print a message's object."""
        turn = result.turn
        _print(
            {
                "sent": None if result.sent is None else _payload(result.sent),
                "number": None if turn.sent is None else turn.sent.number,
                "seconds": round(result.seconds, 6),
                "answers": [_pair(one) for one in result.pairs],
            }
        )

    def end(self, result: ReplayResult) -> None:
        """Print the summary."""
        counts = {verdict.value: result.count(verdict) for verdict in PairVerdict}
        sent = sum(one.sent is not None for one in result.turns)
        _print({"summary": {"sent": sent, "unsent": result.unsent, **counts}})


def _pair(pair: AnswerPair) -> dict[str, Any]:
    return {
        "verdict": pair.verdict.value,
        "recorded": None if pair.recorded is None else _received(pair.recorded),
        "new": None if pair.new is None else _received(pair.new),
        "changes": [
            {"path": one.path, "before": one.before, "after": one.after} for one in pair.changes
        ],
    }


def _received(message: Comparable) -> dict[str, str]:
    if message.kind is Kind.TEXT:
        return _payload(message.payload.decode(errors="replace"))
    return _payload(message.payload)


def _payload(message: str | bytes) -> dict[str, str]:
    if isinstance(message, str):
        return {"text": message}
    return {"base64": base64.b64encode(message).decode()}


def _print(value: dict[str, Any]) -> None:
    # DEL is the one control character that JSON does not escape.
    line = json.dumps(value).replace("\x7f", "\\u007f")
    print_text(colored_json(f"{line}\n"))


def replay_junit(result: ReplayResult, file: str) -> str:
    """Return the report of a replay: a case for each sent message."""
    failures = [one for one in result.turns if not _is_good(one)]
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
            {"name": _sent_words(one), "classname": one_line(file), "time": f"{one.seconds:.3f}"},
        )
        if not _is_good(one):
            bad = [pair for pair in one.pairs if pair.verdict not in _GOOD]
            words = ", ".join(verdict_words(pair.verdict) for pair in bad)
            failure = SubElement(case, "failure", {"type": bad[0].verdict.value, "message": words})
            failure.text = click.unstyle("\n".join(_lines(one, bad)))
    for number in range(result.unsent):
        case = SubElement(
            suite, "testcase", {"name": f"unsent {number + 1}", "classname": one_line(file)}
        )
        SubElement(case, "error", {"type": "unsent", "message": "the connection had ended"})
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _is_good(result: TurnResult) -> bool:
    return all(pair.verdict in _GOOD for pair in result.pairs)


def _style(text: str, **style: object) -> str:
    return click.style(text, **style) if is_styled() else text  # type: ignore[arg-type]
