"""The options of a protocol that is spoken: which one, its sign-in, and the calls to send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from cloup import option, option_group

from spacebeam.cli.options import values
from spacebeam.cli.options.connection import with_attempts
from spacebeam.cli.options.saved_messages import expander
from spacebeam.decode.speaking.speaker import Call, Payload, Verb, argument_of
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.profiles.profile import ProtocolSettings, SpokenProtocol
from spacebeam.session.speech import speaker_of

_Command = TypeVar("_Command", bound=Callable[..., Any])
_VERBS = {f"--{verb}": verb for verb in Verb}
_CALL = next(iter(_VERBS))  # the option that takes all calls, in their order
_BETWEEN = "\0"  # the words of a call: no argument of a program has it
_NAMES = [one.value for one in SpokenProtocol if one is not SpokenProtocol.AUTOMATIC]

Words = tuple[str, ...]  # the verb, the name and the arguments


def protocol_options(command: _Command) -> _Command:
    """Add the group to a command."""
    add: Callable[[_Command], _Command] = option_group(
        "Protocol",
        option(
            "--protocol",
            type=click.Choice(_NAMES),
            help="Speak this protocol: open it after connecting and after each reconnect, and "
            "answer its pings. Messages are sent once the server has accepted. [default: none, "
            "only what is sent]",
        ),
        option(
            "--auth",
            metavar="JSON",
            type=values.text,
            help="Sign in with this object of JSON when the protocol is opened (Socket.IO, "
            "GraphQL, Phoenix). STOMP and MQTT sign in with --user.",
        ),
        option(
            "--topic",
            metavar="TOPIC",
            type=values.text,
            help="Join this topic of Phoenix when the protocol is opened.",
        ),
    )
    return add(command)


def with_calls(words: list[str]) -> list[str]:
    """Return the command line with each call as one word, and with the number of --reconnect."""
    last = words.index("--") if "--" in words else len(words)
    found: list[str] = []
    place = 0
    while place < last:
        name, equals, value = words[place].partition("=")
        place += 1
        if name not in _VERBS:
            found.append(words[place - 1])
            continue
        call = [_VERBS[name].value, *([value] if equals else [])]
        while place < last and not _is_option(words[place]):
            call.append(words[place])
            place += 1
        found.append(f"{_CALL}={_BETWEEN.join(call)}")
    return with_attempts([*found, *words[last:]])


def _is_option(word: str) -> bool:
    """Return whether a word is an option, and not a negative number."""
    return word.startswith("-") and not word[1:2].isdigit() and len(word) > 1


def _words(value: str) -> Words:
    verb, *words = values.text(value).split(_BETWEEN)
    if not words:
        raise click.BadParameter("A name is missing.")
    return (verb, *words)


CALLS = option(
    *_VERBS,
    "calls",
    metavar="NAME [ARG…]",
    type=_words,
    multiple=True,
    help="With --protocol, send an event, a call, a subscription or a publication as the protocol "
    "writes it; “spacebeam help protocols” lists what each has. An ARG is JSON, or else a text. "
    "All words up to the next option belong to it, so the address is before. Repeatable.",
)


def protocol_of(given: Mapping[str, Any]) -> ProtocolSettings:
    """Return the settings of the options, which a command may lack."""
    name = given.get("protocol")
    protocol = SpokenProtocol.AUTOMATIC if name is None else SpokenProtocol(name)
    return ProtocolSettings(protocol, given.get("auth") or "", given.get("topic") or "")


def written_calls(given: Mapping[str, Any], plan: ConnectionPlan) -> tuple[Payload, ...]:
    """Return the messages of the calls, in their order. Raise UsageError."""
    calls: tuple[Words, ...] = given["calls"]
    if calls and plan.spoken is None:
        raise click.UsageError(f"--{calls[0][0]} needs --protocol.")
    if plan.spoken is None:
        return ()
    speaker, expand = speaker_of(plan.spoken), expander(given) or str
    payloads: list[Payload] = []
    for number, (verb, name, *words) in enumerate(calls):
        try:
            arguments = tuple(
                expand(word) if speaker.has_bodies else argument_of(expand(word)) for word in words
            )
            payloads += speaker.written(Call(Verb(verb), expand(name), arguments), number)
        except ValueError as error:
            raise click.UsageError(f"Invalid value for '--{verb}': {error}.") from None
    return tuple(payloads)
