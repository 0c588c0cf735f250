"""The switches that save a connection's secrets in the keyring: one beside each kind of secret."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import GObject

from spacebeam.profiles.profile import Profile
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.wording.keyring import keyring_switch_words


class KeyringRows:
    """Keeps the switches alike; they are off limits without a keyring.

    `problem` says why there is none, and is empty if there is one.
    """

    def __init__(self, rows: Sequence[SwitchRow], problem: str) -> None:
        self._rows = rows
        self._problem = problem
        for row in rows[1:]:
            rows[0].bind_property(
                "active",
                row,
                "active",
                GObject.BindingFlags.SYNC_CREATE | GObject.BindingFlags.BIDIRECTIONAL,
            )

    def show(self, profile: Profile) -> None:
        """Show what switching on means for this profile."""
        words = self._problem or keyring_switch_words(is_private=not profile.record)
        for row in self._rows:
            row.set_subtitle(words)
            row.set_sensitive(profile.record and not self._problem)
