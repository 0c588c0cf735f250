"""Connections with their variables put in, for programs that have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from spacebeam.exchange.collections.exporters.exporter import (
    CollectionSource,
    all_connections,
    variables_for,
)
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import SavedConnection, Variable, by_name
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.variables import Resolver, TooLongError


class ResolvedConnection(NamedTuple):
    """A connection without variables, and its name with its folders'."""

    title: str
    connection: SavedConnection


class _CountedValues(MadeValues):
    """Makes values, and counts them: each is the same in every run of the exported program."""

    def __init__(self, losses: NamedLosses) -> None:
        super().__init__()
        self._losses = losses

    def value(self, expression: str) -> str | None:
        """Return the value of an expression; None if it is unknown."""
        found = super().value(expression)
        if found is not None:
            self._losses.lose(Loss.MADE_VALUES, expression.partition(" ")[0])
        return found


def resolved_connections(
    source: CollectionSource, losses: NamedLosses
) -> Iterator[ResolvedConnection]:
    """Yield all connections with their variables put in; unknown ones stay, and are listed."""
    others = [one for one in source.collection.environments if one.name != source.environment]
    if others:
        losses.lose(Loss.ENVIRONMENTS, count=len(others))
    for found in all_connections(source.collection.folder):
        variables = [
            one if source.with_secrets or not one.is_secret else replace(one, value=None)
            for one in variables_for(source, found.connection)
        ]
        title = " / ".join((*found.folders, found.connection.name))
        yield ResolvedConnection(title, _resolved(found.connection, variables, losses))


def _resolved(
    connection: SavedConnection, variables: list[Variable], losses: NamedLosses
) -> SavedConnection:
    resolver = Resolver(by_name(variables), _CountedValues(losses))
    messages = []
    for one in connection.messages:
        try:
            messages.append(replace(one, text=resolver.message(one.text)))
        except TooLongError:
            losses.lose(Loss.MESSAGES, one.name)
    try:
        found = replace(
            connection,
            address=resolver.text(connection.address),
            profile=resolver.profile(connection.profile),
            messages=tuple(messages),
        )
    except TooLongError:
        losses.lose(Loss.EXCESS, connection.name)
        found = replace(connection, messages=tuple(messages))
    for name in (*resolver.unresolved.unknown, *resolver.unresolved.circular):
        losses.lose(Loss.EXPRESSIONS, name)
    for name in resolver.unresolved.missing_secrets:
        losses.lose(Loss.SECRETS, name)
    return found
