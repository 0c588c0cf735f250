"""Pairs messages by the values at two paths that a person gives."""

from __future__ import annotations

from spacebeam.decode.decoder import Message, Value
from spacebeam.decode.pairing import Pairing
from spacebeam.decode.protocols.keys import key, text
from spacebeam.search.json_path import MISSING, Finder, PathError, compile_path

_PREFIX = "json:"
_NAMES = ("method", "type", "event", "op", "action", "command", "cmd", "name")  # of a message
_ADVICE = "Write two paths, such as json:id=json:reply_to"


class PairPaths:
    """The path of a question's id, and the path at which an answer has it.

    They may be the same: then a message is an answer if the other side has asked with its id.
    """

    def __init__(self, question: str, answer: str) -> None:
        """Raises PathError."""
        self._question, self._answer = compile_path(question), compile_path(answer)
        self._is_same = question == answer

    def messages(self, value: Value, direction: str, pairing: Pairing) -> tuple[Message, ...]:
        """Return the message of a value; none if it has neither id."""
        answers = self._key(self._answer.find, value)
        if self._is_same:
            is_answer = bool(answers) and pairing.is_asked(direction, answers)
            asks = "" if is_answer else answers
            answers = answers if is_answer else ""
        else:
            asks = self._key(self._question.find, value)
        if not asks and not answers:
            return ()
        is_error = isinstance(value, dict) and bool(value.get("error"))
        name = _name(value)
        return (Message("message", value, name, "", asks, answers, is_error=is_error),)

    def _key(self, find: Finder, value: Value) -> str:
        try:
            found = find(value)
        except RecursionError:
            return ""
        return "" if found is MISSING else key("path", found)


def read_paths(written: str) -> PairPaths:
    """Return the paths that are written as `json:id=json:reply_to`. Raises PathError."""
    question, separator, answer = written.strip().partition(f"={_PREFIX}")
    question = question.removeprefix(_PREFIX)
    if not separator or not question or not answer:
        raise PathError(_ADVICE)
    return PairPaths(question, answer)


def _name(value: Value) -> str:
    if not isinstance(value, dict):
        return ""
    return next((name for one in _NAMES if (name := text(value.get(one)))), "")
