"""Puts variables in place of secrets, so that an export has none and still works when they are set.

`Authorization: Bearer abc` becomes `Authorization: {{authorization}}`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import Collection, Folder, SavedConnection, Variable
from spacebeam.profiles.profile import (
    PAIRS,
    SECRETS,
    Pair,
    Profile,
    Secret,
    SignIn,
    is_secret,
    value_at,
    with_values,
)
from spacebeam.profiles.written_secrets import (
    is_only_variables,
    written_address,
    written_parameters,
)
from spacebeam.protocol.subprotocol_secrets import masked_subprotocols

_NAMES = {"key_value": "api_key"}


def with_placeholders(
    collection: Collection, losses: NamedLosses, *, with_secrets: bool
) -> Collection:
    """Return a collection with variables in place of its secrets.

    With `with_secrets`, only of those that were not saved.
    """
    maker = _PlaceholderMaker(losses, with_secrets=with_secrets)
    environments = tuple(
        replace(one, variables=maker.variables(one.variables)) for one in collection.environments
    )
    return Collection(maker.folder(collection.folder), environments)


class _PlaceholderMaker:
    def __init__(self, losses: NamedLosses, *, with_secrets: bool) -> None:
        self._losses = losses
        self._with_secrets = with_secrets

    def folder(self, folder: Folder) -> Folder:
        return replace(
            folder,
            profile=self._profile(folder.profile),
            variables=self.variables(folder.variables),
            folders=tuple(map(self.folder, folder.folders)),
            connections=tuple(map(self._connection, folder.connections)),
        )

    def _connection(self, connection: SavedConnection) -> SavedConnection:
        address = connection.address
        if not self._with_secrets:
            address = written_address(address)
            if address != connection.address:
                self._losses.lose(Loss.SECRETS, connection.name)
        return replace(
            connection,
            address=address,
            profile=self._profile(connection.profile),
            variables=self.variables(connection.variables),
        )

    def variables(self, variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
        """Return variables without the values of secret ones."""
        return tuple(map(self._variable, variables))

    def _variable(self, one: Variable) -> Variable:
        if not one.is_secret or not one.value or self._with_secrets:
            return one
        self._losses.lose(Loss.SECRETS, one.name)
        return replace(one, value=None)

    def _profile(self, profile: Profile) -> Profile:
        values: dict[str, Any] = {
            path: self._secret(path.rpartition(".")[2], value_at(profile, path)) for path in SECRETS
        }
        for path in PAIRS:
            values[path] = tuple(self._pair(path, pair) for pair in value_at(profile, path))
        subprotocols = profile.request.subprotocols
        if not self._with_secrets and (masked := masked_subprotocols(subprotocols)) != subprotocols:
            self._losses.lose(Loss.SECRETS, "Sec-WebSocket-Protocol")
            values["request.subprotocols"] = tuple(masked)
        if not self._with_secrets:
            values["oauth.extra"] = written_parameters(profile.oauth.extra, self._placeholder)
        others = tuple(map(self._sign_in, profile.other_sign_ins))
        return replace(with_values(profile, values), other_sign_ins=others)

    def _sign_in(self, one: SignIn) -> SignIn:
        return replace(
            one,
            password=self._secret("password", one.password),
            token=self._secret("token", one.token),
            key_value=self._secret("key_value", one.key_value),
        )

    def _pair(self, path: str, pair: Pair) -> Pair:
        name, value = pair
        if value is not None and (self._with_secrets or not is_secret(path, name, value)):
            return pair
        return name, self._placeholder(name)

    def _secret(self, name: str, value: Secret) -> Secret:
        if value == "" or (value is not None and is_only_variables(value)):
            return value
        if value is not None and self._with_secrets:
            return value
        return self._placeholder(_NAMES.get(name, name))

    def _placeholder(self, name: str) -> str:
        variable = re.sub(r"\W+", "_", name).strip("_").lower() or "secret"
        self._losses.lose(Loss.SECRETS, name)
        return "{{" + variable + "}}"
