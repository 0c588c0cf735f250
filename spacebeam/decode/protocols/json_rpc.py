"""JSON-RPC 2.0 (jsonrpc.org/specification, 2013-01-04)."""

from __future__ import annotations

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_MESSAGES, key, written_id


class JsonRpc:
    """JSON-RPC 2.0. An id is written as in JSON, so that 1 and "1" can be told apart."""

    name = "JSON-RPC 2.0"

    def confidence(self, value: Value, _context: Context) -> float:
        """Return 0.9 for a valid message or a batch that begins with one."""
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict) or value.get("jsonrpc") != "2.0":
            return 0
        message = _message(value)
        return 0.9 if message is not None and message.type != "invalid" else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the message, or those of a batch; what has no version is none."""
        if isinstance(value, dict):
            message = _message(value)
            return () if message is None else (message,)
        if isinstance(value, list):
            found = (_message(one) for one in value[:MAX_MESSAGES])
            return tuple(message for message in found if message is not None)
        return ()


def _message(value: Value) -> Message | None:
    """Return a request, notification, response, error response, or what is invalid."""
    if not isinstance(value, dict) or "jsonrpc" not in value:
        return None
    identifier = value.get("id")
    method = value.get("method")
    pair = key("id", identifier)
    written = _written(identifier) if "id" in value else ""
    if value["jsonrpc"] != "2.0" or (identifier is not None and not pair):
        asks = pair if "method" in value else ""
        return Message("invalid", value, id=written, asks=asks, is_error=True)
    if isinstance(method, str) and "result" not in value and "error" not in value:
        if "id" not in value:
            return Message("notification", value.get("params"), method)
        return Message("request", value.get("params"), method, written, asks=pair)
    if "method" not in value and "id" in value and ("result" in value) != ("error" in value):
        if "result" in value:
            return Message("response", value["result"], id=written, answers=pair)
        error = value["error"]
        return Message("error response", error, id=written, answers=pair, is_error=True)
    return Message("invalid", value, id=written, asks=pair if method is not None else "")


def _written(identifier: Value) -> str:
    if type(identifier) is int:
        return written_id(identifier)
    if identifier is None:
        return "null"
    return f'"{written_id(identifier)}"' if isinstance(identifier, str) else written_id(identifier)
