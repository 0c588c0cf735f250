"""Removes recordings that are not to be kept any longer, beside the main loop."""

from __future__ import annotations

import asyncio
import time

from spacebeam.ui.settings_service import SettingsService

_PAUSE = 3600.0  # seconds


async def apply_retention(keeper: SettingsService) -> None:
    """Do it now and every hour, until this is cancelled."""
    recordings = keeper.recordings
    keeper.deleted_fault = await asyncio.to_thread(recordings.forget_deleted)
    while True:
        await asyncio.to_thread(
            recordings.remove_expired, keeper.settings.retention_policy, time.time()
        )
        await asyncio.sleep(_PAUSE)
