"""The bar of a stage: its place, and a minimum width."""

from __future__ import annotations

import pytest

from spacebeam.net.stages import HandshakeStage, StageSpan, WaterfallSpan
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from tests.support.waiting import eventually
from tests.ui.doing import shown


@pytest.mark.parametrize(
    ("start", "share", "bounds"),
    [(0.0, 1.0, (0, 200)), (0.25, 0.5, (50, 100)), (1.0, 0.0, (198, 2)), (0.0, 0.0, (0, 2))],
)
async def test_the_bar_is_placed_by_the_start_and_share_of_its_stage(
    start: float, share: float, bounds: tuple[float, float]
) -> None:
    async with shown(
        WaterfallBar(WaterfallSpan(StageSpan(HandshakeStage.UPGRADE, 0, 1), start, share))
    ) as bar:
        assert bar.bounds(200) == bounds
        clock = bar.get_frame_clock()
        assert clock is not None
        before = clock.get_frame_counter()
        bar.queue_draw()
        await eventually(lambda: clock.get_frame_counter() > before)
