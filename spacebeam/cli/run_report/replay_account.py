"""The account of a replay: for a person, and as JSON Lines."""

from __future__ import annotations

import base64
import json
from typing import Any

import click

from spacebeam.cli.messages import print_text
from spacebeam.cli.terminal import colored_json, is_styled
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.replay.comparing import AnswerPair, Comparable, PairVerdict
from spacebeam.scenario.replay.player import ReplayResult, TurnResult
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.replay import summary_words, verdict_words
from spacebeam.wording.replay_report import GOOD, pair_account, sent_words

_COLORS = {
    PairVerdict.EQUAL: "green",
    PairVerdict.EQUAL_BUT: "green",
    PairVerdict.DIFFERENT: "yellow",
    PairVerdict.MISSING: "red",
    PairVerdict.MORE: "yellow",
}


class ReplayAccount:
    """Prints the messages whose answers are not equal, and a summary."""

    def __init__(self, *, shows_all: bool) -> None:
        self._shows_all = shows_all

    def add(self, result: TurnResult) -> None:
        """Print a message and its answers."""
        pairs = [one for one in result.pairs if self._shows_all or one.verdict not in GOOD]
        if pairs or self._shows_all:
            head = f"{sent_words(result)}  {_style(rounded_words(result.seconds), dim=True)}"
            print_text("".join(f"{line}\n" for line in (head, *pair_account(pairs, _verdict))))

    def end(self, result: ReplayResult) -> None:
        """Print the summary."""
        print_text(f"{summary_words(result)}\n")


def _verdict(pair: AnswerPair) -> str:
    return _style(verdict_words(pair.verdict), fg=_COLORS[pair.verdict])


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


def _style(text: str, **style: object) -> str:
    return click.style(text, **style) if is_styled() else text  # type: ignore[arg-type]
