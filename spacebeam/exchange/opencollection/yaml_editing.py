"""Changes values in a YAML text, and leaves every other line as it is, with its comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from spacebeam.exchange.opencollection import yaml_writing
from spacebeam.exchange.opencollection.yaml_reading import Value, YamlError, parse
from spacebeam.exchange.opencollection.yaml_writing import Written, flat


class _OddFormError(Exception):
    """The text is YAML in a form that is not edited in place."""


def edited(text: str, wanted: Mapping[str, Written]) -> str:
    """Return a YAML text, without a byte order mark, whose value is `wanted`.

    A text of an odd form, as with aliases, is written anew, without its comments.
    """
    with suppress(_OddFormError, YamlError, yaml.YAMLError):
        if parse(text) == flat(wanted):
            return text
        editor = _Editor(text)
        editor.change_document(wanted)
        changed = editor.result()
        if parse(changed) == flat(wanted):
            return changed
    return yaml_writing.document(wanted)


class _Editor:
    """Collects the changes of a text: characters to replace, by their places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, int, str]] = []

    def change_document(self, wanted: Mapping[str, Written]) -> None:
        root = yaml.compose(self._text, Loader=yaml.CBaseLoader)
        if not isinstance(root, MappingNode) or root.flow_style or not root.value or not wanted:
            raise _OddFormError
        self._change_mapping(root, wanted)

    def result(self) -> str:
        text = self._text
        for start, end, replacement in sorted(self._edits, key=lambda one: one[:2])[::-1]:
            text = text[:start] + replacement + text[end:]
        return text

    # Mappings

    def _change_mapping(self, node: MappingNode, wanted: Mapping[str, Written]) -> None:
        column = node.value[0][0].start_mark.column
        present = {key.value: (key, value) for key, value in node.value}
        if len(present) != len(node.value):
            raise _OddFormError
        for place, (key, value) in enumerate(node.value):
            if key.value not in wanted:
                self._remove_entry(node, place)
            elif _value(value) != flat(wanted[key.value]):
                self._change_entry(key, value, wanted[key.value])
        before: tuple[Node, Node] | None = None
        added: dict[int, list[str]] = {}
        for name, inner in wanted.items():
            if name in present:
                before = present[name]
            else:
                text = yaml_writing.entry(name, inner, column, self._newline)
                added.setdefault(self._place_after(node, before), []).append(text)
        for place, texts in added.items():
            self._insert(place, texts, column)

    def _place_after(self, node: MappingNode, before: tuple[Node, Node] | None) -> int:
        if before is None:
            return int(node.value[0][0].start_mark.index)
        return self._line_end(self._end(before[1]))

    def _insert(self, place: int, texts: Sequence[str], column: int) -> None:
        gap = self._newline + " " * column
        joined = gap.join(texts)
        is_after = place == len(self._text) or self._text[place] in "\r\n"
        self._edits.append((place, place, gap + joined if is_after else joined + gap))

    def _change_entry(self, key: Node, value: Node, wanted: Written) -> None:
        if isinstance(value, MappingNode) and isinstance(wanted, Mapping):
            if wanted and value.value and not value.flow_style:
                self._change_mapping(value, wanted)
                return
        elif isinstance(value, SequenceNode) and _is_list(wanted):
            assert isinstance(wanted, Sequence)
            if wanted and value.value and not value.flow_style:
                self._change_sequence(value, wanted)
                return
        colon = self._text.index(":", key.end_mark.index)
        self._replace_tail(colon + 1, value, wanted, key.start_mark.column)

    def _replace_tail(self, start: int, value: Node, wanted: Written, column: int) -> None:
        """Replace what follows a colon or a dash."""
        end = self._end(value)
        rest = self._text[end : self._line_end(end)].strip()
        tail = yaml_writing.tail(wanted, column, self._newline, is_short=bool(rest))
        if isinstance(value, ScalarNode) and isinstance(wanted, str) and value.value:
            start, tail = value.start_mark.index, tail.lstrip(" ")  # spaces before it stay
        self._edits.append((start, end, tail))

    def _remove_entry(self, node: MappingNode, place: int) -> None:
        key, value = node.value[place]
        start = key.start_mark.index
        line = self._line_start(start)
        if self._text[line:start].strip():  # behind the dash of a list
            if place + 1 == len(node.value):
                raise _OddFormError
            self._edits.append((start, node.value[place + 1][0].start_mark.index, ""))
            return
        if key.start_mark.column == 0:  # with the empty line before it
            while line and not self._text[self._line_start(line - 1) : line].strip():
                line = self._line_start(line - 1)
        self._edits.append((line, self._next_line(self._end(value)), ""))

    # Lists

    def _change_sequence(self, node: SequenceNode, wanted: Sequence[Written]) -> None:
        old, new = [_value(one) for one in node.value], [flat(one) for one in wanted]
        first = 0
        while first < min(len(old), len(new)) and old[first] == new[first]:
            first += 1
        last = 0
        while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
            last += 1
        paired = min(len(old), len(new)) - last
        for place in range(first, paired):
            if old[place] != new[place]:
                self._change_item(node.value[place], wanted[place])
        for place in range(paired, len(old) - last):
            dash = self._dash(node.value[place])
            end = self._next_line(self._end(node.value[place]))
            self._edits.append((self._line_start(dash), end, ""))
        added = wanted[paired : len(new) - last]
        if not added:
            return
        dash = self._dash(node.value[0])
        column = dash - self._line_start(dash)
        texts = [yaml_writing.item(one, column, self._newline) for one in added]
        place = self._line_end(self._end(node.value[paired - 1])) if paired else dash
        self._insert(place, texts, column)

    def _change_item(self, node: Any, wanted: Written) -> None:
        is_block = not isinstance(node, ScalarNode) and not node.flow_style and bool(node.value)
        if isinstance(node, MappingNode) and isinstance(wanted, Mapping) and is_block and wanted:
            self._change_mapping(node, wanted)
            return
        dash = self._dash(node)
        column = dash - self._line_start(dash)
        if isinstance(node, ScalarNode) and isinstance(wanted, str):
            self._replace_tail(dash + 1, node, wanted, column)
        else:
            text = yaml_writing.item(wanted, column, self._newline)
            self._edits.append((dash, self._end(node), text))

    def _dash(self, node: Node) -> int:
        dash = self._text.rfind("-", 0, node.start_mark.index)
        if dash < 0 or self._text[self._line_start(dash) : dash].strip():
            raise _OddFormError
        return dash

    # Places

    def _end(self, node: Any) -> int:
        """Return the end of a node, without the comments and empty lines after it."""
        if isinstance(node, ScalarNode):
            start, end = node.start_mark.index, node.end_mark.index
            return int(start + len(self._text[start:end].rstrip()))
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self._end(last[1] if isinstance(node, MappingNode) else last)

    def _line_start(self, place: int) -> int:
        return self._text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        end = self._text.find("\n", place)
        end = len(self._text) if end < 0 else end
        return end - 1 if end > place and self._text[end - 1] == "\r" else end

    def _next_line(self, place: int) -> int:
        end = self._text.find("\n", place)
        return len(self._text) if end < 0 else end + 1


def _value(node: Any) -> Value:
    if isinstance(node, MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_value(one) for one in node.value]
    is_null = not node.style and node.value in ("", "~", "null", "Null", "NULL")
    return None if is_null else str(node.value)


def _is_list(value: Written) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
