"""What a keyring is asked for, and what can go wrong. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as data_field
from enum import Enum


class OwnerKind(Enum):
    """What a secret belongs to."""

    ADDRESS = "address"  # the name is the address as it is saved, without secrets
    CONNECTION = "connection"  # saved under a name
    ENVIRONMENT = "environment"  # a secret's field is the variable's name


@dataclass(frozen=True, slots=True)
class SecretOwner:
    """Something that has secrets; `name` is stable and has no secret in it."""

    kind: OwnerKind
    name: str


@dataclass(frozen=True, slots=True)
class SecretItem:
    """A secret without its value: the keyring has one."""

    owner: SecretOwner
    field: str  # of a profile, such as "sign_in.token" or "request.headers/Authorization"
    servers: str = ""  # that it may be sent to, as `SavedSecret` has them


@dataclass(frozen=True, slots=True)
class SavedSecret:
    """One of an owner's secrets. The same field may have another value for other servers."""

    field: str
    value: str = data_field(repr=False)
    servers: str = ""  # separated by spaces; empty: the owner names the server, or it is unused


class KeyringProblem(Enum):
    """Why a keyring could not be used; `wording.keyring` makes the sentences."""

    NO_LIBRARY = "libsecret is not installed"
    NO_SERVICE = "no Secret Service on the session bus"
    LOCKED = "locked, and not unlocked by the person"
    NULL_CHARACTER = "a secret has a null character"
    FAILED = "another error"


class KeyringError(Exception):
    """A keyring could not be used."""

    def __init__(self, problem: KeyringProblem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail  # the service's own words
