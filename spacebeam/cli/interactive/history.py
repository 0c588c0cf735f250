"""What was sent to an address, for the input line: the same history as in the window."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from urllib.parse import parse_qsl

from prompt_toolkit.history import History

from spacebeam.cli.interactive.commands import Message, TypedForm
from spacebeam.library.sent_history import SentHistory, default_folder
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.secrets import is_secret_name, scheme_of, without_secrets

_MIN_SECRET = 4  # characters; a shorter value is part of many messages
_MAX_RECALLED = 8 * 1024  # characters and bytes; a longer one would be slow to edit in a line


class TypedHistory(History):
    """The typed texts, newest last: those of this run, before them what was sent earlier.

    Only what `sent` gets is saved, if the connection may leave anything behind.
    """

    def __init__(self, saved: SentHistory | None, form: TypedForm, secrets: Iterable[str]) -> None:
        super().__init__()
        self._saved = saved
        self._form = form
        self._secrets = tuple(secrets)

    def load_history_strings(self) -> Iterable[str]:
        """Return what was sent on earlier days, newest first."""
        messages = [] if self._saved is None else self._saved.messages()
        return [self._form.typed(one) for one in reversed(messages) if len(one) <= _MAX_RECALLED]

    def store_string(self, string: str) -> None:
        """Do nothing: a typed text is saved once it is sent."""

    def sent(self, message: Message) -> None:
        """Save a message that was sent, unless it has a secret of the connection."""
        shown = message if isinstance(message, str) else message.decode(errors="replace")
        if self._saved is not None and not any(one in shown for one in self._secrets):
            self._saved.add(message, time.time())


async def history_of(plan: ConnectionPlan, form: TypedForm, *, is_saved: bool) -> TypedHistory:
    """Return the history of a connection's address; a private one has none on disk."""
    saved = None
    if is_saved and not plan.is_private:
        address = without_secrets(plan.typed_endpoint.url, plan.options.secret_names)
        saved = SentHistory(default_folder(), address)
        saved.take_up(*await asyncio.to_thread(saved.read))
    return TypedHistory(saved, form, _secrets(plan))


def _secrets(plan: ConnectionPlan) -> set[str]:
    """Return the secret values of a connection, which no file may get."""
    options, endpoint = plan.options, plan.endpoint
    named = [*options.headers, *parse_qsl(endpoint.resource.partition("?")[2])]
    found = {
        value.removeprefix(scheme_of(value)).strip()
        for name, value in named
        if is_secret_name(name) or name.lower() in options.secret_names or scheme_of(value)
    }
    found |= {value for _name, value in (*options.secret_query, *options.cookies)}
    found |= {one for one in (options.password, endpoint.password, options.tls.password) if one}
    return {one for one in found if len(one) >= _MIN_SECRET}
