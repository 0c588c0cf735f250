"""What is said about a protocol that the client speaks."""

from __future__ import annotations

from spacebeam.decode.speaking.speaker import Speaker, Verb
from spacebeam.decode.structured import shortened
from spacebeam.wording.i18n import _


def refused_words(protocol: str, reason: str) -> str:
    """Return that the server refuses a protocol; the reason may be the server's."""
    words = _version_words(reason) or shortened(reason).removesuffix(".")
    return _("The server refuses {protocol}: {reason}.").format(protocol=protocol, reason=words)


def _version_words(reason: str) -> str:
    """Return what a speaker of MQTT says of the other version, translated; else an empty text."""
    return {
        "it does not support MQTT 3.1.1; choose MQTT 5": _(
            "it does not support MQTT 3.1.1; choose MQTT 5"
        ),
        "it does not support MQTT 5; choose MQTT, which is 3.1.1": _(
            "it does not support MQTT 5; choose MQTT, which is 3.1.1"
        ),
    }.get(reason, "")


def not_ready_words(protocol: str) -> str:
    """Return that nothing can be sent yet."""
    return _("The server has not accepted {protocol} yet.").format(protocol=protocol)


def protocol_words(*, is_automatic: bool, has_user: bool) -> str:
    """Return what it means that a protocol is spoken, or none."""
    if is_automatic:
        return _("Nothing is sent by itself")
    if has_user:
        return _("Signs in with the user and password of Sign-in")
    return _("Opened and answered by itself; every message is shown")


def verb_words(verb: Verb) -> str:
    """Return what a call does, on a button."""
    return {
        Verb.EMIT: _("Emit"),
        Verb.CALL: _("Call"),
        Verb.SUBSCRIBE: _("Subscribe"),
        Verb.PUBLISH: _("Publish"),
    }[verb]


def message_words() -> str:
    """Return that a message is sent as it is typed."""
    return _("Message")


def attachment_words() -> str:
    """Return that a call has more than one message."""
    return _("A call with attachments is sent by Send only.")


def name_words(protocol: str) -> str:
    """Return what the name of a protocol's calls is."""
    return {
        "Socket.IO": _("Event"),
        "GraphQL": _("Variables, an object of JSON"),
        "GraphQL (graphql-ws)": _("Variables, an object of JSON"),
        "Phoenix": _("Event, or topic and event"),
        "STOMP": _("Destination"),
        "MQTT": _("Topic"),
        "MQTT 5": _("Topic"),
        "SignalR": _("Method"),
        "SignalR (MessagePack)": _("Method"),
    }.get(protocol, _("Name"))


def body_words(speaker: Speaker, verb: Verb | None) -> str:
    """Return what the text below is, beside the name."""
    if verb is None:
        return _("Sent as it is typed")
    if speaker.has_document:
        return _("GraphQL document below")
    if speaker.has_bodies:
        return ""
    if speaker.name == "Phoenix":
        return _("Payload: an object of JSON")
    return _("Arguments: a JSON array, or one value")
