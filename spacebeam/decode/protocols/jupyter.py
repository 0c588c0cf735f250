"""Jupyter's kernel messages over WebSocket (jupyter-client.readthedocs.io, “Messaging”)."""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, key, recent, remember, text, written_id

SUBPROTOCOL = "v1.kernel.websocket.jupyter.org"
_ENDPOINT = re.compile(r"/api/kernels/[^/?]+/channels")
_CHANNELS = frozenset(("shell", "iopub", "stdin", "control"))
_PARTS = frozenset(("header", "parent_header", "metadata", "content", "channel"))


class Jupyter:
    """Kernel messages, named by their type. What a request leads to are its answers."""

    name = "Jupyter"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a message if the endpoint or subprotocol says so, else 0.9."""
        if not isinstance(value, dict) or not value.keys() >= _PARTS:
            return 0
        header = value["header"]
        if text(value["channel"]) not in _CHANNELS or not isinstance(header, dict):
            return 0
        if not text(header.get("msg_type")) or not text(header.get("msg_id")):
            return 0
        return 0.95 if is_spoken(context) else 0.9

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the message; its value is the content, with the buffers if there are any."""
        if not self.confidence(value, context):
            return ()
        assert isinstance(value, dict)
        header, parent, content = value["header"], value["parent_header"], value["content"]
        assert isinstance(header, dict)
        kind, channel = text(header["msg_type"])[:MAX_TEXT], text(value["channel"])
        identifier = header["msg_id"]
        question = parent.get("msg_id") if isinstance(parent, dict) else None
        answers = key("msg_id", question)
        # What a kernel reports of itself is in iopub; what it asks for has a parent as well.
        is_request = channel != "iopub" and (not answers or kind.endswith("_request"))
        carried: Value = content
        if value.get("buffers"):
            carried = {"content": content, "buffers": value["buffers"]}
        status = content.get("status") if isinstance(content, dict) else None
        return (
            Message(
                kind,
                carried,
                "",
                written_id(identifier),
                key("msg_id", identifier) if is_request else "",
                answers,
                self._is_last(kind, content, answers, context),
                kind == "error" or status in ("error", "aborted"),
            ),
        )

    def _is_last(self, kind: str, content: Value, answers: str, context: Context) -> bool:
        """Return whether an answer is the last: of the reply and the idle kernel, the later one."""
        if not answers or kind in ("input_reply", "input_request"):
            return kind != "input_request"
        is_idle = kind == "status" and content == {"execution_state": "idle"}
        if not is_idle and not kind.endswith("_reply"):
            return False
        if recent(context, self.name).get(answers):
            return True
        remember(context, self.name, answers, kind)
        return False


def is_spoken(context: Context) -> bool:
    """Return whether the subprotocol or the endpoint is that of a kernel."""
    return context.subprotocol == SUBPROTOCOL or bool(_ENDPOINT.search(context.endpoint))
