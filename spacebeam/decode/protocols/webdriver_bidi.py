"""WebDriver BiDi (w3.org/TR/webdriver-bidi)."""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, key, text, written_id

_MODULES = (
    "browser|browsingContext|emulation|input|log|network|permissions|script|session|storage|"
    "webExtension"
)
_METHOD = re.compile(rf"(?:{_MODULES}|[a-z]+:[a-z]+)\.[a-z][A-Za-z]+")
_ENDPOINT = re.compile(r"/session(?:/[^/?#]+)?(?:$|[?#])")
_PROOFS = re.compile(r"session\.(?:new|status|subscribe)|browsingContext\.[a-z][A-Za-z]+")


class WebDriverBiDi:
    """WebDriver BiDi. The name of a result is its command's."""

    name = "WebDriver BiDi"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 if the endpoint says so, and 0.8 for a method that most clients use."""
        if not isinstance(value, dict):
            return 0
        is_method = bool(_METHOD.fullmatch(text(value.get("method"))[:MAX_TEXT]))
        is_command = is_method and "id" in value and isinstance(value.get("params"), dict)
        kind = value.get("type")
        if kind is None and is_command:
            if _ENDPOINT.search(context.endpoint):
                return 0.95
            return 0.8 if _PROOFS.fullmatch(text(value["method"])) else 0
        if kind == "event" and is_method and isinstance(value.get("params"), dict):
            return 0.95 if _ENDPOINT.search(context.endpoint) else 0.8
        is_answer = "id" in value and (
            (kind == "success" and isinstance(value.get("result"), dict))
            or (kind == "error" and isinstance(value.get("error"), str) and "message" in value)
        )
        return 0.95 if is_answer and _ENDPOINT.search(context.endpoint) else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the command, result, error or event."""
        if not isinstance(value, dict):
            return ()
        kind, method, identifier = value.get("type"), value.get("method"), value.get("id")
        written, pair = written_id(identifier), key("command", identifier)
        if isinstance(method, str):
            params, method = value.get("params", {}), method[:MAX_TEXT]
            if kind == "event" or "id" not in value:
                return (Message("event", params, method),)
            return (Message("command", params, method, written, pair),)
        if kind == "success":
            return (Message("result", value.get("result"), "", written, answers=pair),)
        if kind == "error":
            error = {name: one for name, one in value.items() if name not in ("id", "type")}
            return (Message("error", error, "", written, "", pair, is_error=True),)
        return ()
