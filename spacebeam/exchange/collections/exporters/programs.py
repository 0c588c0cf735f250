"""Commands and programs that make a connection, as the window copies them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from spacebeam.exchange.collections.exporters.exporter import (
    CollectionExport,
    CollectionSource,
    lose_sign_ins,
)
from spacebeam.exchange.collections.exporters.resolved import resolved_connections
from spacebeam.exchange.copied_sign_in import left_out_by_curl
from spacebeam.exchange.copy_connection import ConnectionForm, connection_as
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.exchange.shown_request import shown_request

_SHELL = frozenset((ConnectionForm.CURL, ConnectionForm.SPACEBEAM, ConnectionForm.WEBSOCAT))


def exporter_of(form: ConnectionForm) -> CollectionExport:
    """Return an exporter: of a shell's command a line for each connection, else of the first."""
    return partial(_export, form)


def _export(form: ConnectionForm, source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    pieces = []
    for found in resolved_connections(source, losses):
        one = found.connection
        copied = connection_as(form, one.address, one.profile, with_secrets=source.with_secrets)
        if form is not ConnectionForm.CURL or left_out_by_curl(one.profile):
            lose_sign_ins(one.profile, losses)
        request = shown_request(one.address, one.profile, with_secrets=source.with_secrets)
        if copied.lacks_secrets or not request.is_complete:
            losses.lose(Loss.SECRETS, one.name)
        for message in one.messages:
            losses.lose(Loss.MESSAGES, message.name)
        if form not in _SHELL:
            yield Piece(f"{copied.text}\n".encode())
            return
        pieces.append(f"# {' '.join(found.title.split())}\n{copied.text}\n")
    yield Piece("\n".join(pieces).encode())
