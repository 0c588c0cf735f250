"""Saves the secret variables that are typed in the window of the environments in the keyring."""

from __future__ import annotations

from pathlib import Path

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.secrets import environment_owner
from spacebeam.profiles.collection import Environment
from spacebeam.ui.environments.environment_store import EnvironmentStore
from spacebeam.ui.environments.environments_window import EnvironmentsWindow
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.secrets_service import SecretsService


@weak_handlers
class EnvironmentSecrets:
    """Follows one window, which holds it.

    What was removed or deleted there is removed from the keyring once the window is closed: until
    then it can be undone.
    """

    def __init__(
        self,
        window: EnvironmentsWindow,
        secrets: SecretsService,
        store: EnvironmentStore,
        root: Path,
    ) -> None:
        self._secrets = secrets
        self._store = store
        self._root = root
        self._typed: dict[tuple[str, str], str] = {}  # values, by environment and variable
        self._in_keyring: set[tuple[str, str, str]] = set()  # environment, variable and value
        self._touched: set[str] = set()  # names of environments
        window.connect("saved", self._on_window_saved)
        window.connect("deleted", self._on_window_deleted)
        window.connect("unrealize", self._on_window_unrealize)
        secrets.start_always(self._show(window))

    async def _show(self, window: EnvironmentsWindow) -> None:
        """Say in the window what becomes of secrets, and which ones are saved."""
        problem = await self._secrets.why_missing()
        saved = set() if problem else await self._secrets.environment_fields(self._root)
        window.show_keyring(problem, saved)

    def _on_window_saved(
        self, _window: EnvironmentsWindow, before: Environment | None, environment: Environment
    ) -> None:
        name = environment.name
        was = name if before is None else before.name
        self._touched |= {was, name}
        if was != name:
            owners = (environment_owner(self._root, one) for one in (was, name))
            self._secrets.start(self._secrets.store.move(*owners))
            for key in [one for one in self._typed if one[0] == was]:
                self._typed[name, key[1]] = self._typed.pop(key)
        for one in environment.variables:
            key = name, one.name
            if one.is_secret and one.value:
                is_new = self._typed.get(key) != one.value
                self._typed[key] = one.value
                self._secrets.start(self._save(name, one.name, one.value, is_new=is_new))

    async def _save(self, environment: str, name: str, value: str, *, is_new: bool) -> None:
        if is_new:
            owner = environment_owner(self._root, environment)
            await self._secrets.store.store(owner, name, value)
            self._in_keyring.add((environment, name, value))
        if (environment, name, value) in self._in_keyring:
            self._store.forget_secret(self._root, environment, name, value)

    def _on_window_deleted(self, _window: EnvironmentsWindow, name: str) -> None:
        self._touched.add(name)

    def _on_window_unrealize(self, _window: EnvironmentsWindow) -> None:
        for name in self._touched:
            self._secrets.start(self._tidy(name))

    async def _tidy(self, name: str) -> None:
        """Remove what the environment has no secret variable for, if it is still there at all."""
        owner = environment_owner(self._root, name)
        found = EnvironmentFiles(self._root).environment(name)
        kept = {one.name for one in found.variables if one.is_secret} if found else set()
        for field in {one.field for one in await self._secrets.store.keyring.saved(owner)} - kept:
            await self._secrets.store.forget(owner, field)
