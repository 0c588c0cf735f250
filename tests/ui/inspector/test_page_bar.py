"""The bar with the page number and the buttons to other pages."""

from __future__ import annotations

import pytest

from spacebeam.ui.inspector.page_bar import PageBar, PageStep
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.inspector import InspectorPage

BACK, FORTH = ("First page", "Previous page"), ("Next page", "Last page")


@pytest.mark.parametrize(
    ("number", "count", "words", "back", "forth"),
    [
        (0, None, "Page 1", False, True),
        (4, None, "Page 5", True, True),
        (0, 2, "Page 1 of 2", False, True),
        (1_199, 1_200, "Page 1,200 of 1,200", True, False),
    ],
)
async def test_buttons_are_enabled_where_there_is_another_page(
    number: int, count: int | None, words: str, back: bool, forth: bool
) -> None:
    async with shown(PageBar()) as bar:
        page = InspectorPage(bar)
        bar.show_page(number, count)
        bar.show_progress(None)
        assert page.words == [words]
        assert [page.offers(label) for label in BACK + FORTH] == [back, back, forth, forth]


async def test_each_button_requests_its_page() -> None:
    async with shown(PageBar()) as bar:
        page, steps, stopped = (
            InspectorPage(bar),
            Heard(bar, "step-requested"),
            Heard(bar, "stopped"),
        )
        bar.show_page(1, 3)
        for label in BACK + FORTH:
            page.press(label)
        assert steps == [PageStep.FIRST, PageStep.PREVIOUS, PageStep.NEXT, PageStep.LAST]
        bar.show_progress(0.25)
        assert page.progress == 0.25
        page.press("Stop")
        assert stopped
