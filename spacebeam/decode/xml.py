"""XML (https://www.w3.org/TR/xml/), as a tree of elements.

An element is an object: its attributes begin with `@`, its text is `#text`, and its children have
their names as they are written, with their prefixes; several of a name are a list. An element with
text alone is that text. Comments and instructions are left out, and so is the order of children
that have different names.

expat reads it: it follows no address, and a document that declares entities is refused, because a
few lines of them make gigabytes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.parsers import expat

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Rendering, Value
from spacebeam.decode.extended_json import MAX_DEPTH
from spacebeam.decode.preview import text_preview
from spacebeam.decode.xml_layout import XmlRendering
from spacebeam.decode.xml_ranges import Element, root_element

_JUDGED = 16 * 1024  # bytes; a longer payload is judged by its beginning
_HEAD = 256  # bytes of white space and of the first tag's bracket
_BEGINNINGS = b"< \t\r\n\xef"
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+<(?:\?xml[ \t\r\n]|!--|!DOCTYPE|[\w:\x80-\xff])"
)
_MAX_ELEMENTS = 500_000
_NAME = re.compile(r"""[^\s<>&/="'!?]+""")  # expat decides of the rest
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT_ESCAPES = str.maketrans(_ESCAPES)
_ATTRIBUTE_ESCAPES = str.maketrans(_ESCAPES | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_Element = dict[str, Any]


class XmlDecoder:
    """Well-formed XML documents in UTF-8."""

    name = "XML"
    kinds: tuple[str, ...] = ()
    first_bytes = _BEGINNINGS
    is_text = True
    has_fields = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.85 for a well-formed document, and 0.45 where only the beginning was read."""
        if not payload or payload[0] not in _BEGINNINGS or not _BEGINNING.match(payload[:_HEAD]):
            return 0
        is_whole = not context.is_cut and len(payload) <= _JUDGED
        try:
            _Tree(keeps=False).read(payload[:_JUDGED], is_whole)
        except DecodeError:
            return 0
        return 0.85 if is_whole else 0.45

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the beginning of the document as it was written."""
        return text_preview(payload)

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the document, indented."""
        return XmlRendering(payload)

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return an object with the root element. Raises DecodeError."""
        tree = _Tree()
        tree.read(payload, is_whole=True)
        return Decoded(tree.root)

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each element, attribute and text. Raises DecodeError."""
        value = self.decode(payload, context).value
        assert isinstance(value, dict)
        found = ByteRanges()
        found.add((0, len(payload)))
        for one in value.values():
            _add_ranges(found, one, root_element(bytes(payload)))
        return found

    def encode(self, value: Value) -> bytes:
        """Return the document of an object with one element. Raises ValueError."""
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("XML has one root element")
        ((name, content),) = value.items()
        if isinstance(content, list):
            raise ValueError("XML has one root element")
        document = "".join(_written(name, content, 1)).encode(errors="surrogatepass")
        try:
            _Tree(keeps=False).read(document, is_whole=True)
        except DecodeError as error:
            raise ValueError(f"XML cannot have this name or character: {error}") from None
        return document


class _Tree:
    """Reads a document into a tree."""

    def __init__(self, keeps: bool = True) -> None:
        self.root: Value = None
        self._keeps = keeps  # the elements; else it is only checked
        self._elements: list[_Element] = [{}]
        self._texts: list[list[str]] = [[]]
        self._depth = self._count = 0
        self._parser = parser = expat.ParserCreate("utf-8")  # whatever the document declares
        parser.buffer_text = parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._refuse_entity
        parser.SkippedEntityHandler = self._refuse_entity
        if keeps:
            parser.CharacterDataHandler = self._add_text

    def read(self, payload: Data, is_whole: bool) -> None:
        """Read a document, or its beginning. Raises DecodeError."""
        parser = self._parser
        try:
            parser.Parse(payload, is_whole)
        except expat.ExpatError as error:
            offset = min(max(parser.ErrorByteIndex, 0), len(payload))
            raise DecodeError(expat.ErrorString(error.code) or "not well-formed", offset) from None
        self.root = self._elements[0]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1 + len(attributes)
        if self._depth > MAX_DEPTH:
            self._refuse(f"more than {MAX_DEPTH} levels")
        if self._count > _MAX_ELEMENTS:
            self._refuse(f"more than {_MAX_ELEMENTS:,} elements and attributes")
        if self._keeps:
            self._elements.append({f"@{key}": value for key, value in attributes.items()})
            self._texts.append([])

    def _end(self, name: str) -> None:
        self._depth -= 1
        if not self._keeps:
            return
        element, text = self._elements.pop(), "".join(self._texts.pop())
        has_children = any(not key.startswith("@") for key in element)
        if text.strip(" \t\r\n") or (text and not has_children):
            element["#text"] = text
        value: Any = element
        if not element or element.keys() == {"#text"}:
            value = text if not has_children else element
        outside = self._elements[-1]
        if name not in outside:
            outside[name] = value
        elif isinstance(outside[name], list):
            outside[name].append(value)
        else:
            outside[name] = [outside[name], value]

    def _add_text(self, text: str) -> None:
        self._texts[-1].append(text)

    def _refuse_entity(self, *_declaration: object) -> None:
        self._refuse("it declares or needs entities, which are not read")

    def _refuse(self, reason: str) -> NoReturn:
        raise DecodeError(reason, max(self._parser.CurrentByteIndex, 0))


def _add_ranges(found: ByteRanges, value: Value, element: Element) -> None:
    """Add the ranges of an element's value and of all that is inside."""
    found.add(element.whole)
    children = defaultdict(list)
    for child in element.children:
        children[child.name].append(child)
    for key, one in value.items() if isinstance(value, dict) else ():
        if key.startswith("@"):
            found.add(element.tag)
        elif key == "#text":
            found.add(element.content)
        else:
            if isinstance(one, list):
                found.add((children[key][0].start, children[key][-1].end))
            values = one if isinstance(one, list) else [one]
            for each, child in zip(values, children[key], strict=True):
                _add_ranges(found, each, child)


def _written(name: str, content: Value, depth: int) -> Iterator[str]:
    """Yield an element in pieces. Raises ValueError."""
    if depth > MAX_DEPTH:
        raise ValueError(f"XML of more than {MAX_DEPTH} levels cannot be written")
    name = _named(name)
    element: Value = {"#text": content} if isinstance(content, str) else content
    if not isinstance(element, dict):
        raise ValueError(f"the element “{name}” is a text or an object")
    yield f"<{name}"
    for key, value in element.items():
        if key.startswith("@"):
            yield f' {_named(key[1:])}="{_text(value).translate(_ATTRIBUTE_ESCAPES)}"'
    yield ">"
    for key, value in element.items():
        if key == "#text":
            yield _text(value).translate(_TEXT_ESCAPES)
        elif not key.startswith("@"):
            for one in value if isinstance(value, list) else [value]:
                yield from _written(key, one, depth + 1)
    yield f"</{name}>"


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"XML has no element or attribute of the name “{name[:40]}”")
    return name


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("XML has texts, and no other values")
    return value
