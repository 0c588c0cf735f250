"""The person's name in the rooms of this computer."""

from __future__ import annotations

from dataclasses import replace

from gi.repository import GLib

from spacebeam.profiles.profile import Profile
from spacebeam.server.room_protocol import clean_name

_NAMELESS = ("", "Unknown", "root")  # of logins without a person's name


def login_name() -> str:
    """Return the name of the person who has logged in, or ""."""
    name = clean_name(GLib.get_real_name() or "")
    return "" if name in _NAMELESS else name


def named(profile: Profile, nickname: str) -> Profile:
    """Return the profile with which a room is joined under a nickname."""
    query = nameless(profile).request.query
    if nickname:
        query = (*query, ("name", nickname))
    return replace(profile, request=replace(profile.request, query=query))


def nameless(profile: Profile) -> Profile:
    """Return a profile without a nickname."""
    query = tuple(one for one in profile.request.query if one[0] != "name")
    return replace(profile, request=replace(profile.request, query=query))


def has_name(profile: Profile) -> bool:
    """Return whether a profile has a nickname."""
    return any(one[0] == "name" for one in profile.request.query)
