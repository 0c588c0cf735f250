"""XMPP over WebSocket (RFC 7395): each message is an XML document of one element."""

from __future__ import annotations

import re
from itertools import groupby
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Message, Value
from spacebeam.decode.embedded import encoded, members_of
from spacebeam.decode.extended_json import MAX_DEPTH
from spacebeam.decode.structured import StructuredDecoder
from spacebeam.decode.xml_ranges import Element, root_element

MAX_ELEMENTS = 100_000
_MAX_LEVELS = MAX_DEPTH // 2 - 2  # an element is two levels of a value: an object in a list
_XML = "http://www.w3.org/XML/1998/namespace"
_PROOF = re.compile(
    rb"""<(?:(?:open|close)\s[^>]*xmlns=['"]urn:ietf:params:xml:ns:xmpp-framing['"]"""
    rb"""|(?:iq|message|presence)\s[^>]*xmlns=['"]jabber:(?:client|server)['"])"""
)
_JUDGED = 1024  # bytes
_SURE, _PROVEN = 0.95, 0.9
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ASKS = {"auth": "SASL", "response": "SASL", "challenge": "SASL challenge"}
_ASKS |= {"r": "acknowledgement", "enable": "stream management", "resume": "stream management"}
_ANSWERS = {"challenge": "SASL", "success": "SASL", "failure": "SASL"}
_ANSWERS |= {"response": "SASL challenge", "a": "acknowledgement"}
_ANSWERS |= dict.fromkeys(("enabled", "resumed", "failed"), "stream management")

Fields = dict[str, Value]


class XmppDecoder(StructuredDecoder):
    """Stanzas and other elements of XMPP."""

    name = "XMPP"
    kinds = ("text",)
    first_bytes = b"<"

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 with the subprotocol, 0.9 for XMPP's own namespaces."""
        if context.kind != "text" or payload[:1] != b"<":
            return 0
        if context.subprotocol.lower() == "xmpp":
            return _SURE
        return _PROVEN if _PROOF.match(payload[:_JUDGED]) else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the element. Raises DecodeError."""
        element = _Reader().read(payload)
        return Decoded(element, (_message(element, context),))

    def ranges(self, payload: Data, _context: Context) -> ByteRanges:
        """Return the bytes of each element, attribute and text. Raises DecodeError."""
        found = ByteRanges()
        _add_ranges(found, _Reader().read(payload), root_element(bytes(payload)))
        return found

    def encode(self, value: Value) -> bytes:
        """Return an element as XML. Raises ValueError."""
        return encoded(_written(value, "", 0))


class _Reader:
    """Reads an XML document without DTD, as RFC 6120, section 11.1, demands."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8", "}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._open: list[tuple[Fields, list[Value]]] = []  # elements with their children
        self._count = 0
        self._root: Fields = {}

    def read(self, payload: Data) -> Fields:
        """Return the element of a document. Raises DecodeError."""
        try:
            self._parser.Parse(bytes(payload), True)
        except expat.ExpatError as error:
            offset = min(max(self._parser.ErrorByteIndex, 0), len(payload))
            raise DecodeError(expat.ErrorString(error.code), offset) from None
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise DecodeError(f"more than {MAX_ELEMENTS:,} elements", self._offset)
        if len(self._open) >= _MAX_LEVELS:
            raise DecodeError(f"more than {_MAX_LEVELS} levels", self._offset)
        namespace, _, local = name.rpartition("}")
        element: Fields = {"name": local}
        if namespace:
            element["xmlns"] = namespace
        if attributes:
            element["attributes"] = {
                f"{{{key}" if "}" in key else key: value for key, value in attributes.items()
            }
        if self._open:
            self._open[-1][1].append(element)
        else:
            self._root = element
        self._open.append((element, []))

    def _end(self, _name: str) -> None:
        element, pieces = self._open.pop()
        children: list[Value] = []
        for is_text, group in groupby(pieces, lambda piece: isinstance(piece, str)):
            some = list(group)
            children += ["".join(map(str, some))] if is_text else some
        if len(children) == 1 and isinstance(children[0], str):
            element["text"] = children[0]
        elif children:
            element["children"] = children

    def _text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _refuse(self, *_details: object) -> None:
        raise DecodeError("XMPP has no document type", self._offset)

    @property
    def _offset(self) -> int:
        return max(self._parser.CurrentByteIndex, 0)


def _add_ranges(found: ByteRanges, fields: Fields, element: Element) -> None:
    """Add the ranges of an element's fields and of all that is inside."""
    found.add(element.whole)
    for key, one in fields.items():
        if key == "children" and isinstance(one, list):
            _add_children(found, one, element)
        elif key == "text":
            found.add(element.content)
        else:
            found.add_all(one, element.tag)


def _add_children(found: ByteRanges, values: list[Value], element: Element) -> None:
    found.add(element.content)
    before, following = element.inside, 0
    for value in values:
        if isinstance(value, dict):
            child = element.children[following]
            before, following = child.end, following + 1
            _add_ranges(found, value, child)
        else:
            is_last = following == len(element.children)
            found.add((before, element.after if is_last else element.children[following].start))


def _message(element: Fields, context: Context) -> Message:
    """Return the message of an element."""
    kind = str(element["name"])
    found = element.get("attributes")
    attributes: Fields = found if isinstance(found, dict) else {}
    identifier, type_ = str(attributes.get("id", "")), str(attributes.get("type", ""))
    asks, answers = _ASKS.get(kind, ""), _ANSWERS.get(kind, "")
    name = type_
    if kind == "iq":
        name = _first_child(element) or type_
        key = f"iq {identifier}"
        asks, answers = (key, "") if type_ in ("get", "set") else ("", key)
    elif kind == "open":  # both sides send it: who does so first asks
        opener = context.memory.setdefault(XmppDecoder.name, context.direction)
        asks, answers = ("open", "") if opener == context.direction else ("", "open")
    return Message(
        kind,
        _carried(element),
        name,
        identifier,
        asks,
        answers,
        is_error=type_ == "error" or kind in ("error", "failure", "failed"),
    )


def _carried(element: Fields) -> Value:
    """Return the text of an element or of a message's body; of others, all but the name."""
    children = element.get("children")
    for child in children if isinstance(children, list) and element["name"] == "message" else []:
        match child:
            case {"name": "body", "text": text}:
                return text
    if "text" in element:
        return element["text"]
    return {key: one for key, one in element.items() if key not in ("name", "xmlns")}


def _first_child(element: Fields) -> str:
    children = element.get("children")
    for child in children if isinstance(children, list) else []:
        if isinstance(child, dict):
            return str(child["name"])
    return ""


def _written(value: Value, namespace: str, depth: int) -> str:
    """Return an element as XML inside of an element of a namespace. Raises ValueError."""
    fields = members_of(value, "an element")
    if depth >= _MAX_LEVELS:
        raise ValueError(f"more than {_MAX_LEVELS} levels")
    name, own = _name(fields.get("name")), fields.get("xmlns", "")
    if not isinstance(own, str):
        raise ValueError("xmlns is a text")
    head = name if own == namespace else f"{name} xmlns={_quoted(own)}"
    attributes = members_of(fields.get("attributes", {}), "attributes")
    for number, (key, one) in enumerate(attributes.items()):
        head += _written_attribute(key, one, number)
    inside = fields.get("children", [])
    if not isinstance(inside, list):
        raise ValueError("children is a list")
    content = "".join(
        _escaped(one) if isinstance(one, str) else _written(one, own, depth + 1)
        for one in [fields.get("text", ""), *inside]
    )
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def _written_attribute(key: str, value: Value, number: int) -> str:
    if not isinstance(value, str):
        raise ValueError("attributes are texts")
    if key[:1] != "{":
        return f" {_name(key)}={_quoted(value)}"
    namespace, _, local = key[1:].rpartition("}")
    if namespace == _XML:
        return f" xml:{_name(local)}={_quoted(value)}"
    return f" xmlns:ns{number}={_quoted(namespace)} ns{number}:{_name(local)}={_quoted(value)}"


def _name(value: Value) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value) and value != "xmlns":
        return value
    raise ValueError("a name is a letter and letters, digits, dots, hyphens after it")


def _quoted(text: str) -> str:
    return quoteattr(_checked(text))


def _escaped(text: str) -> str:
    return escape(_checked(text), {"\r": "&#13;"})


def _checked(text: str) -> str:
    if _NOT_XML.search(text):
        raise ValueError("XML has no control characters")
    return text
