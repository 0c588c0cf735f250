"""Variables and environments of OpenCollection. A secret variable is a name without a value."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacebeam.exchange.opencollection.fields import (
    Document,
    child,
    flag,
    items,
    merged,
    put,
    text,
)
from spacebeam.profiles.collection import Environment, Variable

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_ORDER = ("name", "color", "description", "extends", "dotEnvFilePath", "variables")


def read_variables(document: Document, key: str = "variables") -> tuple[Variable, ...]:
    """Return the variables in a list of a document."""
    return tuple(_variable(one) for one in items(document, key) if text(one.get("name")))


def written_variables(present: object, variables: Iterable[Variable]) -> list[Document]:
    """Return a list with other variables; a value's type and description stay."""
    known = [one for one in present if isinstance(one, dict)] if isinstance(present, list) else []
    wanted = []
    for one in variables:
        before = next((item for item in known if text(item.get("name")) == one.name), {})
        value = None if one.is_secret else _with_value(before.get("value"), one.value or "")
        changes: Document = {
            "secret": True if one.is_secret else None,
            "value": value,
            "disabled": None if one.enabled else True,
        }
        wanted.append((one.name, changes))
    return merged(present, wanted, lambda item: bool(text(item.get("name"))))


def read_environment(document: Document) -> Environment:
    """Return the environment of a file."""
    color = text(document.get("color"))
    return Environment(
        text(document.get("name")),
        read_variables(document),
        color if _COLOR.fullmatch(color) else "",
        text(document.get("extends")),
        text(document.get("dotEnvFilePath")),
    )


def environment_document(environment: Environment, present: Document | None = None) -> Document:
    """Return the document of an environment; what `present` has beside stays."""
    document = dict(present or {})
    put(document, "name", environment.name, _ORDER)
    put(document, "color", environment.color, _ORDER)
    put(document, "extends", environment.extends, _ORDER)
    put(document, "dotEnvFilePath", environment.env_file, _ORDER)
    if environment.variables != read_variables(document):
        variables = written_variables(document.get("variables"), environment.variables)
        put(document, "variables", variables, _ORDER)
    return document


def _variable(item: Document) -> Variable:
    is_secret = flag(item, "secret")
    value = None if is_secret else _value(item.get("value"))
    return Variable(text(item["name"]), value, not flag(item, "disabled"), is_secret)


def _value(value: object) -> str:
    """Return a value: a text, `{type, data}`, or a list of variants, of which one is selected."""
    if isinstance(value, list):
        value = _selected(value).get("value")
    if isinstance(value, dict):
        value = value.get("data")
    return value if isinstance(value, str) else ""


def _with_value(present: object, value: str) -> object:
    """Return a value in the form of the present one."""
    if _value(present) == value:
        return "" if present is None else present
    if isinstance(present, list) and (selected := _selected(present)):
        changed = {**selected, "value": _with_value(selected.get("value"), value)}
        return [changed if one is selected else one for one in present]
    if child({"value": present}, "value"):
        return {**child({"value": present}, "value"), "data": value}
    return value


def _selected(variants: list[object]) -> Document:
    known = [one for one in variants if isinstance(one, dict)]
    return next((one for one in known if flag(one, "selected")), known[0] if known else {})
