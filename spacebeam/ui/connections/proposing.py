"""What an address is completed from: saved connections and recent addresses."""

from __future__ import annotations

from spacebeam.ui.proposals import MAX_PROPOSALS, Proposal
from spacebeam.ui.settings_service import SettingsService

RECENT = "recent:"  # before an address that is proposed; a saved connection is its file's path


def proposals(service: SettingsService, typed: str) -> list[Proposal]:
    """Return saved connections and recent addresses that have all typed words."""
    saved = [
        Proposal(row.node.key, row.node.name, row.node.address or row.place)
        for row in service.library.index.matches(typed)[:MAX_PROPOSALS]
    ]
    words = typed.casefold().split()
    recent = [
        Proposal(RECENT + one, one, "recent")
        for one in service.settings.recent
        if one != typed and all(word in one.casefold() for word in words)
    ]
    return [*saved[: MAX_PROPOSALS - min(len(recent), 3)], *recent]
