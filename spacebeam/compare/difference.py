"""What differs between two decoded values, as a tree of the members that do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from spacebeam.compare.identity import Identities
from spacebeam.compare.matching import Matcher, Places
from spacebeam.compare.shown import excerpts, safe, shown
from spacebeam.decode.decoder import Value
from spacebeam.decode.paths import path_of, steps, written_step
from spacebeam.decode.visible import one_line

MAX_DIFFERENCES = 10_000  # of two messages; more are not looked for
_MAX_DEPTH = 100  # of members that are compared by themselves; deeper ones as a whole
_MAX_KEY = 60  # characters of a key that is shown

# Paths that are left out: the steps that are left, and the whole path.
_Patterns = tuple[tuple[tuple[str, ...], str], ...]


class Nothing(Enum):
    """In the place of a value that is not there."""

    NOTHING = ""


NOTHING = Nothing.NOTHING


class Mark(StrEnum):
    """How a value differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    INSIDE = "inside"  # members differ
    LEFT_OUT = "left-out"  # it differs at a path that is left out


@dataclass(frozen=True, slots=True)
class Rules:
    """How values are compared."""

    left_out: tuple[str, ...] = ()  # paths, as in `decode.paths`
    keys: tuple[str, ...] = ()  # members that tell the elements of a list apart
    finds_keys: bool = True  # whether such members are looked for; else only the order counts


@dataclass(slots=True, eq=False)
class Difference:
    """A value that differs, or has members that do."""

    mark: Mark
    before: Value | Nothing
    after: Value | Nothing
    step: str | int = ""  # its key, or its index: the new one, unless it was removed
    element: str = ""  # what tells it apart in a list, safe to show: `id=7`
    parent: Difference | None = None
    inside: list[Difference] = field(default_factory=list)
    same: int = 0  # members that do not differ
    before_text: str = ""  # the value as JSON on one line, shortened and safe to show
    after_text: str = ""
    left_out_by: str = ""  # the path of the rules that leaves it out

    @property
    def path(self) -> str:
        """The path of the value in its message, as JMESPath; "" for all of it."""
        return path_of(one.step for one in self._way)

    @property
    def place(self) -> str:
        """The path for people: elements that are told apart by a key have that."""
        parts = (f"[{one.element}]" if one.element else written_step(one.step) for one in self._way)
        return one_line("".join(parts)).removeprefix(".")

    @property
    def pattern(self) -> str:
        """The path that leaves it out, in all elements that are told apart by a key."""
        parts = ("[*]" if one.element else written_step(one.step) for one in self._way)
        return "".join(parts).removeprefix(".")

    @property
    def label(self) -> str:
        """Its key or index, safe to show; "" for the whole message."""
        if self.parent is None:
            return ""
        if isinstance(self.step, int):
            return f"[{self.element or self.step}]"
        label = safe(self.step[:_MAX_KEY]) + ("…" if len(self.step) > _MAX_KEY else "")
        return label or '""'

    @property
    def _way(self) -> list[Difference]:
        way: list[Difference] = []
        one = self
        while one.parent is not None:
            way.append(one)
            one = one.parent
        return way[::-1]


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs between two values."""

    root: Difference | None  # None: nothing
    count: int = 0  # values that were added, removed or changed
    left_out: int = 0  # values that differ, and are left out
    is_complete: bool = True  # false if there are more than MAX_DIFFERENCES

    def changes(self) -> Iterator[Difference]:
        """Yield what was added, removed and changed, without the values around it."""
        pending = [] if self.root is None else [self.root]
        while pending:
            one = pending.pop()
            if one.inside:
                pending += reversed(one.inside)
            elif one.mark is not Mark.LEFT_OUT:
                yield one


def differences(before: Value, after: Value, rules: Rules = Rules()) -> Differences:
    """Compare two values. Raises PathStepsError for a path that is none."""
    patterns = tuple((tuple(steps(path)), path) for path in rules.left_out)
    walk = _Walk(before, after, rules)
    root = walk.compared(before, after, patterns, 0)
    return Differences(root, walk.count, walk.left_out, walk.is_complete)


class _Walk:
    """Goes through both values at once."""

    def __init__(self, before: Value, after: Value, rules: Rules) -> None:
        self._identities = Identities()
        self._identities.add(before)
        self._identities.add(after)
        self._matcher = Matcher(self._identities, rules.keys, finds_keys=rules.finds_keys)
        self.count = self.left_out = 0
        self.is_complete = True

    def compared(
        self, before: Value, after: Value, patterns: _Patterns, depth: int
    ) -> Difference | None:
        """Return what differs; None if nothing does."""
        if self._identities.of(before) == self._identities.of(after):
            return None
        if depth < _MAX_DEPTH:
            if isinstance(before, dict) and isinstance(after, dict):
                return self._objects(before, after, patterns, depth)
            if isinstance(before, list) and isinstance(after, list):
                return self._lists(before, after, patterns, depth)
        return self._leaf(Mark.CHANGED, before, after)

    def _objects(
        self, before: dict[str, Value], after: dict[str, Value], patterns: _Patterns, depth: int
    ) -> Difference | None:
        around = Difference(Mark.INSIDE, before, after)
        for key in (*before, *(key for key in after if key not in before)):
            if self._is_full():
                break
            inner = _within(patterns, (key,)) if patterns else ()
            old, new = before.get(key, NOTHING), after.get(key, NOTHING)
            self._add(around, self._member(old, new, inner, depth), key)
        return around if around.inside else None

    def _lists(
        self, before: list[Value], after: list[Value], patterns: _Patterns, depth: int
    ) -> Difference | None:
        around = Difference(Mark.INSIDE, before, after)
        matching = self._matcher.matched(before, after)
        for places in matching.pairs:
            if self._is_full():
                break
            inner = _within(patterns, tuple(map(str, places))) if patterns else ()
            old, new = _at(before, places[0]), _at(after, places[1])
            found = self._member(old, new, inner, depth)
            if found is not None:
                found.element = _element(new if old is NOTHING else old, matching.key)
            self._add(around, found, _index(places))
        return around if around.inside else None

    def _member(
        self, before: Value | Nothing, after: Value | Nothing, patterns: _Patterns, depth: int
    ) -> Difference | None:
        for left, path in patterns:
            if not left:
                return self._left_out(before, after, path)
        if isinstance(before, Nothing):
            return self._leaf(Mark.ADDED, before, after)
        if isinstance(after, Nothing):
            return self._leaf(Mark.REMOVED, before, after)
        return self.compared(before, after, patterns, depth + 1)

    def _is_full(self) -> bool:
        """Return whether no further member is compared."""
        self.is_complete = self.is_complete and self.count < MAX_DIFFERENCES
        return not self.is_complete

    def _left_out(
        self, before: Value | Nothing, after: Value | Nothing, path: str
    ) -> Difference | None:
        if not isinstance(before, Nothing) and not isinstance(after, Nothing):
            numbers = self._identities.of(before), self._identities.of(after)
            if numbers[0] == numbers[1]:
                return None
        self.left_out += 1
        found = self._leaf(Mark.LEFT_OUT, before, after)
        found.left_out_by = path
        return found

    def _leaf(self, mark: Mark, before: Value | Nothing, after: Value | Nothing) -> Difference:
        self.count += mark is not Mark.LEFT_OUT
        found = Difference(mark, before, after)
        if isinstance(before, str) and isinstance(after, str):
            found.before_text, found.after_text = excerpts(before, after)
        else:
            found.before_text = "" if isinstance(before, Nothing) else shown(before)
            found.after_text = "" if isinstance(after, Nothing) else shown(after)
        return found

    @staticmethod
    def _add(around: Difference, found: Difference | None, step: str | int) -> None:
        if found is None:
            around.same += 1
        else:
            found.step, found.parent = step, around
            around.inside.append(found)


def _within(patterns: _Patterns, names: tuple[str, ...]) -> _Patterns:
    """Return what is left of the paths after a step with one of these names."""
    return tuple(
        (left[1:], path) for left, path in patterns if left and (left[0] == "*" or left[0] in names)
    )


def _at(elements: list[Value], place: int | None) -> Value | Nothing:
    return NOTHING if place is None else elements[place]


def _index(places: Places) -> int:
    before, after = places
    return after if after is not None else before or 0


def _element(value: Value | Nothing, key: str | int | None) -> str:
    """Return what tells an element apart."""
    if isinstance(key, int) and isinstance(value, list):
        return shown(value[key], _MAX_KEY)
    if isinstance(key, str) and isinstance(value, dict):
        return f"{safe(key[:_MAX_KEY])}={shown(value[key], _MAX_KEY)}"
    return ""
