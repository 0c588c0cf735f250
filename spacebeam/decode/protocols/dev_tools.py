"""The Chrome DevTools Protocol (chromedevtools.github.io/devtools-protocol), with flat sessions."""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, key, recent, remember, text, written_id

_METHOD = re.compile(r"[A-Z][A-Za-z]+\.[a-z][A-Za-z]+")
_ENDPOINT = re.compile(r"/devtools/(?:browser|page|worker|inspector)\b")
_KEYS = frozenset(("id", "method", "params", "sessionId", "result", "error"))
_NO_SESSION = -32001  # the code of an error about a session that is not there
# What nearly every client says at first, or hears.
_PROOFS = frozenset(
    (
        "Browser.getVersion",
        "Debugger.enable",
        "Debugger.scriptParsed",
        "NodeWorker.enable",
        "Page.enable",
        "Runtime.enable",
        "Runtime.executionContextCreated",
        "Runtime.runIfWaitingForDebugger",
        "Target.attachToTarget",
        "Target.attachedToTarget",
        "Target.getBrowserContexts",
        "Target.setAutoAttach",
        "Target.setDiscoverTargets",
        "Target.targetCreated",
    )
)


class DevTools:
    """The Chrome DevTools Protocol. The name of a result is its command's."""

    name = "Chrome DevTools Protocol"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 if the endpoint says so, and 0.8 for a method that most clients use."""
        if not isinstance(value, dict) or not value.keys() <= _KEYS:
            return 0
        method = value.get("method")
        if isinstance(method, str) and _METHOD.fullmatch(method[:MAX_TEXT]):
            if _ENDPOINT.search(context.endpoint):
                return 0.95
            is_object = isinstance(value.get("params", {}), dict)
            return 0.8 if method in _PROOFS and is_object else 0
        is_answer = "id" in value and ("result" in value or "error" in value)
        return 0.95 if is_answer and _ENDPOINT.search(context.endpoint) else 0

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the command, result, error or event."""
        if not isinstance(value, dict):
            return ()
        identifier, method, session = value.get("id"), value.get("method"), value.get("sessionId")
        written, session = written_id(identifier), text(session)
        if isinstance(method, str):
            params, method = value.get("params", {}), method[:MAX_TEXT]
            if "id" not in value:
                return (Message("event", params, method),)
            if session:
                remember(context, self.name, written, session)
            return (Message("command", params, method, written, _key(session, identifier)),)
        error = value.get("error")
        if isinstance(error, dict):
            if not session and error.get("code") == _NO_SESSION:
                session = recent(context, self.name).get(written)
            answers = _key(session, identifier)
            return (Message("error", error, "", written, "", answers, is_error=True),)
        if "id" in value and "result" in value:
            answers = _key(session, identifier)
            return (Message("result", value["result"], "", written, answers=answers),)
        return ()


def _key(session: str, identifier: Value) -> str:
    return key(f"command {session}", identifier)
