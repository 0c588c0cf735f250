"""Transcripts of real clients: what a speaker of their protocol must send by itself."""

from __future__ import annotations

from spacebeam.decode.speaking.speaker import Payload, Reaction, Speaker
from tests.decode.transcripts import Transcript


def reactions(speaker: Speaker, name: str) -> list[Reaction]:
    """Return what a speaker makes of all that a server sent."""
    received = (one for one in Transcript(name).lines() if one.context.direction == "received")
    return [speaker.react(one.payload, is_text=one.context.kind == "text") for one in received]


def sent(name: str) -> list[Payload]:
    """Return what the real client sent."""
    lines = (one for one in Transcript(name).lines() if one.context.direction == "sent")
    return [one.payload.decode() if one.context.kind == "text" else one.payload for one in lines]
